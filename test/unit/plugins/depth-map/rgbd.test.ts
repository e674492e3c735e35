import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Raster } from '../../../../src/core/index.ts';
import depthMap from '../../../../plugins/depth-map/index.ts';
import { gdepthPhoto, greyPng, greyRaster, jpegFile, rgbdRaster, testPhoto, testScene } from '../../../fixtures/depth-files.ts';
import { paletteColour } from '../../../fixtures/palette-colours.ts';
import { decodeInNode, photoOf, testContext } from '../../../fixtures/plugin-context.ts';
import { assertDepth, correlation, DEFAULTS, run } from '../../../fixtures/run-depth-map.ts';

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
    const done = await run({ raster, photo: new Uint8Array(), model: scene });
    assertDepth(done, scene, 0.005);
    assert.deepEqual(done.result.crop, crops[side], side);
    assert.match(
      done.context.notes.join(),
      /photo\.jpg was read as a photo with its depth map .*If it is one picture, set layout to none\./,
    );
  }
});

test('white = far is found out by the model, and kept the right way round', async () => {
  const done = await run({ raster: rgbdRaster(photo, greyRaster(scene, true), 'right'), photo: new Uint8Array(), model: scene });
  assertDepth(done, scene, 0.005);
  assert.equal(done.result.reading?.nearIs, 'low');
});

test('also out of a JPEG, whose halves bleed into each other', async () => {
  for (const side of sides) {
    const raster = decodeInNode({ name: 'rgbd.jpg', bytes: jpegFile(rgbdRaster(photo, greyRaster(scene), side), 85) });
    const done = await run({ raster, photo: new Uint8Array(), model: scene });
    assertDepth(done, scene, 0.03);
    assert.deepEqual(done.result.crop, crops[side], side);
  }
});

/** The scene's depth in a palette's colours. */
function inColours(palette: string, isTurned = false): Raster {
  const rgba = new Uint8ClampedArray(scene.disparity.length * 4).fill(255);
  scene.disparity.forEach((value, i) => rgba.set(paletteColour(palette, isTurned ? 1 - value : value), i * 4));
  return { width: scene.width, height: scene.height, rgba };
}

/** A picture with so many columns of a colour put in at its middle. @param blended share of the picture in the outermost of them, as scaling leaves it. */
function withStrip({ width, height, rgba }: Raster, columns: number, level: number, blended = 0): Raster {
  const wide = { width: width + columns, height, rgba: new Uint8ClampedArray((width + columns) * height * 4).fill(255) };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < wide.width; x++) {
      const from = x < width / 2 ? x : x - columns;
      const isStrip = x >= width / 2 && from < width / 2;
      const to = 4 * (y * wide.width + x);
      const beside = x === width / 2 ? x - 1 : x === width / 2 + columns - 1 ? width / 2 : undefined;
      if (isStrip)
        for (let c = 0; c < 3; c++)
          wide.rgba[to + c] = beside === undefined ? level : level + blended * (rgba[4 * (y * width + beside) + c]! - level);
      else wide.rgba.set(rgba.subarray(4 * (y * width + from), 4 * (y * width + from) + 4), to);
    }
  }
  return wide;
}

test('depth in false colours beside or below the photo is turned back into values, as demos of depth models save it', async () => {
  for (const [palette, side] of [
    ['Spectral_r', 'right'],
    ['inferno', 'right'],
    ['magma', 'bottom'],
    ['jet_mpl', 'left'],
  ] as const) {
    for (const isTurned of [false, true]) {
      const raster = rgbdRaster(photo, inColours(palette, isTurned), side);
      const done = await run({ raster, photo: new Uint8Array(), model: scene });
      assert.deepEqual(done.result.crop, crops[side], palette);
      const likeness = correlation(done.result.depth.disparity, scene.disparity);
      assert.ok(likeness > 0.99, `${palette}: ${likeness.toFixed(3)}`);
      assert.match(done.context.notes.join(), /depth map .*(its right|below it|its left).*false colours/);
    }
  }
});

