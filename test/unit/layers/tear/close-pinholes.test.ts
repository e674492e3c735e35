import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOINED_DOWN, JOINED_RIGHT, lensFor, type DepthMap, type Eyebox, type Raster } from '../../../../src/core/index.ts';
import { closePinholes } from '../../../../src/layers/tear/close-pinholes.ts';
import { uncovered } from '../../../helpers/uncovered.ts';
import { grow, mesh, tear } from '../../../helpers/heart.ts';

const WIDTH = 40;
const HEIGHT = 20;
const NEAR = 0.8;
const FAR = 0.1;

/** A near wall with what `isHole` says cut out of it; joined where depths are equal. */
function wallWith(isHole: (x: number, y: number) => boolean, behind = FAR): { depth: DepthMap; joins: Uint8Array } {
  const disparity = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (isHole(i % WIDTH, Math.floor(i / WIDTH)) ? behind : NEAR));
  const joins = new Uint8Array(WIDTH * HEIGHT);
  for (let i = 0; i < joins.length; i++) {
    if ((i + 1) % WIDTH !== 0 && disparity[i] === disparity[i + 1]) joins[i]! |= JOINED_RIGHT;
    if (i + WIDTH < joins.length && disparity[i] === disparity[i + WIDTH]) joins[i]! |= JOINED_DOWN;
  }
  return { depth: { width: WIDTH, height: HEIGHT, disparity }, joins };
}

const isL = (x: number, y: number): boolean => (x === 10 && y >= 8 && y <= 10) || (y === 8 && x >= 10 && x <= 12);

test('a pinhole of a few pixels is closed and joined to what is round it', () => {
  const torn = wallWith(isL);
  const before = { disparity: torn.depth.disparity.slice(), joins: torn.joins.slice() };
  const { depth, joins } = closePinholes(torn);
  assert.ok(depth.disparity.every((d) => Math.abs(d - NEAR) < 1e-6));
  const whole = wallWith(() => false).joins;
  assert.deepEqual(joins, whole);
  assert.deepEqual({ disparity: torn.depth.disparity, joins: torn.joins }, before, 'what was given stays as it was');
});

test('a hole that one sees through, one at the border and a speck before the wall stay', () => {
  for (const { what, isHole, behind } of [
    { what: 'eight pixels', isHole: (x: number, y: number) => x >= 10 && x < 14 && y >= 8 && y < 10, behind: FAR },
    { what: 'at the border', isHole: (x: number, y: number) => x === 0 && y === 5, behind: FAR },
    { what: 'a speck', isHole: (x: number, y: number) => x === 10 && y === 5, behind: 0.95 },
  ]) {
    const torn = wallWith(isHole, behind);
    const { depth, joins } = closePinholes(torn);
    assert.deepEqual(depth.disparity, torn.depth.disparity, what);
    assert.deepEqual(joins, torn.joins, what);
  }
});

const eyebox: Eyebox = { x: 0.02, y: 0.02, z: 0.06 };

test('through the pinholes of a soft silhouette no camera of the eyebox sees nothing', () => {
  const width = 200;
  const height = 160;
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  const disparity = new Float32Array(width * height);
  for (let i = 0; i < disparity.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width);
    const isThing = x >= 50 && x < 150 && y >= 40 && y < 120;
    // Two pixels wide, a few pixels apart.
    const isPinhole = isThing && x % 9 < 2 && y % 7 === 3;
    disparity[i] = isThing && !isPinhole ? NEAR : FAR;
    rgba.set(isThing ? [190, 130, 80] : [80, 110, 140], i * 4);
  }
  const photo: Raster = { width, height, rgba };
  const depth = { width, height, disparity, blur: 3 };
  const options = { lens: lensFor(width, height), eyebox };
  const { layers } = grow(photo, depth, tear(depth, photo, options), options);
  const round = Array.from({ length: 8 }, (_, k) => [Math.cos((k * Math.PI) / 4), Math.sin((k * Math.PI) / 4), 0] as const);
  assert.equal(
    uncovered({ width, height, lens: options.lens, layers, meshes: mesh(layers, options) }, eyebox, round),
    0,
    'pixels of eight views',
  );
});
