import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  boxBlur,
  doubled,
  halve,
  halvePhoto,
  linearSteps,
  median,
  neighbour4,
  quantile,
  resize,
  resizeByArea,
  rootOf,
  shrinkPhoto,
  shrinkToPlanes,
  singletons,
  windowAround,
} from '../../../src/grid/index.ts';

const close = (a: number, b: number, by = 1e-6) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

test('resizing a slope keeps it a slope, up and down; one size copies', () => {
  const slope = Float32Array.from({ length: 16 * 8 }, (_, i) => i % 16);
  const larger = resize(slope, { width: 16, height: 8 }, { width: 32, height: 16 });
  for (let x = 2; x < 30; x++) close(larger[5 * 32 + x]!, (x + 0.5) / 2 - 0.5, 1e-5);
  const smaller = resize(slope, { width: 16, height: 8 }, { width: 8, height: 4 });
  for (let x = 1; x < 7; x++) close(smaller[2 * 8 + x]!, 2 * x + 0.5, 1e-5);
  const same = resize(slope, { width: 16, height: 8 }, { width: 16, height: 8 });
  assert.deepEqual(same, slope);
  assert.notEqual(same.buffer, slope.buffer);
});

test('halving takes means of 2 × 2 and repeats an odd last column', () => {
  assert.deepEqual([...halve(Float32Array.of(1, 2, 3, 5, 6, 7), 3, 2)], [3.5, 5]);
  const { width, height, rgba } = halvePhoto({
    width: 2,
    height: 2,
    rgba: new Uint8ClampedArray([0, 0, 0, 9, 10, 20, 30, 9, 10, 20, 30, 9, 20, 40, 60, 9]),
  });
  assert.deepEqual([width, height, ...rgba], [1, 1, 10, 20, 30, 255]);
});

test('a shrunk photo has the mean colour', () => {
  const rgba = new Uint8ClampedArray(8 * 8 * 4).fill(255);
  for (let i = 0; i < 64; i++) rgba[i * 4] = i % 2 ? 200 : 100;
  const small = shrinkPhoto({ width: 8, height: 8, rgba }, 2, 2);
  close(small.rgba[0]!, 150, 10);
  assert.equal(small.rgba[3], 255);
});

test('area means are exact at fractions of a pixel, channel by channel', () => {
  const pixels = new Uint8ClampedArray([0, 90, 30, 60, 60, 30]);
  const [first, second] = shrinkToPlanes(pixels, 3, 1, 2, 2, 2, 1, 1);
  [10, 50].forEach((mean, x) => close(first![x]!, mean, 1e-4));
  [80, 40].forEach((mean, x) => close(second![x]!, mean, 1e-4));
});

test('resizing by area keeps the mean where it shrinks and a slope where it grows, also on one axis each', () => {
  const slope = Float32Array.from({ length: 6 * 4 }, (_, i) => i % 6);
  assert.deepEqual([...resizeByArea(slope, { width: 6, height: 4 }, { width: 3, height: 2 })], [0.5, 2.5, 4.5, 0.5, 2.5, 4.5]);
  const mixed = resizeByArea(slope, { width: 6, height: 4 }, { width: 3, height: 8 });
  assert.equal(mixed.length, 24);
  for (let i = 0; i < 24; i++) close(mixed[i]!, [0.5, 2.5, 4.5][i % 3]!, 1e-5);
});

test('an enlarged row lies between the samples around it, and never beyond the last', () => {
  const { index, part } = linearSteps(2, 4);
  assert.deepEqual([...index], [0, 0, 0, 0]);
  assert.deepEqual([...part], [0, 0.25, 0.75, 1]);
  assert.deepEqual(linearSteps(1, 3).part, new Float32Array(3));
});

test('a box blur keeps an even raster and spreads a point over the box', () => {
  assert.ok(boxBlur(new Float32Array(30).fill(2), 6, 5, 1).every((v) => v === 2));
  const point = new Float32Array(49);
  point[24] = 9;
  const out = boxBlur(point, 7, 7, 1);
  for (let y = 0; y < 7; y++) for (let x = 0; x < 7; x++) close(out[y * 7 + x]!, Math.abs(x - 3) <= 1 && Math.abs(y - 3) <= 1 ? 1 : 0);
});

test('quantiles are those of the sorted values', () => {
  const values = Array.from({ length: 101 }, (_, k) => (k * 37) % 101);
  assert.equal(median(values), 50);
  assert.equal(quantile(values, 0.25), 25);
  assert.equal(median([]), 0);
});

test('sets that were joined have one root, others their own', () => {
  const parent = singletons(6);
  parent[1] = 0;
  parent[2] = 1;
  parent[5] = 4;
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((k) => rootOf(parent, k)),
    [0, 0, 0, 3, 4, 4],
  );
});

test('neighbours, windows and growing lists', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((side) => neighbour4(55, side, 10)),
    [54, 56, 45, 65],
  );
  const { u, v } = windowAround(1);
  assert.deepEqual(
    [...u].map((x, k) => [x, v[k]]),
    [
      [-1, -1],
      [0, -1],
      [1, -1],
      [-1, 0],
      [1, 0],
      [-1, 1],
      [0, 1],
      [1, 1],
    ],
  );
  assert.ok([...windowAround(4, true).u].every((x, k) => (x + windowAround(4, true).v[k]!) % 2 === 0));
  assert.equal(windowAround(4, true).u.length, 40);
  assert.deepEqual([...doubled(Int32Array.of(3, 4))], [3, 4, 0, 0]);
});
