import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { testBrowser } from '../helpers/browser.ts';
import { AppPage, appServer, eventually, mapFile, photoFile } from './app-page.ts';

const { url } = await appServer();
const context = await (await testBrowser()).newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
const app = await AppPage.open(context, url);
const { page } = app;
const messages = page.locator('app-messages .message');
const hint = page.locator('app-stage .hint[data-shown]');

const SIZES = [
  [1440, 900],
  [390, 844],
  [844, 390],
  [667, 375],
  [480, 320],
] as const;

/** What can be pressed and is covered by a message, and messages that leave the screen. Buttons of a panel that are scrolled out of it are not looked at. */
const covered = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const all = (node) => [...node.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
    const at = (x, y) => { let hit = document.elementFromPoint(x, y); while (hit?.shadowRoot?.elementFromPoint(x, y) && hit.shadowRoot.elementFromPoint(x, y) !== hit) hit = hit.shadowRoot.elementFromPoint(x, y); return hit; };
    const wrong = [];
    const content = document.querySelector('unflat-app').shadowRoot.querySelector('app-panel').shadowRoot.querySelector('.content').getBoundingClientRect();
    for (const each of all(document)) {
      const box = each.getBoundingClientRect();
      if (each.matches('.message')) {
        if (box.left < 0 || box.right > innerWidth || box.bottom > innerHeight + 1) wrong.push('a message leaves the screen');
        if (box.top < content.bottom - 1) wrong.push('a message lies on the panel');
      }
      if (!each.matches('button, summary, select, input') || !box.width || !each.checkVisibility({ visibilityProperty: true })) continue;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) continue;
      const hit = at(x, y);
      if (hit && hit.getRootNode().host?.localName === 'app-messages' && each.getRootNode() !== hit.getRootNode() && y < content.bottom) wrong.push((each.ariaLabel ?? each.textContent.trim()) + ' is covered');
    }
    return wrong;
  })()`);

test('the hint goes at the first drag', async () => {
  await hint.waitFor();
  const box = (await app.photo.boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 300);
  await page.mouse.down();
  await hint.waitFor({ state: 'detached', timeout: 2000 });
  await page.mouse.up();
});

test('the words of a message have room beside its buttons: the model that every first photo is made with', async () => {
  // As text: what compiles this file gives functions names by a helper that the page has not.
  const all = `document.querySelector('unflat-app').shadowRoot.querySelector('app-messages').messages`;
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    for (const label of ['Undo', 'Get a better model']) {
      const id = await page.evaluate<number>(
        `${all}.tell('info', 'Using the built-in depth model.', { action: { label: '${label}', run() {} } })`,
      );
      const text = (await (await app.message('built-in depth model')).locator('.text').boundingBox())!;
      assert.ok(
        text.width >= 120 && text.height <= 90,
        `beside “${label}” the words have ${text.width} × ${text.height} px at ${width} × ${height}`,
      );
      await page.evaluate(`${all}.dismiss(${id})`);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('a long file name stays inside the progress card and the header', async () => {
  const name = `${'Evening at the harbour, edited, third version '.repeat(4)}.png`;
  await app.transfer('drop', photoFile(name, [30, 160, 160]), mapFile(name.replace('.png', '_depth.png')));
  await app.opened(name);
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    // The card keeps its last words while it is hidden.
    const [card, words] = [
      (await page.locator('run-progress .card').boundingBox())!,
      (await page.locator('run-progress .title', { hasText: name }).boundingBox())!,
    ];
    assert.ok(
      words.x >= card.x && words.x + words.width <= card.x + card.width - 40,
      `the name is ${words.width} px wide in a card of ${card.width} at ${width} × ${height}`,
    );
    const [title, open] = [
      (await page.locator('header .title').boundingBox())!,
      (await page.getByRole('button', { name: 'Open photo' }).boundingBox())!,
    ];
    assert.ok(title.x + title.width <= open.x, `the name reaches into the button at ${width} × ${height}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});

