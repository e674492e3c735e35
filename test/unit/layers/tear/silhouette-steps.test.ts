/** Silhouette correction by itself: which pixels beyond a tear it gives to the near side. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOINED_DOWN, JOINED_RIGHT, lensFor, type Raster } from '../../../../src/core/index.ts';
import { parallaxBounds } from '../../../../src/layers/surface/parallax-bounds.ts';
import { correctSilhouettes } from '../../../../src/layers/tear/correct-silhouettes.ts';
import { settleSilhouettes } from '../../../../src/layers/tear/settle-silhouettes.ts';
import { close, releaseOutvoted } from '../../../../src/layers/tear/majority-filter.ts';

const WIDTH = 120;
const HEIGHT = 100;
/** Nearer to the border silhouettes stay as they are. */
const GUARD = 24;
const [NEAR, FAR] = [0.8, 0.2];
/** Columns left of it show the thing. */
const EDGE = 60;
const BLUR = 4;
const bounds = parallaxBounds(WIDTH, HEIGHT, lensFor(WIDTH, HEIGHT), { x: 0.03, y: 0.02, z: 0.06 });

/** A red thing on the left before a blue wall, both with grain. */
function redBeforeBlue(): Raster {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const grain = (((i * 2654435761) >>> 8) % 13) - 6;
    const colour = i % WIDTH < EDGE ? [190, 60, 50] : [60, 80, 170];
    colour.forEach((value, c) => (rgba[i * 4 + c] = value + grain));
  }
  return { width: WIDTH, height: HEIGHT, rgba };
}

/** A map and joins with the step before column `tornAt`. */
function stepAt(tornAt: number) {
  const disparity = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < tornAt ? NEAR : FAR));
  const joins = Uint8Array.from(disparity, (_, i) => {
    const x = i % WIDTH;
    return (x + 1 < WIDTH && x !== tornAt - 1 ? JOINED_RIGHT : 0) | (i + WIDTH < disparity.length ? JOINED_DOWN : 0);
  });
  return { depth: { width: WIDTH, height: HEIGHT, disparity }, joins };
}

/** Where the map steps down in a row. */
const stepIn = (disparity: Float32Array, row: number): number =>
  disparity.subarray(row * WIDTH, (row + 1) * WIDTH).findIndex((d) => d < 0.5);

for (const inside of [3, 5]) {
  test(`a step ${inside} pixels inside its thing moves to the thing's edge, and the tear with it`, () => {
    const given = stepAt(EDGE - inside);
    const before = given.depth.disparity.slice();
    const { depth, joins } = correctSilhouettes(redBeforeBlue(), given.depth, given.joins, bounds, BLUR);
    for (let row = GUARD; row < HEIGHT - GUARD; row++) {
      assert.ok(Math.abs(stepIn(depth.disparity, row) - EDGE) <= 1, `row ${row}: column ${stepIn(depth.disparity, row)}`);
      const at = stepIn(depth.disparity, row);
      assert.equal(joins[row * WIDTH + at - 1]! & JOINED_RIGHT, 0, `row ${row} is torn where it steps`);
      assert.ok(joins[row * WIDTH + EDGE - inside - 1]! & JOINED_RIGHT, `row ${row} is joined where it stepped before`);
    }
    assert.deepEqual(given.depth.disparity, before, 'the map that was given stays as it is');
  });
}

test('a step in its place stays, and nothing is copied', () => {
  const given = stepAt(EDGE);
  const { depth, joins } = correctSilhouettes(redBeforeBlue(), given.depth, given.joins, bounds, BLUR);
  assert.equal(depth.disparity, given.depth.disparity);
  assert.equal(joins, given.joins);
});

test('a claimed pixel without company is given back, one that claimed ones enclose is claimed, too', () => {
  const { depth } = stepAt(10);
  const settled = depth.disparity.slice();
  const at = (x: number, y: number) => y * WIDTH + x;
  // A block of 5 × 5 with its middle left out, and a pixel alone.
  const claimed: number[] = [];
  for (let y = 20; y < 25; y++) for (let x = 40; x < 45; x++) if (x !== 42 || y !== 22) claimed.push(at(x, y));
  claimed.push(at(80, 30));
  for (const i of claimed) settled[i] = NEAR;
  releaseOutvoted(claimed, depth, settled);
  assert.ok(Math.abs(settled[at(80, 30)]! - FAR) < 1e-6, 'the lone one');
  close(claimed, depth, settled);
  assert.ok(Math.abs(settled[at(42, 22)]! - NEAR) < 1e-6, 'the enclosed one');
  assert.ok(Math.abs(settled[at(41, 21)]! - NEAR) < 1e-6, 'the block stays');
});

test('only the silhouettes of a widely blurred map are moved, and what lies beside them counts as mixed', () => {
  const given = stepAt(EDGE - 3);
  const crisp = settleSilhouettes(redBeforeBlue(), { ...given.depth, blur: 1 }, given.joins, bounds);
  assert.equal(crisp.joins, given.joins);
  assert.equal(stepIn(crisp.depth.disparity, HEIGHT / 2), EDGE - 3);
  assert.equal(crisp.softPx, 0);
  const wide = settleSilhouettes(redBeforeBlue(), { ...given.depth, blur: BLUR }, given.joins, bounds);
  assert.ok(Math.abs(stepIn(wide.depth.disparity, HEIGHT / 2) - EDGE) <= 1);
  assert.ok(wide.softPx > 0);
});
