import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testBrowser } from '../helpers/browser.ts';
import { bundle } from '../helpers/bundle.ts';

const context = await (await testBrowser()).newContext();
const page = await context.newPage();
after(() => context.close());
const files: Record<string, string> = {
  '/page.js': await bundle('scene-frames-page.ts'),
  '/worker.js': await bundle('raster-worker.ts'),
};
await page.route('http://frames.test/**', (route) => {
  const body = files[new URL(route.request().url()).pathname];
  return body === undefined
    ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><script type="module" src="/page.js"></script>' })
    : route.fulfill({ contentType: 'text/javascript', body });
});
await page.goto('http://frames.test/');
await page.waitForFunction(() => 'sceneFrames' in globalThis);

/** Decibels between two pictures. */
function psnr(a: readonly number[], b: readonly number[]): number {
  assert.equal(a.length, b.length);
  const sum = a.reduce((all, value, i) => all + (value - b[i]!) ** 2, 0);
  return 10 * Math.log10((255 ** 2 * a.length * 0.75) / sum);
}

test('both renderers draw the same path, frame by frame', async () => {
  const hardware = await page.evaluate(() => sceneFrames.path('hardware'));
  const software = await page.evaluate(() => sceneFrames.path('software'));
  assert.equal(software.frames.length, 9);
  for (const [n, frame] of software.frames.entries()) assert.ok(psnr(frame, hardware.frames[n]!) > 38, `frame ${n}`);
  // The frames differ from each other by more than that.
  assert.ok(psnr(software.frames[0]!, software.frames[3]!) < 30);
});

test('stills of both are alike', async () => {
  const [a, b] = [await page.evaluate(() => sceneFrames.still('hardware')), await page.evaluate(() => sceneFrames.still('software'))];
  assert.ok(psnr(a, b) > 42, `${psnr(a, b)} dB`);
});

test('where a program stands in for the graphics card, our own draws', async () => {
  const [isProgram, { kind }] = await page.evaluate(async () => [sceneFrames.gpuIsProgram(), await sceneFrames.path()] as const);
  assert.equal(kind, isProgram ? 'software' : 'hardware');
});
