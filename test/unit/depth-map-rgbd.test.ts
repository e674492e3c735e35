import assert from 'node:assert/strict';
import { test } from 'node:test';
import depthMap from '../../plugins/depth-map/index.ts';
import { gdepthPhoto, greyPng, greyRaster, jpegFile, rgbdRaster, testPhoto, testScene } from '../fixtures/depth-files.ts';
import { decodeInNode, photoOf, testContext } from '../fixtures/plugin-context.ts';
import { assertDepth, DEFAULTS, run } from '../fixtures/run-depth-map.ts';

const scene = testScene(120, 90);
const photo = testPhoto(scene);
const sides = ['left', 'right', 'top', 'bottom'] as const;
const crops = {
  left: { x: 120, y: 0, width: 120, height: 90 },
  right: { x: 0, y: 0, width: 120, height: 90 },
  top: { x: 0, y: 90, width: 120, height: 90 },
  bottom: { x: 0, y: 0, width: 120, height: 90 },
};

test('depth on any side is found, and the picture is cropped to its photo', async () => {
  for (const side of sides) {
    const raster = rgbdRaster(photo, greyRaster(scene), side);
    const done = await run({ raster, photo: new Uint8Array() });
    assertDepth(done, scene, 0.005);
    assert.deepEqual(done.result.crop, crops[side], side);
  }
});

test('also out of a JPEG, whose halves bleed into each other', async () => {
  for (const side of sides) {
    const raster = decodeInNode({ name: 'rgbd.jpg', bytes: jpegFile(rgbdRaster(photo, greyRaster(scene), side), 85) });
    const done = await run({ raster, photo: new Uint8Array() });
    assertDepth(done, scene, 0.03);
    assert.deepEqual(done.result.crop, crops[side], side);
  }
});

test('the layout can be said, also where nothing could be guessed', async () => {
  const grey = { ...photo, rgba: photo.rgba.map((_, i, all) => (i % 4 === 3 ? 255 : all[i - (i % 4)] ?? 0)) };
  const raster = rgbdRaster(grey, greyRaster(scene), 'left');
  const done = await run({ raster, options: { layout: 'left' } });
  assertDepth(done, scene, 0.005);
  assert.deepEqual(done.result.crop, crops.left);
});

test('ordinary photos are not taken for RGBD', async () => {
  const raster = rgbdRaster(photo, greyRaster(scene), 'right');
  const unrelated = rgbdRaster(photo, greyRaster({ ...scene, disparity: scene.disparity.map((_, i) => ((i % 120) + Math.floor(i / 120)) / 210) }), 'right');
  const blank = rgbdRaster(photo, { ...photo, rgba: photo.rgba.map((_, i) => (i % 4 === 3 ? 255 : 128)) }, 'bottom');
  const print = { ...photo, rgba: photo.rgba.map((_, i, all) => (i % 4 === 3 ? 255 : all[i - (i % 4) + 1] ?? 0)) };
  for (const [picture, options] of [[photo, {}], [greyRaster(scene), {}], [unrelated, {}], [blank, {}], [rgbdRaster(photo, print, 'right'), {}], [raster, { layout: 'none' }]] as const) {
    const input = { photo: photoOf(picture), file: { name: 'photo.jpg', bytes: new Uint8Array() }, options: { ...DEFAULTS, ...options } };
    assert.equal(await depthMap.detect?.(input, testContext()), false);
  }
});

test('a map that was brought goes before all else, and depth in the file before halves', async () => {
  const small = testScene();
  const raster = testPhoto(small);
  const inside = gdepthPhoto(jpegFile(raster), greyPng({ ...small, disparity: small.disparity.map(() => 0.5) }, 8, true));
  const done = await run({ raster, photo: inside, map: { name: 'own.png', bytes: greyPng(small, 16) } });
  assertDepth(done, small, 0.001);
  assert.equal(done.result.crop, undefined);
});

test('a picture too small to have halves is refused plainly', async () => {
  const input = { photo: photoOf({ width: 1, height: 1, rgba: new Uint8ClampedArray(4) }), file: { name: 'dot.png', bytes: new Uint8Array() }, options: { ...DEFAULTS, layout: 'left' } };
  await assert.rejects(depthMap.estimate(input, testContext()), { code: 'bad-depth', message: /1 × 1, too small/ });
});
