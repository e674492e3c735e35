import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBrowser } from '../helpers/browser.ts';
import { testServer } from '../helpers/server.ts';
import { AppPage, eventually } from './app-page.ts';

const { url } = await testServer();
const context = await (await testBrowser()).newContext({ viewport: { width: 1000, height: 700 }, reducedMotion: 'reduce', hasTouch: true });
const app = await AppPage.open(context, url);
const compare = app.page.locator('compare-view');
const first = compare.getByRole('slider', { name: 'Edge between photo and depth map' });
const second = compare.getByRole('slider', { name: 'Edge between depth map and 3D photo' });
const now = async (): Promise<number[]> => [
  Number(await first.getAttribute('aria-valuenow')),
  Number(await second.getAttribute('aria-valuenow')),
];

/** Part of a canvas of the comparison that is not cut away: left and right edge as fractions of its width. */
const shown = (canvas: 'photo' | 'depth'): Promise<string> =>
  compare.locator(`canvas.${canvas}`).evaluate((element) => getComputedStyle(element).clipPath);

test('photo, depth map and 3D photo lie side by side when a person wants to compare', async () => {
  assert.equal(await compare.count(), 0);
  const button = app.page.getByRole('button', { name: 'Compare photo, depth and 3D' });
  await button.click();
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  assert.deepEqual(await now(), [33, 67]);
  await eventually('the pictures are not painted', async () =>
    compare.evaluate((view) =>
      [...view.shadowRoot!.querySelectorAll('canvas')].every((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1);
        return canvas.width > 300 && data[3] === 255 && data[0]! + data[1]! + data[2]! > 0;
      }),
    ),
  );
});

test('the keyboard moves the edges, and one that meets the other takes it along', async () => {
  await first.focus();
  await app.page.keyboard.press('ArrowRight');
  assert.deepEqual(await now(), [35, 67]);
  await app.page.keyboard.press('Shift+ArrowLeft');
  assert.deepEqual(await now(), [25, 67]);
  assert.match((await first.getAttribute('aria-valuetext')) ?? '', /Photo 25 %, depth map 42 %, 3D 33 %/);
  const photo = await shown('photo');
  await app.page.keyboard.press('End');
  assert.deepEqual(await now(), [100, 100]);
  assert.notEqual(await shown('photo'), photo, 'more of the photo is seen');
  await second.focus();
  await app.page.keyboard.press('Home');
  assert.deepEqual(await now(), [0, 0]);
});

test('the hand and the finger move them, and the 3D photo stays where it is', async () => {
  const look = () => app.photo.evaluate((photo) => (photo as HTMLElement & { look: { x: number } }).look.x);
  const before = await look();
  const view = (await compare.boundingBox())!;
  const knob = (await second.locator('.knob').boundingBox())!;
  await app.page.mouse.move(knob.x + knob.width / 2, knob.y + knob.height / 2);
  await app.page.mouse.down();
  await app.page.mouse.move(view.x + view.width * 0.8, knob.y, { steps: 4 });
  await app.page.mouse.up();
  assert.deepEqual(await now(), [0, 80]);
  const from = (await first.locator('.knob').boundingBox())!;
  const touch = await context.newCDPSession(app.page);
  const point = (x: number) => ({ touchPoints: [{ x, y: from.y + from.height / 2 }] });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', ...point(from.x + from.width / 2) });
  for (const share of [0.1, 0.2, 0.3])
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...point(view.x + view.width * share) });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  assert.deepEqual(await now(), [30, 80]);
  assert.ok(Math.abs((await look()) - before) < 0.01);
});

test('another photo is compared as well, and the comparison is put away again', async () => {
  const pixel = () =>
    compare
      .locator('canvas.photo')
      .evaluate((canvas) => [...(canvas as HTMLCanvasElement).getContext('2d')!.getImageData(200, 200, 4, 4).data].join());
  const before = await pixel();
  await app.page.getByRole('button', { name: 'Temple' }).click();
  await app.opened('Temple');
  await eventually('the old photo is still compared', async () => (await pixel()) !== before);
  await app.page.getByRole('button', { name: 'Compare photo, depth and 3D' }).click();
  await compare.waitFor({ state: 'detached' });
  app.assertQuiet();
});
