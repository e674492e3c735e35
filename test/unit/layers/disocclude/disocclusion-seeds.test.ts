import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOINED_DOWN, JOINED_RIGHT, NOTHING, finish, lensFor, type Layer } from '../../../../src/core/index.ts';
import { disocclude } from '../../../../src/layers/disocclude/disocclude.ts';
import { D, NEAR, SOURCE, X, disocclusionSeeds } from '../../../../src/layers/disocclude/disocclusion-seeds.ts';
import { parallaxBounds, parallaxMap } from '../../../../src/layers/surface/parallax-bounds.ts';
import { surfaceAreas } from '../../../../src/layers/surface/surface-areas.ts';

const WIDTH = 120;
const HEIGHT = 40;
const EDGE = 60;
const [NEAR_SIDE, FAR_SIDE] = [0.8, 0.2];

/** A wall on the left stands before a wall on the right; the links between columns EDGE − 1 and EDGE are torn. */
function step(): Layer {
  const disparity = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < EDGE ? NEAR_SIDE : FAR_SIDE));
  const joins = Uint8Array.from(disparity, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const isJoinedRight = x + 1 < WIDTH && x !== EDGE - 1;
    return (isJoinedRight ? JOINED_RIGHT : 0) | (y + 1 < HEIGHT ? JOINED_DOWN : 0);
  });
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255);
  return { width: WIDTH, height: HEIGHT, margin: 0, rgba, disparity, joins };
}

const bounds = parallaxBounds(WIDTH, HEIGHT, lensFor(WIDTH, HEIGHT), { x: 0.02, y: 0.02, z: 0 });

test('seeds lie on the near side of a tear, one for each torn link, and their sources opposite', () => {
  const layer = step();
  const { seeds, origin, sources, colour } = disocclusionSeeds(layer, bounds, surfaceAreas(layer), 0);
  assert.equal(seeds.length, HEIGHT);
  assert.ok(seeds.every((i) => i % WIDTH === EDGE - 1));
  for (const s of origin) {
    assert.equal(sources[s * SOURCE + X], EDGE);
    assert.ok(Math.abs(sources[s * SOURCE + D]! - FAR_SIDE) < 1e-6);
    assert.ok(Math.abs(sources[s * SOURCE + NEAR]! - NEAR_SIDE) < 1e-6);
    assert.ok(colour[s]! % WIDTH > EDGE, 'the colour is taken a step away from the tear');
  }
});

test('behind a step, the far side goes on as far as the camera can look behind the near side, and no farther', () => {
  const layer = step();
  const [hidden, ...more] = finish(disocclude(layer, bounds, perDisparity(), surfaceAreas(layer)));
  assert.equal(more.length, 0);
  const gapPx = (NEAR_SIDE - FAR_SIDE) * bounds.typical;
  const row = (HEIGHT / 2) * WIDTH;
  let reached = 0;
  while (hidden!.state[row + EDGE - 1 - reached] === 1) reached++;
  assert.ok(reached >= gapPx && reached <= gapPx + 5, `${reached} pixels for a gap of ${gapPx.toFixed(1)}`);
  for (let k = 0; k < reached; k++) assert.ok(Math.abs(hidden!.disparity[row + EDGE - 1 - k]! - FAR_SIDE) < 0.01);
  assert.equal(hidden!.disparity[row + 5], NOTHING);
});

function perDisparity(): Float32Array {
  return parallaxMap(step(), bounds);
}
