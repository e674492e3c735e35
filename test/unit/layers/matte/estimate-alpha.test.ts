import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateAlpha } from '../../../../src/layers/matte/estimate-alpha.ts';

/** Foreground, then background. */
const apart = Float64Array.of(220, 30, 30, 30, 180, 40);
const alike = Float64Array.of(100, 100, 100, 104, 100, 100);
const even = new Float64Array(2);
const pixel = (mean: Float64Array, alpha: number) =>
  Uint8ClampedArray.from([0, 1, 2, 3], (c) => (c === 3 ? 255 : alpha * mean[c]! + (1 - alpha) * mean[3 + c]!));

test('a mixture of two clear colours has the alpha it was mixed with', () => {
  for (const alpha of [0.5, 0.7, 0.9]) assert.ok(Math.abs(estimateAlpha(pixel(apart, alpha), 0, apart, even, true) - alpha) < 0.03);
  for (const alpha of [0.1, 0.3, 0.5]) assert.ok(Math.abs(estimateAlpha(pixel(apart, alpha), 0, apart, even, false) - alpha) < 0.03);
});

test('where colours do not tell, a pixel is wholly of its side', () => {
  assert.equal(estimateAlpha(pixel(alike, 0.5), 0, alike, even, true), 1);
  assert.equal(estimateAlpha(pixel(alike, 0.5), 0, alike, even, false), 0);
});

test('busy colours are believed less', () => {
  const calm = estimateAlpha(pixel(apart, 0.6), 0, apart, even, true);
  const busy = estimateAlpha(pixel(apart, 0.6), 0, apart, Float64Array.of(9000, 9000), true);
  assert.ok(busy > calm + 0.1, `${busy} and ${calm}`);
});

test('a pixel keeps the larger part of its own side', () => {
  assert.ok(estimateAlpha(pixel(apart, 0), 0, apart, even, true) >= 0.4);
  assert.ok(estimateAlpha(pixel(apart, 1), 0, apart, even, false) <= 0.6);
});
