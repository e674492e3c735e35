import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lensFor, type Raster } from '../../../../src/core/index.ts';
import type { LayerHoles } from '../../../../src/layers/holes/grown-layers.ts';
import { keepSeenThrough } from '../../../../src/layers/holes/keep-seen-through.ts';
import { applyInpainted, buildHoles, grow, tear } from '../../../helpers/heart.ts';

const [WIDTH, HEIGHT] = [160, 120];
const options = { lens: lensFor(WIDTH, HEIGHT), eyebox: { x: 0.03, y: 0.03, z: 0.06 } };
const isSquare = (x: number, y: number) => Math.abs(x - 80) < 25 && Math.abs(y - 60) < 25;

/** A red square before a green wall. */
function square() {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  const disparity = new Float32Array(WIDTH * HEIGHT);
  for (let i = 0; i < disparity.length; i++) {
    const inside = isSquare(i % WIDTH, Math.floor(i / WIDTH));
    disparity[i] = inside ? 0.8 : 0.1;
    rgba.set(inside ? [220, 30, 30, 255] : [30, 170, 30, 255], i * 4);
  }
  const photo: Raster = { width: WIDTH, height: HEIGHT, rgba };
  const depth = { width: WIDTH, height: HEIGHT, disparity };
  return { photo, grown: grow(photo, depth, tear(depth, photo, options), options) };
}

test('what an inpainter may look at is the wall, never the square before it', () => {
  const { grown } = square();
  const input = buildHoles(grown, 1)!;
  const { margin } = grown.layers[1]!;
  let count = 0;
  for (let i = 0; i < input.hole.length; i++) {
    const [x, y] = [(i % input.width) - margin, Math.floor(i / input.width) - margin];
    if (input.hole[i]) assert.ok(isSquare(x, y), `a hole at ${x}, ${y} is behind nothing`);
    if (!input.context[i]) continue;
    assert.ok(!isSquare(x, y), `${x}, ${y} is the square`);
    count++;
  }
  assert.ok(count > 1000, `${count}`);
});

test('the context reaches as far as it is asked to', () => {
  const { grown } = square();
  const size = (px?: number) => buildHoles(grown, 1, px)!.context.filter((trust) => trust > 0).length;
  assert.ok(size(4) < size(16) && size(16) < size());
});

test('an answer is taken under holes alone', () => {
  const { grown } = square();
  const layer = grown.layers[1]!;
  const before = layer.rgba.slice();
  const { hole } = grown.holes[1]!;
  applyInpainted(grown, 1, new Uint8ClampedArray(layer.rgba.length).fill(77));
  let taken = 0;
  for (let i = 0; i < hole.length; i++) {
    if (hole[i] && layer.rgba[i * 4] === 77) taken++;
    if (!hole[i]) assert.equal(layer.rgba[i * 4], before[i * 4]);
  }
  // The rest shows through the square's soft edge.
  assert.ok(taken > 0.9 * grown.holes[1]!.count, `${taken} of ${grown.holes[1]!.count}`);
});

test('a photo that hides nothing has nothing to inpaint behind it', () => {
  const photo: Raster = { width: WIDTH, height: HEIGHT, rgba: new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255) };
  const depth = { width: WIDTH, height: HEIGHT, disparity: new Float32Array(WIDTH * HEIGHT).fill(0.4) };
  const grown = grow(photo, depth, tear(depth, photo, options), options);
  assert.equal(grown.layers.length, 1);
  assert.equal(buildHoles(grown, 1), undefined);
});

test('what the photo shows through a soft silhouette keeps that colour, whatever an inpainter gives', () => {
  const disparity = Float32Array.of(0.2, 0.2, 0.2, 0.6);
  const layer = { width: 4, height: 1, margin: 0, rgba: new Uint8ClampedArray(16), disparity, joins: new Uint8Array(4) };
  const holes: LayerHoles = { hole: Uint8Array.of(1, 0, 1, 1), count: 3 };
  const [RED, GREEN] = [0xff0000ff, 0xff00ff00];
  keepSeenThrough(layer, holes, {
    at: Int32Array.of(0, 1, 2, 3),
    behind: Uint32Array.of(RED, RED, 0, GREEN),
    disparity: Float32Array.of(0.21, 0.2, 0.2, 0.2),
    tolerance: new Float32Array(4).fill(0.05),
  });
  // The second is no hole, behind the third nothing is known, the fourth is another surface.
  assert.deepEqual([...holes.seen!.at], [0]);
  assert.deepEqual([...new Uint32Array(layer.rgba.buffer)], [RED, 0, 0, 0]);
});