test('a strip between photo and depth belongs to neither, grey or in false colours', async () => {
  for (const [depth, columns, blended] of [
    [greyRaster(scene), 14, 0],
    [inColours('Spectral_r'), 14, 0],
    [greyRaster(scene), 4, 0],
    [greyRaster(scene), 14, 0.3],
  ] as const) {
    const raster = withStrip(rgbdRaster(photo, depth, 'right'), columns, 255, blended);
    for (const layout of ['auto', 'right']) {
      const done = await run({ raster, photo: new Uint8Array(), model: scene, options: { layout } });
      assert.deepEqual(done.result.crop, crops.right, `${layout}, strip of ${columns}`);
      assertDepth(done, scene, 0.02);
    }
  }
});

test('one colour at the middle that fades into both pictures is part of them', async () => {
  const white = (raster: Raster, from: number, to: number): Raster => ({
    ...raster,
    rgba: raster.rgba.map((value, i) => {
      const [x, y] = [(i >> 2) % raster.width, Math.floor((i >> 2) / raster.width)];
      return x >= from && x < to && !(y > 40 && y < 60 && x > 4 && x < 116) ? 255 : value;
    }),
  });
  const raster = rgbdRaster(white(photo, 100, 120), white(greyRaster(scene), 0, 20), 'right');
  const { result } = await run({ raster, photo: new Uint8Array(), model: scene, options: { layout: 'right' } });
  assert.deepEqual(result.crop, crops.right);
});

test('a photo whose half has the colours of a palette stays one picture, without a word', async () => {
  const sky = { ...photo, rgba: photo.rgba.slice() };
  for (let i = 0; i < 120 * 90; i++) sky.rgba.set(paletteColour('inferno', 0.3 + (0.6 * Math.floor(i / 120)) / 90), i * 4);
  for (const side of ['top', 'left'] as const) {
    const input = { photo: photoOf(rgbdRaster(photo, sky, side)), file: { name: 'photo.jpg', bytes: new Uint8Array() }, options: DEFAULTS };
    const context = testContext(undefined, undefined, () => Promise.resolve({ ...scene, disparity: scene.disparity.slice() }));
    assert.equal(await depthMap.detect?.(input, context), false);
    assert.deepEqual(context.notes, []);
  }
});

test('the layout can be said, also where nothing could be guessed', async () => {
  const grey = { ...photo, rgba: photo.rgba.map((_, i, all) => (i % 4 === 3 ? 255 : (all[i - (i % 4)] ?? 0))) };
  const raster = rgbdRaster(grey, greyRaster(scene), 'left');
  const done = await run({ raster, options: { layout: 'left' } });
  assertDepth(done, scene, 0.005);
  assert.deepEqual(done.result.crop, crops.left);
});

test('ordinary photos are not taken for RGBD', async () => {
  const raster = rgbdRaster(photo, greyRaster(scene), 'right');
  const unrelated = rgbdRaster(
    photo,
    greyRaster({ ...scene, disparity: scene.disparity.map((_, i) => ((i % 120) + Math.floor(i / 120)) / 210) }),
    'right',
  );
  const blank = rgbdRaster(photo, { ...photo, rgba: photo.rgba.map((_, i) => (i % 4 === 3 ? 255 : 128)) }, 'bottom');
  const print = { ...photo, rgba: photo.rgba.map((_, i, all) => (i % 4 === 3 ? 255 : (all[i - (i % 4) + 1] ?? 0))) };
  for (const [picture, options] of [
    [photo, {}],
    [greyRaster(scene), {}],
    [unrelated, {}],
    [blank, {}],
    [rgbdRaster(photo, print, 'right'), {}],
    [raster, { layout: 'none' }],
  ] as const) {
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
  const input = {
    photo: photoOf({ width: 1, height: 1, rgba: new Uint8ClampedArray(4) }),
    file: { name: 'dot.png', bytes: new Uint8Array() },
    options: { ...DEFAULTS, layout: 'left' },
  };
  await assert.rejects(depthMap.estimate(input, testContext()), { code: 'bad-depth', message: /1 × 1, too small/ });
});
