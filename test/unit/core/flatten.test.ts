import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatten, flattenSmall, lensFor, type Eyebox, type Raster } from '../../../src/core/index.ts';
import { applyInpainted, buildHoles, fill, grow, sharpen, tear } from '../../helpers/heart.ts';

const WIDTH = 160;
const HEIGHT = 120;

/** A red disc before a green ground, its border soft as a camera sees it; and its depth. */
function blended() {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  const disparity = new Float32Array(WIDTH * HEIGHT);
  for (let i = 0; i < disparity.length; i++) {
    const far = Math.hypot((i % WIDTH) - 80.3, Math.floor(i / WIDTH) - 60.2) - 25;
    const share = Math.min(1, Math.max(0, 0.5 - far / 2));
    disparity[i] = far < 0 ? 0.8 : 0.1;
    rgba.set([220 * share + 30 * (1 - share), 30 * share + 180 * (1 - share), 30 * share + 40 * (1 - share), 255], 4 * i);
  }
  const size = { width: WIDTH, height: HEIGHT };
  return { photo: { ...size, rgba } satisfies Raster, depth: { ...size, disparity } };
}

test('the flat photo to compare with is the photo, its soft silhouettes included', () => {
  const { photo, depth: map } = blended();
  const eyebox: Eyebox = { x: 0.03, y: 0.02, z: 0.06 };
  const options = { lens: lensFor(WIDTH, HEIGHT), eyebox };
  const depth = sharpen(map, photo, { smoothing: 1, exact: true });
  const grown = grow(photo, depth, tear(depth, photo, options), options);
  for (let k = 0; k < grown.layers.length; k++) {
    const input = buildHoles(grown, k);
    if (input) applyInpainted(grown, k, fill(input));
  }
  const flat = flatten({ width: WIDTH, height: HEIGHT, layers: grown.layers });
  let soft = 0;
  let [worst, bare] = [0, 0];
  const [front] = grown.layers;
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const at = 4 * ((Math.floor(i / WIDTH) + front!.margin) * front!.width + (i % WIDTH) + front!.margin);
    if (front!.rgba[at + 3]! < 255) soft++;
    assert.equal(flat.rgba[4 * i + 3], 255);
    for (let c = 0; c < 3; c++) {
      worst = Math.max(worst, Math.abs(flat.rgba[4 * i + c]! - photo.rgba[4 * i + c]!));
      bare = Math.max(bare, Math.abs(front!.rgba[at + c]! - photo.rgba[4 * i + c]!));
    }
  }
  assert.ok(soft > 100, `${soft} soft pixels`);
  assert.ok(bare > 60, `layer 0 alone is ${bare} off: the test has lost its case`);
  assert.ok(worst <= 32 && worst < bare / 3, `${worst} of 255 off, layer 0 alone ${bare}`);
});

test('a small flat image has the size that was asked for and the means of the large one', () => {
  const layer = { width: 8, height: 4, margin: 0, rgba: new Uint8ClampedArray(8 * 4 * 4) };
  for (let i = 0; i < 32; i++) layer.rgba.set([i % 2 ? 200 : 100, i % 8 < 4 ? 0 : 255, 7 * Math.floor(i / 16), 255], 4 * i);
  const scene = { width: 8, height: 4, layers: [layer] } as unknown as Parameters<typeof flattenSmall>[0];
  const small = flattenSmall(scene, 4);
  assert.deepEqual([small.width, small.height], [4, 2]);
  for (let i = 0; i < 8; i++)
    assert.deepEqual([...small.rgba.subarray(4 * i, 4 * i + 4)], [150, i % 4 < 2 ? 0 : 255, 7 * Math.floor(i / 4), 255]);
  assert.deepEqual(flattenSmall(scene, 100).rgba, flatten(scene).rgba, 'never larger than the scene');
});
