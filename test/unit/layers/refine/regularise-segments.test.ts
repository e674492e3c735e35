/** Thin and small things keep together when the depth map is too coarse to show them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DepthMap, Raster } from '../../../../src/core/index.ts';
import { estimateBlur } from '../../../../src/layers/refine/estimate-blur.ts';
import { degrade } from '../../../bench/real-depth.ts';
import { sharpen } from '../../../helpers/heart.ts';

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
  for (let i = 0; i < truth.disparity.length; i++)
    if (truth.disparity[i]! < 0.5) truth.disparity[i] = 0.1 + (0.2 * Math.floor(i / WIDTH)) / HEIGHT;
  const { disparity } = sharpen(degrade(truth, 'blurred'), photo, { smoothing: 1, exact: false });
  for (let y = 8; y < HEIGHT - 8; y++) {
    for (let x = 30; x < 90; x++) assert.ok(Math.abs(disparity[y * WIDTH + x]! - truth.disparity[y * WIDTH + x]!) < 0.03, `${x}, ${y}`);
  }
});

test('a silhouette that a model draws as a wide ramp with landings, pixels off, comes to lie on the photo’s edge; the slope behind stays', () => {
  const radius = (x: number, y: number): number => Math.hypot(x - 250, y - 64);
  const { photo, truth } = scene((x, y) => radius(x, y) < 44);
  const slope = (i: number): number => 0.1 + 0.0006 * (i % WIDTH);
  const disparity = truth.disparity.map((d, i) => {
    const y = Math.floor(i / WIDTH);
    truth.disparity[i] = d > 0.5 ? d : slope(i);
    // Eighteen pixels from one surface to the other, with landings, the middle two pixels too far out.
    const far = radius(i % WIDTH, y) - 46;
    const share = Math.min(1, Math.max(0, 0.5 - (far + 0.6 * Math.sin(far * 1.2)) / 18));
    return slope(i) + (0.8 - slope(i)) * share * share * (3 - 2 * share);
  });
  const sharp = sharpen({ ...truth, disparity }, photo, { smoothing: 1, exact: false }).disparity;
  let off = 0;
  for (let i = 0; i < sharp.length; i++) if (Math.abs(sharp[i]! - truth.disparity[i]!) > 0.04) off++;
  const before = disparity.filter((d, i) => Math.abs(d - truth.disparity[i]!) > 0.04).length;
  assert.ok(before > 3000 && off < 0.05 * before, `${off} pixels are off, ${before} were`);
});

const isDisc = (x: number, y: number): boolean => (x - 450) ** 2 + (y - 64) ** 2 < 1600;
/** Two and a half pixels wide. */
const isWire = (x: number, y: number): boolean => Math.abs(x - 150 - 0.6 * y) < 1.45;

/** Mean disparity along the wire, and share of what is round it that is not at `depth`. */
function alongWire(isNear: (x: number, y: number) => boolean, kind: 'blurred' | 'rough', depth: number): { mean: number; off: number } {
  const { photo, truth } = scene(isNear);
  const { disparity } = sharpen(degrade(truth, kind), photo, { smoothing: 1, exact: false });
  let sum = 0;
  let count = 0;
  let off = 0;
  let others = 0;
  for (let y = 8; y < HEIGHT - 8; y++) {
    for (let x = 8; x < 380; x++) {
      const d = disparity[y * WIDTH + x]!;
      if (isWire(x, y)) {
        sum += d;
        count++;
      } else {
        others++;
        if (Math.abs(d - depth) > 0.1) off++;
      }
    }
  }
  return { mean: sum / count, off: off / others };
}

// Left at its blend with what is round it, the wire would be 0.05 off, and 0.24 in the rough map.
for (const [kind, tolerance] of [
  ['blurred', 0.025],
  ['rough', 0.1],
] as const) {
  test(`a wire keeps its own depth where a ${kind} map blends it with the wall`, () => {
    const { mean, off } = alongWire((x, y) => isWire(x, y) || isDisc(x, y), kind, 0.2);
    assert.ok(Math.abs(mean - 0.8) < tolerance, `it lies at ${mean}, not at 0.8`);
    assert.ok(off < 0.002, `${off} of the wall is off`);
  });
  test(`a slit shows the wall where a ${kind} map blends it with what is before it`, () => {
    const { mean, off } = alongWire((x, y) => !isWire(x, y) && !isDisc(x, y), kind, 0.8);
    assert.ok(Math.abs(mean - 0.2) < tolerance, `it lies at ${mean}, not at 0.2`);
    assert.ok(off < 0.002, `${off} of what is before it is off`);
  });
}

test('the width of a blur is told from the map', () => {
  const step = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (Math.floor((i % WIDTH) / 32) % 2 ? 0.7 : 0.3));
  assert.ok(estimateBlur(step, WIDTH, HEIGHT) < 0.5);
  for (const sigma of [1, 1.5, 2]) {
    const line = Array.from({ length: 13 }, (_, k) => Math.exp(-((k - 6) ** 2) / (2 * sigma * sigma)));
    const sum = line.reduce((a, b) => a + b);
    const blurred = step.map(
      (_, i) =>
        line.reduce(
          (total, weight, k) => total + weight * step[i - (i % WIDTH) + Math.min(WIDTH - 1, Math.max(0, (i % WIDTH) + k - 6))]!,
          0,
        ) / sum,
    );
    const found = estimateBlur(blurred, WIDTH, HEIGHT);
    assert.ok(Math.abs(found - sigma) < 0.15, `${found}, not ${sigma}`);
  }
  assert.equal(estimateBlur(new Float32Array(WIDTH * HEIGHT), WIDTH, HEIGHT), 0);
});
