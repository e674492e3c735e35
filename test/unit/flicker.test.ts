import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Raster } from '../../src/core/index.ts';
import { flickerOf } from '../bench/flicker.ts';

const WIDTH = 60;
const HEIGHT = 40;

/** Fine stripes, moved sideways by a part of a pixel. */
function stripes(shift: number): Raster {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let i = 0; i < WIDTH * HEIGHT; i++) rgba.fill(128 + 100 * Math.sin(((i % WIDTH) - shift) * 0.9), i * 4, i * 4 + 4);
  return { width: WIDTH, height: HEIGHT, rgba };
}

const nowhere = new Uint8Array(WIDTH * HEIGHT);

test('a pattern that moves by a pixel a frame does not count as flicker', () => {
  assert.equal(flickerOf(stripes(0), stripes(1), stripes(2), nowhere).popped, 0);
  assert.equal(flickerOf(stripes(0), stripes(0.4), stripes(0.8), nowhere).popped, 0);
});

test('what shows up in one frame alone counts, apart at moving edges', () => {
  const here = stripes(1);
  for (let n = 0; n < 6; n++) here.rgba.set([255, 0, 255, 255], (10 * WIDTH + 20 + n) * 4);
  const all = flickerOf(stripes(0), here, stripes(2), nowhere);
  assert.equal(all.popped, 6);
  assert.ok(all.worst > 20);
  const edge = nowhere.slice().fill(1, 10 * WIDTH + 20, 10 * WIDTH + 23);
  const parted = flickerOf(stripes(0), here, stripes(2), edge);
  assert.deepEqual([parted.popped, parted.edgePopped], [3, 3]);
});
