/** Thin and small things keep together when the depth map is too coarse to show them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DepthMap, Raster } from '../../src/core/index.ts';
import { sharpen } from '../../src/layers/index.ts';
import { degrade } from '../bench/real-depth.ts';

const WIDTH = 512;
const HEIGHT = 128;

/** A wall with what `isThing` says before it, grained a little; the thing is dark. */
function scene(isThing: (x: number, y: number) => boolean): { photo: Raster; truth: DepthMap } {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  const disparity = new Float32Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const i = y * WIDTH + x;
      const thing = isThing(x, y);
      const grain = ((x * 7 + y * 13) % 5) * 2;
      rgba.set(thing ? [40 + grain, 60 + grain, 30, 255] : [200 + grain, 190 + grain, 180, 255], i * 4);
      disparity[i] = thing ? 0.8 : 0.2;
    }
  }
  return { photo: { width: WIDTH, height: HEIGHT, rgba }, truth: { width: WIDTH, height: HEIGHT, disparity } };
}

for (const [name, isThing] of [
  ['a slanted bar', (x, y) => Math.abs(x - 100 - y * 0.7) < 4],
  ['a leaf', (x, y) => ((x - 250) / 14) ** 2 + ((y - 64) / 6) ** 2 < 1],
] satisfies [string, (x: number, y: number) => boolean][]) {
  test(`${name} in a map of half the photo's size comes out whole`, () => {
    const { photo, truth } = scene(isThing);
    const { disparity } = sharpen(degrade(truth, 'blurred'), photo, { smoothing: 1, exact: false });
    let wrong = 0;
    let pixels = 0;
    for (let y = 4; y < HEIGHT - 4; y++) {
      for (let x = 4; x < WIDTH - 4; x++) {
        const i = y * WIDTH + x;
        if (Math.abs(disparity[i]! - truth.disparity[i]!) > 0.1) wrong++;
        if (isThing(x, y)) pixels++;
      }
    }
    assert.ok(wrong < 0.02 * pixels, `${wrong} pixels are off, the thing has ${pixels}`);
  });
}

test('a slope seen between other things stays smooth', () => {
  const { photo, truth } = scene((x) => x % 100 < 20);
  for (let i = 0; i < truth.disparity.length; i++) if (truth.disparity[i]! < 0.5) truth.disparity[i] = 0.1 + (0.2 * Math.floor(i / WIDTH)) / HEIGHT;
  const { disparity } = sharpen(degrade(truth, 'blurred'), photo, { smoothing: 1, exact: false });
  for (let y = 8; y < HEIGHT - 8; y++) {
    for (let x = 30; x < 90; x++) assert.ok(Math.abs(disparity[y * WIDTH + x]! - truth.disparity[y * WIDTH + x]!) < 0.03, `${x}, ${y}`);
  }
});
