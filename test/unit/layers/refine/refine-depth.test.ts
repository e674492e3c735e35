/** Rough depth maps of photos full of texture: noise and brightness in a small map are not taken for blur. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lensFor, type DepthMap, type Raster } from '../../../../src/core/index.ts';
import { resizeDepth } from '../../../../src/layers/refine/resize-depth.ts';
import { fittedError } from '../../../bench/rough-maps.ts';
import { degrade } from '../../../bench/real-depth.ts';
import { inLevels, roughen } from '../../../bench/scene.ts';
import { foliageScene, gravelScene } from '../../../bench/textured-scenes.ts';
import { correlation } from '../../../fixtures/run-depth-map.ts';
import { grow, mesh, sharpen, tear } from '../../../helpers/heart.ts';

const SIZE = 360;
/** Mean error in disparity that may be left beside the smooth map's, of 5 % noise and of 20 % brightness. */
const ALLOWED = { noise: 0.006, brightness: 0.001 };

function through(map: DepthMap, photo: Raster, depth: DepthMap) {
  const options = { lens: lensFor(SIZE, SIZE), eyebox: { x: 0.02, y: 0.02, z: 0.06 } };
  const sharp = sharpen(map, photo, { smoothing: 1, exact: false });
  const grown = grow(photo, sharp, tear(sharp, photo, options), options);
  return {
    error: fittedError(sharp, depth),
    triangles: mesh(grown.layers, options).reduce((sum, { indices }) => sum + indices.length / 3, 0),
    hidden: grown.holes.slice(1).reduce((sum, { count }) => sum + count, 0),
  };
}

for (const [name, scene] of [
  ['stony ground', gravelScene],
  ['leaves', foliageScene],
] as const) {
  for (const kind of ['noise', 'brightness'] as const) {
    test(`${name}: ${kind} in a map of two thirds of the photo's size goes, and costs little`, () => {
      const { photo, depth } = scene(SIZE, SIZE);
      const small = (map: DepthMap) => resizeDepth(map, (SIZE * 2) / 3, (SIZE * 2) / 3);
      const rough = kind === 'noise' ? roughen(small(depth), photo, 'noise') : small(roughen(depth, photo, 'brightness'));
      const smooth = through(small(depth), photo, depth);
      const found = through(rough, photo, depth);
      const allowed = smooth.error + ALLOWED[kind];
      assert.ok(found.error < allowed, `error ${found.error}, of the smooth map ${smooth.error}`);
      assert.ok(found.triangles <= 1.3 * smooth.triangles, `${found.triangles} triangles, of the smooth map ${smooth.triangles}`);
      assert.ok(found.hidden <= 1.3 * smooth.hidden, `${found.hidden} hidden pixels, of the smooth map ${smooth.hidden}`);
    });
  }
}

for (const kind of ['noise', 'grey16', 'brightness', 'blurred'] as const) {
  test(`half the smoothing mends half of what is wrong, and no strength is like another: ${kind}`, () => {
    const { photo, depth } = foliageScene(240, 240);
    const rough = kind === 'blurred' ? degrade(depth, kind) : roughen(depth, photo, kind);
    const mended = (smoothing: number): Float32Array => sharpen(rough, photo, { smoothing, exact: false }).disparity;
    const raw = mended(0);
    const change = (smoothing: number): number => mended(smoothing).reduce((sum, d, i) => sum + Math.abs(d - raw[i]!), 0) / raw.length;
    const whole = change(1);
    assert.ok(whole > 0.001, `${whole}`);
    for (const smoothing of [0.1, 0.25, 0.5, 0.9])
      assert.ok(Math.abs(change(smoothing) / whole - smoothing) < 0.01, `${smoothing}: ${change(smoothing) / whole}`);
  });
}

test('stony ground: 16 levels in a map of two thirds of the size become slopes, and tear no more than the smooth map', () => {
  const { photo, depth } = gravelScene(SIZE, SIZE);
  const small = resizeDepth(depth, (SIZE * 2) / 3, (SIZE * 2) / 3);
  const levels = { ...small, disparity: small.disparity.map((d) => inLevels(d, 16)) };
  const smooth = through(small, photo, depth);
  const found = through(levels, photo, depth);
  const before = fittedError(resizeDepth(levels, SIZE, SIZE), depth);
  assert.ok(found.error < 0.6 * before, `error ${found.error}, before ${before}`);
  assert.ok(found.triangles <= smooth.triangles, `${found.triangles} triangles, of the smooth map ${smooth.triangles}`);
  assert.ok(found.hidden <= smooth.hidden, `${found.hidden} hidden pixels, of the smooth map ${smooth.hidden}`);
});

test('depth that goes with light, as on walls shaded by their distance, keeps its direction', () => {
  const [width, height] = [160, 120];
  // A ball, shaded the darker the nearer.
  const disparity = Float32Array.from(
    { length: width * height },
    (_, i) => 0.1 + 0.9 * Math.sqrt(Math.max(0, 1 - ((i % width) / 70 - 1.1) ** 2 - (i / width / 50 - 1.2) ** 2)),
  );
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  disparity.forEach((d, i) => rgba.fill(Math.round(255 * (1 - 0.85 * d)), i * 4, i * 4 + 3));
  const photo = { width, height, rgba };
  for (const factor of [1, 0.5]) {
    const map = resizeDepth({ width, height, disparity }, width * factor, height * factor);
    const sharp = sharpen(map, photo, { smoothing: 1, exact: false });
    assert.ok(correlation(sharp.disparity, disparity) > 0.97, `${correlation(sharp.disparity, disparity)} at ${factor} of the size`);
  }
});
