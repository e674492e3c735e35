import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { decode } from 'fast-png';
import { testBrowser } from '../helpers/browser.ts';
import { AppPage, appServer, eventually, mapFile, photoFile, type TestFile } from './app-page.ts';

const { url } = await appServer();
const browser = await testBrowser();

async function opened(t: TestContext): Promise<AppPage> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  return AppPage.open(context, url);
}

test('leaving while files are still being saved asks, the screen stays on meanwhile, and neither lasts longer', async (t) => {
  const app = await opened(t);
  // As text: what compiles this file gives functions names by a helper that the page has not.
  await app.page.evaluate(`globalThis.locks = [];
    WakeLock.prototype.request = async (type) => (locks.push(type), { released: false, release: async () => locks.push('released') });`);
  const locks = () => app.page.evaluate(() => (globalThis as unknown as { locks: string[] }).locks);
  const asked: string[] = [];
  app.page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await app.openFiles(photoFile('saved.png'), mapFile('saved_depth.png'));
  await app.opened('saved.png');
  await app.tab('Save');
  assert.deepEqual(await locks(), []);
  await app.choose('zoom-in');
  const row = app.page.locator('save-panel [data-product="zoom-in"]');
  await app.save('zoom-in');
  await row.getByRole('progressbar').waitFor();
  await app.page.close({ runBeforeUnload: true });
  await eventually('leaving does not ask', async () => asked.length > 0, 10_000);
  assert.deepEqual(asked, ['beforeunload']);
  assert.equal(app.page.isClosed(), false);
  assert.deepEqual(await locks(), ['screen']);
  await row.getByRole('button', { name: /^Cancel/ }).click();
  await eventually('the screen stays on for good', async () => (await locks()).includes('released'));
  const closed = app.page.waitForEvent('close');
  await app.page.close({ runBeforeUnload: true });
  await closed;
  assert.deepEqual(asked, ['beforeunload'], 'with nothing to lose it does not ask');
});

test('what a system keeps in a folder does not keep its photo from opening', async (t) => {
  const app = await opened(t);
  const folder = mkdtempSync(join(tmpdir(), 'unflat-folder-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const put = (path: string, { buffer }: Pick<TestFile, 'buffer'>): void => writeFileSync(join(folder, path), buffer);
  mkdirSync(join(folder, '__MACOSX'));
  put('trip.png', photoFile('trip.png'));
  put('trip_depth.png', mapFile('trip_depth.png'));
  for (const name of ['.DS_Store', '._trip.png', 'Thumbs.db', 'desktop.ini', '__MACOSX/._trip.png'])
    put(name, { buffer: Buffer.from('not a photo') });
  // As a drop of the real folder: its entries are read one by one.
  const cdp = await app.page.context().newCDPSession(app.page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await cdp.send('Input.dispatchDragEvent', { type, x: 200, y: 300, data });
  await app.opened('trip.png');
  await app.tab('Depth');
  await app.page.locator('depth-panel .source > summary', { hasText: 'trip_depth.png' }).waitFor();
  // And as single files, which is how a selection of all comes.
  await app.transfer('drop', photoFile('flat.png'), mapFile('flat_depth.png'), {
    name: '.DS_Store',
    mimeType: '',
    buffer: Buffer.from('x'),
  });
  await app.opened('flat.png');
  app.assertQuiet();
});

test('graphics that stop: the photo stays, flat, with a word; so does the next one; a tap tries again', async (t) => {
  const app = await opened(t);
  // As text: what compiles this file gives functions names by a helper that the page has not.
  const stop = (): Promise<void> =>
    app.page.evaluate(`(() => {
    const find = (node, selector) => node.querySelector(selector) ?? [...node.querySelectorAll('*')].map((each) => each.shadowRoot && find(each.shadowRoot, selector)).find(Boolean);
    find(document, 'canvas[part=canvas]').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext();
  })()`);
  const flat = app.photo.locator('canvas[part=poster]');
  // By itself the app draws without the GPU that stops here.
  await app.photo.evaluate((photo) => photo.setAttribute('renderer', 'hardware'));
  await eventually('WebGL does not draw', () =>
    app.photo.locator('canvas[part=canvas]').evaluate((canvas: HTMLCanvasElement) => !canvas.getContext('2d')),
  );
  await stop();
  await flat.waitFor();
  const starting = await app.message('The graphics of this device stopped. Starting the 3D view again…');
  await starting.waitFor({ state: 'detached' });
  await flat.waitFor({ state: 'detached' });
  assert.equal(await app.page.locator('app-messages .message').count(), 0, 'all is well again, and nothing left to read');

  await app.openFiles(photoFile('next.png', [60, 200, 60]), mapFile('next_depth.png'));
  await app.opened('next.png');
  await stop();
  await app.page.evaluate(`globalThis.getContextAsItIs = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return kind.startsWith('webgl') ? null : getContextAsItIs.call(this, kind, ...rest); };`);
  const told = await app.message('The graphics of this device stopped and could not be restarted. The photo is shown flat.');
  for (const [name, colour] of [
    ['next.png', [60, 200, 60]],
    ['later.png', [200, 60, 200]],
  ] as const) {
    if (name === 'later.png') {
      await app.openFiles(photoFile(name, [...colour]), mapFile('later_depth.png'));
      await app.opened(name);
    }
    await eventually(`${name} is not seen`, async () => {
      const { width, height, data, channels } = decode(await app.photo.screenshot());
      const at = ((height >> 1) * width + (width >> 1)) * channels;
      return colour.every((value, c) => Math.abs(data[at + c]! - value) < 12);
    });
    assert.equal(await app.page.locator('app-messages .message').count(), 1, 'one line, however many photos');
  }
  await app.page.evaluate(`HTMLCanvasElement.prototype.getContext = getContextAsItIs`);
  await told.getByRole('button', { name: 'Try again' }).click();
  await told.waitFor({ state: 'detached' });
  await flat.waitFor({ state: 'detached' });
  assert.equal(await app.openTitle(), 'later.png');
});