for (const [what, width, height] of [
  ['a phone zoomed to twice the size', 195, 422],
  ['a screen zoomed to four times the size', 320, 256],
] as const) {
  test(`${what} shows all tabs and whole buttons, also beside a message`, async () => {
    await page.setViewportSize({ width, height });
    await app.transfer('drop', { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no') });
    await app.message('notes.txt');
    for (const button of [page.getByRole('button', { name: 'Open photo' }), ...(await page.getByRole('tab').all())]) {
      const box = (await button.boundingBox())!;
      assert.ok(box.x >= 0 && box.x + box.width <= width, `${await button.textContent()} is cut off`);
      await button.click({ trial: true, timeout: 5000 });
    }
    await page.locator('app-messages').getByRole('button', { name: 'Dismiss' }).first().click();
    await page.setViewportSize({ width: 1440, height: 900 });
  });
}

test('messages have a place of their own at every size: at most two, on no button, and the panel scrolls to its end above them', async () => {
  await app.transfer(
    'drop',
    photoFile('a rather long name of a photo.png', [60, 160, 60]),
    mapFile('a rather long name of a photo_depth.png'),
    photoFile('two.png', [60, 60, 200]),
    mapFile('two_depth.png'),
  );
  await app.opened('a rather long name of a photo.png');
  await app.transfer('drop', { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no') });
  await app.message('broken.jpg');
  await page.getByRole('button', { name: 'Remove two.png' }).click();
  await (await app.message('“two.png” was removed')).hover();
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await eventually('another number of messages is shown', async () => (await messages.count()) === (width > 760 && height > 560 ? 2 : 1));
    for (const tab of ['Photos', 'Depth', 'Fill', 'Save'] as const) {
      await app.tab(tab);
      if (tab === 'Save') {
        const last = page.locator('save-panel [data-product] input').last();
        await last.scrollIntoViewIfNeeded();
        await last.click({ trial: true });
        await page.locator('save-panel .foot .primary').click({ trial: true });
      }
      assert.deepEqual(await covered(page), [], `${tab} at ${width} × ${height}`);
    }
    const title = (await page.locator('header .title').boundingBox())!;
    assert.ok(title.width >= 60 && title.x + title.width <= width, `the name of the photo is not seen at ${width} × ${height}`);
    const photo = (await page.locator('app-stage .frame').boundingBox())!;
    assert.ok(photo.width >= 180 && photo.height >= 130, `the picture is ${photo.width} × ${photo.height} at ${width} × ${height}`);
    const content = (await page.locator('app-panel #content').boundingBox())!;
    assert.ok(content.height >= 90, `the panel has ${content.height} px at ${width} × ${height}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('a message that comes takes no press that was meant for what was there, and moves no older one', async () => {
  await app.tab('Photos');
  const undo = await app.message('“two.png” was removed');
  const before = (await undo.boundingBox())!;
  await undo.getByRole('button', { name: 'Dismiss' }).click();
  await undo.waitFor({ state: 'detached' });
  // The next press at the same place, as a double click is, hits no other message.
  const count = await messages.count();
  assert.ok(count >= 1);
  await page.mouse.click(before.x + before.width - 26, before.y + 26);
  assert.equal(await messages.count(), count);
  const older = await messages.last().boundingBox();
  await page.getByRole('button', { name: 'Clear all' }).click();
  await app.message(/photos were removed/);
  assert.deepEqual(await messages.last().boundingBox(), older, 'the older one moved');
  await (await app.message(/photos were removed/)).getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'a rather long name of a photo.png', exact: true }).waitFor();
});

test('while a photo is opened no panel shows the one before', async () => {
  const big = [1200, 2000] as const;
  await app.tab('Depth');
  await page.locator('depth-panel depth-preview').waitFor();
  await app.transfer('drop', photoFile('next.png', [90, 90, 20], ...big), mapFile('next_depth.png', 20, ...big));
  await page.locator('depth-panel').getByText('The depth map of “next.png” is shown here once the 3D photo is ready.').waitFor();
  assert.equal(await page.locator('depth-panel').getByRole('img').count(), 0);
  await app.tab('Fill');
  await app.tab('Save');
  assert.equal(await page.locator(':is(inpaint-panel .source, save-panel [data-product], photo-details details):visible').count(), 0);
  await app.opened('next.png');
  await app.tab('Depth');
  await page.locator('depth-panel .source > summary', { hasText: 'next_depth.png' }).waitFor();
});

test('a file that is still being saved says of which photo it is, and the open photo can be saved beside it', async () => {
  await app.tab('Save');
  await app.save('zoom-in');
  await page.locator('save-panel [data-product="zoom-in"]').getByRole('progressbar').waitFor();
  await app.transfer('drop', photoFile('other.png', [20, 90, 90]), mapFile('other_depth.png'));
  await app.opened('other.png');
  const row = page.locator('save-panel [data-other="zoom-in"]');
  assert.match((await row.textContent()) ?? '', /next\.png.*zoom in/is);
  await page.locator('save-panel .foot').getByRole('button', { name: /^Save/, disabled: false }).waitFor();
  await row.getByRole('button', { name: /^Cancel/ }).click();
  await row.waitFor({ state: 'detached' });
});

test('of several photos the first is no longer said to be opened once it was cancelled', async () => {
  const big = [1200, 2000] as const;
  await app.tab('Photos');
  await app.transfer(
    'drop',
    photoFile('first.png', [90, 90, 20], ...big),
    mapFile('first_depth.png', 20, ...big),
    photoFile('second.png', [90, 20, 90]),
  );
  const told = await app.message('first.png is opened first');
  await page.locator('run-progress').getByRole('button', { name: 'Cancel' }).click();
  await told.waitFor({ state: 'detached', timeout: 3000 });
  await app.message('The 2 photos are in “Your photos”: tap one to open it.');
});

test('nothing was thrown or refused on the way', () => app.assertQuiet());
