import assert from 'node:assert/strict';
import { test } from 'node:test';
import depthMap from '../../plugins/depth-map/index.ts';
import { greyRaster, pfmFile, rgbdRaster, testPhoto, testScene } from '../fixtures/depth-files.ts';
import { photoOf, testContext } from '../fixtures/plugin-context.ts';
import { DEFAULTS } from '../fixtures/run-depth-map.ts';

const [WIDTH, HEIGHT] = [1600, 1200];

for (const [what, hole] of [
  ['a map', 0],
  ['a map with holes', NaN],
] as const) {
  test(`a cancel arrives while ${what} is being read, not only after it`, async () => {
    const values = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
      (i % WIDTH) % 200 < 9 && hole !== 0 ? hole : 2 + Math.floor(i / WIDTH) / 300,
    );
    const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(128);
    const controller = new AbortController();
    const context = testContext(controller.signal);
    const reading = depthMap.estimate(
      {
        photo: photoOf({ width: WIDTH, height: HEIGHT, rgba }, 'photo.jpg'),
        file: { name: 'photo.jpg', bytes: new Uint8Array(100) },
        map: { name: 'photo.pfm', bytes: pfmFile({ width: WIDTH, height: HEIGHT, values }) },
        options: DEFAULTS,
      },
      context,
    );
    // As a worker hears of it: by a message, for which the event loop has to turn.
    setTimeout(() => controller.abort(new Error('enough')));
    await assert.rejects(reading, /^Error: enough$/);
    assert.ok(!context.fractions.includes(1));
  });
}

test('a cancel is seen while halves of a picture are held against each other', async () => {
  const scene = testScene(WIDTH, HEIGHT);
  const raster = rgbdRaster(testPhoto(scene), greyRaster(scene), 'right');
  const controller = new AbortController();
  const context = testContext(controller.signal, undefined, () => Promise.resolve(scene));
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => controller.abort(new Error('enough'));
  port2.postMessage(undefined);
  const input = { photo: photoOf(raster, 'photo.jpg'), file: { name: 'photo.jpg', bytes: new Uint8Array(100) }, options: DEFAULTS };
  await assert.rejects(async () => depthMap.detect?.(input, context), /^Error: enough$/);
  port1.close();
});
