import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOINED_DOWN, JOINED_RIGHT, NOTHING, inverseDepth, lensFor } from '../../../../src/core/index.ts';
import { CELL } from '../../../../src/layers/surface/cell.ts';
import { farthestNearby } from '../../../../src/layers/surface/farthest-nearby.ts';
import { fitPlane } from '../../../../src/layers/surface/fit-plane.ts';
import { joinByDisparity } from '../../../../src/layers/surface/join-by-disparity.ts';
import { parallaxBounds, parallaxMap } from '../../../../src/layers/surface/parallax-bounds.ts';
import { photoIndex } from '../../../../src/layers/surface/photo-index.ts';
import { surfaceAreas } from '../../../../src/layers/surface/surface-areas.ts';
import { joinedDepth } from '../../../fixtures/joined-depth.ts';

test('a plane is found as it is, and nothing beyond a tear counts', () => {
  const { depth, joins } = joinedDepth(40, 30, (x, y) => (x < 20 ? 0.2 + 0.002 * x - 0.001 * y : 0.9));
  const { d, gx, gy } = fitPlane({ ...depth, joins }, 17, 15, 0.02);
  assert.ok(Math.abs(d - (0.2 + 0.034 - 0.015)) < 1e-6);
  // The ridge draws slopes a little towards level.
  assert.ok(Math.abs(gx - 0.002) < 0.0003, `${gx}`);
  assert.ok(Math.abs(gy + 0.001) < 0.0003, `${gy}`);
});

test('every pixel knows the area of its connected surface', () => {
  const { depth, joins } = joinedDepth(20, 10, (x, y) => (x >= 5 && x < 9 && y >= 2 && y < 5 ? 0.8 : 0.1));
  const areas = surfaceAreas({ ...depth, joins });
  assert.equal(areas[3 * 20 + 6], 12);
  assert.equal(areas[0], 188);
  assert.equal(areas[9 * 20 + 19], 188);
});

test('parallax bounds are what a camera at the end of the eyebox sees', () => {
  const lens = lensFor(300, 200);
  const bounds = parallaxBounds(300, 200, lens, { x: 0.02, y: 0.02, z: 0 });
  // f · x · Δ(1/z), in pixels.
  const expected = 300 * lens.fx * 0.02 * (inverseDepth(lens, 1) - inverseDepth(lens, 0));
  assert.ok(Math.abs(bounds.perDisparity(10, 10) - expected) < 1e-9);
  assert.equal(bounds.typical, bounds.perDisparity(75, 50));
  assert.ok(Math.abs(bounds.absolute(0, 0, 1) - 300 * 0.02 * inverseDepth(lens, 1)) < 1e-9);
  const map = parallaxMap({ width: 320, height: 220, margin: 10 }, parallaxBounds(300, 200, lens, { x: 0.02, y: 0.02, z: 0.06 }));
  assert.ok(map[0]! > map[110 * 320 + 160]!, 'going nearer moves corners more');
});

test('twice the picture has twice the parallax', () => {
  const of = (width: number, height: number) =>
    parallaxBounds(width, height, lensFor(width, height), { x: 0.02, y: 0.02, z: 0.06 }).typical;
  assert.ok(Math.abs(of(960, 720) / of(480, 360) - 2) < 0.01);
});

test('the farthest nearby is found within the neighbourhood, not beyond, and nothing does not count', () => {
  const disparity = new Float32Array(200 * 16).fill(0.5);
  disparity[8 * 200 + 100] = 0.1;
  disparity[8 * 200 + 150] = NOTHING;
  const { columns, least } = farthestNearby({ width: 200, height: 16, disparity }, 24);
  const at = (x: number) => least[columns + Math.floor(x / CELL)]!;
  assert.ok(Math.abs(at(110) - 0.1) < 1e-6);
  assert.equal(at(20), 0.5);
  assert.equal(at(190), 0.5);
});

test('a pixel of the margin has the photo’s border pixel nearest to it', () => {
  const layer = { width: 30, height: 24, margin: 5 };
  assert.equal(photoIndex(layer, 0, 0), 0);
  assert.equal(photoIndex(layer, 29, 7), 2 * 20 + 19);
  assert.equal(photoIndex(layer, 6, 7), 2 * 20 + 1);
});

test('hidden neighbours are joined up to three pixels of parallax', () => {
  const disparity = Float32Array.of(0.1, 0.12, 0.2, NOTHING);
  const joins = joinByDisparity(disparity, Int32Array.of(0, 1, 2), new Float32Array(4).fill(50), 4);
  assert.equal(joins[0], JOINED_RIGHT);
  assert.equal(joins[1]! & JOINED_RIGHT, 0);
  assert.equal(joinByDisparity(disparity, Int32Array.of(1), new Float32Array(4).fill(50), 4, Infinity)[1], JOINED_RIGHT);
  assert.equal(
    joins.some((bits) => bits & JOINED_DOWN),
    false,
  );
});
