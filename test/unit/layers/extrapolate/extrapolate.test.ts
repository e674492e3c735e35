import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTHING, lensFor, finish } from '../../../../src/core/index.ts';
import { extrapolate } from '../../../../src/layers/extrapolate/extrapolate.ts';
import { parallaxBounds } from '../../../../src/layers/surface/parallax-bounds.ts';
import { joinedDepth } from '../../../fixtures/joined-depth.ts';

const [WIDTH, HEIGHT] = [120, 90];

function outward(at: (x: number, y: number) => number) {
  const { depth, joins } = joinedDepth(WIDTH, HEIGHT, at);
  const photo = { width: WIDTH, height: HEIGHT, rgba: new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(120) };
  const bounds = parallaxBounds(WIDTH, HEIGHT, lensFor(WIDTH, HEIGHT), { x: 0.04, y: 0.04, z: 0.06 });
  return { photo, ...finish(extrapolate(photo, depth, joins, bounds)) };
}

test('a plane goes on as a plane over the photo’s border, in the border’s colour', () => {
  const { layer, hole } = outward((x) => 0.3 + 0.002 * x);
  const { width, height, margin, disparity, rgba } = layer;
  assert.ok(margin >= 3);
  const i = Math.floor(height / 2) * width + margin + WIDTH + 2;
  assert.equal(hole[i], 1);
  assert.ok(Math.abs(disparity[i]! - (0.3 + 0.002 * (WIDTH + 2))) < 0.002, `${disparity[i]}`);
  assert.deepEqual([...rgba.subarray(i * 4, i * 4 + 4)], [120, 120, 120, 255]);
});

test('within the border the layer is the photo, and no hole', () => {
  const { layer, hole } = outward((x) => (x < 60 ? 0.2 : 0.7));
  for (let y = 0; y < HEIGHT; y += 7) {
    for (let x = 0; x < WIDTH; x += 7) {
      const i = (y + layer.margin) * layer.width + x + layer.margin;
      assert.equal(hole[i], 0);
      assert.ok(Math.abs(layer.disparity[i]! - (x < 60 ? 0.2 : 0.7)) < 1e-6);
    }
  }
});

test('what is near needs a wider margin than what is far', () => {
  const near = outward(() => 0.9);
  const far = outward(() => 0.1);
  assert.ok(near.layer.margin > far.layer.margin);
  assert.ok(far.hole.some((bit, i) => bit === 1 && far.layer.disparity[i] !== NOTHING));
});

test('a narrow thing that the border cuts ends outside, and the wall behind it goes on there', () => {
  const { layer } = outward((x) => (x < 3 ? 0.9 : 0.5));
  const { width, height, margin, disparity } = layer;
  const row = Math.floor(height / 2) * width;
  const at = (x: number): number => disparity[row + margin + x]!;
  assert.ok(Math.abs(at(-3) - 0.9) < 0.01, 'beside the border it goes on');
  assert.ok(Math.abs(at(-11) - 0.5) < 0.01, `farther out is ${at(-11)}`);
});
