import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { testBrowser } from '../helpers/browser.ts';
import { testServer } from '../helpers/server.ts';
import { AppPage } from './app-page.ts';

const { url } = await testServer();
// The page's policy would keep the checker out.
const context = await (
  await testBrowser()
).newContext({ viewport: { width: 1000, height: 700 }, reducedMotion: 'reduce', bypassCSP: true });
const app = await AppPage.open(context, url);

/** Rules that axe finds broken, with where. */
const broken = (): Promise<string[]> =>
  app.page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(', ')}`);
  });

/** Colours fade when light and dark change: what is broken only on the way is not. */
async function assertUnbroken(where: string): Promise<void> {
  let found: string[] = [];
  for (let i = 0; i < 10; i++) {
    await app.page.waitForTimeout(250);
    found = await broken();
    if (found.length === 0) return;
  }
  assert.deepEqual(found, [], where);
}

test('no panel, card or message breaks a rule of axe, in light or in dark', async () => {
  await app.page.evaluate(axe.source);
  for (const tab of ['Depth', 'Fill', 'Save', 'Photos'] as const) {
    await app.tab(tab);
    if (tab === 'Depth') await app.page.locator('depth-panel .source > summary').click();
    if (tab === 'Photos') await app.page.getByText('Settings', { exact: true }).click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme });
      await assertUnbroken(`${tab}, ${colorScheme}`);
    }
  }
  await app.openFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await app.message('notes.png');
  await app.page.getByRole('button', { name: 'Compare photo, depth and 3D' }).click();
  await app.page.locator('compare-view').waitFor();
  await assertUnbroken('beyond the panels');
  await app.page.getByRole('button', { name: 'Compare photo, depth and 3D' }).click();
});

test('the app says what it is, by a key or a tap, and offers to be installed where the browser does', async () => {
  const dialog = app.page.getByRole('dialog', { name: /^Unflat \d+\.\d+\.\d+/ });
  await app.photo.focus();
  await app.page.keyboard.press('?');
  await dialog.getByText('Look around').waitFor();
  assert.deepEqual(await broken(), []);
  const [licences] = await Promise.all([context.waitForEvent('page'), dialog.getByRole('link', { name: /^Licences/ }).click()]);
  await licences.waitForLoadState();
  const text = (await licences.textContent('body')) ?? '';
  for (const name of ['Unflat', 'lit', '@babylonjs/core', 'onnxruntime-web', 'libheif-js', 'mediabunny'])
    assert.match(text, new RegExp(`^${name} [\\d.]+, `, 'm'));
  await licences.close();
  await app.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await app.tab('Photos');
  const install = app.page.getByRole('button', { name: 'Install app' });
  assert.equal(await install.count(), 0);
  // As text: what compiles this file gives functions names by a helper that the page has not.
  const isOurs = await app.page
    .evaluate(`const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt: async () => (document.title = 'asked') });
    window.dispatchEvent(event);
    event.defaultPrevented`);
  assert.equal(isOurs, true, 'the browser’s own banner comes, too');
  await install.click();
  await install.waitFor({ state: 'detached' });
  assert.equal(await app.page.title(), 'asked');
  await app.page.evaluate(() => void (location.hash = '#save'));
  await app.page.getByRole('tab', { name: 'Save', selected: true }).waitFor();
  await app.tab('Photos');
});

test('the picture’s keys are told to who cannot see it', async () => {
  const session = await context.newCDPSession(app.page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const picture = nodes.find(({ name, role }) => String(name?.value).startsWith('3D photo: Still life') && role?.value === 'image');
  assert.match(String(picture?.description?.value), /arrow keys.*plus and minus.*Home/);
});

test('where the system gives the colours, what is chosen is seen and buttons have edges', async () => {
  await app.page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  const look = (selector: string) =>
    app.page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { backgroundColor, borderTopWidth, color, outlineStyle } = getComputedStyle(element);
        return { backgroundColor, borderTopWidth, color, outlineStyle };
      });
  const [chosen, other] = [
    await look('app-panel [role="tab"][aria-selected="true"]'),
    await look('app-panel [role="tab"][aria-selected="false"]'),
  ];
  assert.notEqual(chosen.backgroundColor, other.backgroundColor);
  for (const selector of ['app-stage .tools button', 'header button', '.remove, app-panel [role="tab"]'])
    assert.equal((await look(selector)).borderTopWidth, '1px', selector);
  assert.equal((await look('photos-panel .tile[aria-current]')).outlineStyle, 'solid');
  const pressed = app.page.getByRole('button', { name: 'Compare photo, depth and 3D' });
  const background = () => pressed.evaluate((button) => getComputedStyle(button).backgroundColor);
  const before = await background();
  await pressed.click();
  await app.page.mouse.move(5, 690);
  await app.page.waitForTimeout(250);
  assert.notEqual(await background(), before, 'a pressed button is told from another');
});
