import assert from 'node:assert/strict';
import { test } from 'node:test';
import depthMap from '../../../../plugins/depth-map/index.ts';
import {
  appendedPhoto,
  appleMarks,
  concat,
  dynamicDepthPhoto,
  exif,
  gdepthPhoto,
  greyPng,
  greyRaster,
  huaweiPhoto,
  jpegFile,
  levels,
  samsungPhoto,
  segment,
  testPhoto,
  testScene,
  u32,
  withSegments,
  type TestMap,
} from '../../../fixtures/depth-files.ts';
import { photoOf, testContext } from '../../../fixtures/plugin-context.ts';
import { assertDepth, DEFAULTS, photoBytes, photoRaster, run, scene } from '../../../fixtures/run-depth-map.ts';

const { width, height } = scene;
/** GDepth stores far as white. */
const farWhite = greyPng(scene, 16, true);

/** The map as its pixels lie in a file that must be turned by `orientation` to stand upright. */
function stored(map: TestMap, orientation: number): TestMap {
  const turned = orientation >= 5;
  const [w, h] = turned ? [map.height, map.width] : [map.width, map.height];
  const disparity = new Float32Array(w * h);
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++) {
      const [sx, sy] = {
        1: [x, y],
        2: [w - 1 - x, y],
        3: [w - 1 - x, h - 1 - y],
        4: [x, h - 1 - y],
        5: [y, x],
        6: [y, h - 1 - x],
        7: [w - 1 - y, h - 1 - x],
        8: [w - 1 - y, x],
      }[orientation] ?? [x, y];
      disparity[(sy ?? 0) * w + (sx ?? 0)] = map.disparity[y * map.width + x] ?? 0;
    }
  }
  return { width: w, height: h, disparity };
}

async function refused(photo: Uint8Array, code: string, message: RegExp): Promise<void> {
  const input = { photo: photoOf(photoRaster), file: { name: 'photo.jpg', bytes: photo }, options: DEFAULTS };
  await assert.rejects(depthMap.estimate(input, testContext()), { name: 'UnflatError', code, message });
}

test('GDepth, RangeInverse: white is far, in the main packet or in the extension, as attributes or elements', async () => {
  assertDepth(await run({ photo: gdepthPhoto(photoBytes, farWhite) }), scene, 0.001);
  assertDepth(await run({ photo: gdepthPhoto(photoBytes, farWhite, { inMain: true }) }), scene, 0.001);
  assertDepth(
    await run({ photo: gdepthPhoto(photoBytes, farWhite, { elements: true, prefix: 'GD', format: 'rangeinverse' }) }),
    scene,
    0.001,
  );
  assertDepth(await run({ photo: gdepthPhoto(photoBytes, jpegFile(greyRaster(scene, true), 98), { mime: 'image/jpeg' }) }), scene, 0.02);
});

test('GDepth in many parts, also out of order; parts of another packet are left alone', async () => {
  assertDepth(await run({ photo: gdepthPhoto(photoBytes, farWhite, { partSize: 300 }) }), scene, 0.001);
  assertDepth(
    await run({ photo: gdepthPhoto(photoBytes, farWhite, { partSize: 300, arrange: (parts) => parts.reverse() }) }),
    scene,
    0.001,
  );
  const stranger = segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0', 'F'.repeat(32), u32(99_999, false), u32(0, false), 'nonsense');
  assertDepth(await run({ photo: withSegments(gdepthPhoto(photoBytes, farWhite, { partSize: 300 }), stranger) }), scene, 0.001);
});

test('GDepth, RangeLinear: levels are distances and become disparities', async () => {
  const [near, far] = [0.8, 12];
  const linear = { ...scene, disparity: scene.disparity.map((d) => 1 - (1 / (d * (1 / near - 1 / far) + 1 / far) - near) / (far - near)) };
  assertDepth(await run({ photo: gdepthPhoto(photoBytes, greyPng(linear, 16, true), { format: 'RangeLinear', near, far }) }), scene, 0.001);
  const unsound = await run({ photo: gdepthPhoto(photoBytes, farWhite, { format: 'RangeLinear', near: 'NaN', far: 0 }) });
  assertDepth(unsound, scene, 0.001);
  assert.match(unsound.context.warnings.join(), /no valid near and far distances/);
});

test('GDepth at its word is not stretched', async () => {
  const faint = { ...scene, disparity: scene.disparity.map((d) => 0.3 + d * 0.4) };
  const { result } = await run({ photo: gdepthPhoto(photoBytes, greyPng(faint, 16, true)), options: { exact: true } });
  faint.disparity.forEach((d, i) => assert.ok(Math.abs(d - (result.depth.disparity[i] ?? 9)) < 1e-4));
});

test('depth inside a photo is turned as the photo is', async () => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const lying = stored(scene, orientation);
    const photo = withSegments(jpegFile(testPhoto(lying)), exif(orientation, orientation % 2 === 0));
    assertDepth(await run({ photo: gdepthPhoto(photo, greyPng(lying, 16, true)) }), scene, 0.001);
    assertDepth(await run({ photo: samsungPhoto(photo, { ...lying, levels: levels(lying, 255) }, 5) }), scene, 0.005);
  }
  const upright = withSegments(jpegFile(testPhoto(stored(scene, 6))), exif(6));
  assertDepth(await run({ photo: gdepthPhoto(upright, farWhite) }), scene, 0.001);
});

test('Dynamic Depth in both spellings, with padding, with items before it', async () => {
  const depth = jpegFile(greyRaster(scene, true), 98);
  for (const spelling of ['dd', 'photos'] as const) {
    assertDepth(await run({ photo: dynamicDepthPhoto(photoBytes, depth, { spelling }) }), scene, 0.02);
    assertDepth(await run({ photo: dynamicDepthPhoto(photoBytes, depth, { spelling, padding: 77, before: photoBytes }) }), scene, 0.02);
    assertDepth(await run({ photo: dynamicDepthPhoto(photoBytes, farWhite, { spelling, mime: 'image/png' }) }), scene, 0.001);
  }
});

test('Samsung trailers, versions 1, 3, 4, 5, 6, and one not known yet', async () => {
  for (const version of [1, 3, 4, 5, 6, 9]) {
    assertDepth(await run({ photo: samsungPhoto(photoBytes, { ...scene, levels: levels(scene, 255) }, version) }), scene, 0.005);
  }
});

test('Huawei trailers: rows from the bottom, dark = near, turned by their own code', async () => {
  for (const [code, orientation] of [
    [0x10, 1],
    [0x11, 8],
    [0x12, 3],
    [0x13, 6],
  ] as const) {
    const bottomUp = stored(stored(scene, orientation), 4);
    assertDepth(
      await run({ photo: huaweiPhoto(photoBytes, photoBytes, { ...bottomUp, levels: levels(bottomUp, 255, true) }, code) }),
      scene,
      0.005,
    );
  }
});

test('appended JPEGs: the one that calls itself depth is read, white = near; with and without MPF, turned as the photo is', async () => {
  const small = testScene(32, 24);
  const depthOf = (map: TestMap): Uint8Array => withSegments(jpegFile(greyRaster(map), 98), appleMarks('disparity'));
  const depth = depthOf(small);
  const preview = jpegFile(testPhoto(testScene(24, 18)));
  for (const mpf of [false, true]) {
    assertDepth(await run({ photo: appendedPhoto(photoBytes, [depth], { mpf }) }), small, 0.02);
    assertDepth(await run({ photo: appendedPhoto(photoBytes, [preview, depth], { mpf, gap: 5 }) }), small, 0.02);
  }
  assertDepth(
    await run({ photo: appendedPhoto(withSegments(jpegFile(testPhoto(stored(scene, 6))), exif(6)), [depthOf(stored(small, 6))]) }),
    small,
    0.02,
  );
});

test('an ordinary photo holds no depth, and the message says what to bring', async () => {
  for (const photo of [
    photoBytes,
    withSegments(photoBytes, exif(1)),
    concat(photoBytes, new Uint8Array(500)),
    new Uint8Array(0),
    new Uint8Array([1, 2, 3]),
  ]) {
    const input = { photo: photoOf(photoRaster), file: { name: 'photo.jpg', bytes: photo }, options: DEFAULTS };
    assert.equal(await depthMap.detect?.(input, testContext()), false);
    await refused(photo, 'no-depth', /photo\.jpg holds no depth\. Add its depth map .*photo_depth\.png/);
  }
});

test('a photo that announces depth it has lost says so', async () => {
  await refused(
    gdepthPhoto(photoBytes, farWhite, { arrange: () => [] }),
    'bad-depth',
    /announces it, but its data is missing.*original file/,
  );
  await refused(
    gdepthPhoto(photoBytes, farWhite, { partSize: 300, arrange: (parts) => parts.slice(1) }),
    'bad-depth',
    /claims \d+ bytes, but holds \d+/,
  );
  await refused(gdepthPhoto(photoBytes, farWhite, { claimedTotal: 0xffffffff }), 'bad-depth', /claims 4294967295 bytes/);
  await refused(gdepthPhoto(photoBytes, farWhite, { namedGuid: '0'.repeat(32) }), 'bad-depth', /GUIDs differ/);
  await refused(gdepthPhoto(photoBytes, new TextEncoder().encode('this is no picture'), {}), 'bad-depth', /\(GDepth\)/);
  await refused(dynamicDepthPhoto(photoBytes, farWhite, { claimedLength: 4e9 }), 'bad-depth', /Dynamic Depth.*not in the file/);
  await refused(huaweiPhoto(photoBytes, photoBytes, { width: 5000, height: 5000, levels: [1, 2, 3] }), 'bad-depth', /Huawei.*5000 × 5000/);
  await refused(
    samsungPhoto(photoBytes, { width: 997, height: 1, levels: levels({ ...scene, disparity: new Float32Array(997) }, 255) }, 9),
    'bad-depth',
    /Samsung/,
  );
  assert.equal(width * height, scene.disparity.length);
});

test('a trailer that is cut off or damaged says that the depth is lost; a photo without one says nothing', async () => {
  const samsung = samsungPhoto(photoBytes, { ...scene, levels: levels(scene, 255) }, 5);
  const huawei = huaweiPhoto(photoBytes, photoBytes, { ...scene, levels: levels(scene, 255, true) });
  for (const lost of [3, 40, 200]) await refused(samsung.slice(0, -lost), 'bad-depth', /Samsung.*cut off or damaged.*original file/);
  for (const lost of [1, 30, 700]) await refused(huawei.slice(0, -lost), 'bad-depth', /Huawei.*cut off.*original file/);
  const wild = samsung.slice();
  wild.fill(0xee, wild.length - 30, wild.length - 8);
  await refused(wild, 'bad-depth', /Samsung.*cut off or damaged/);
  await refused(concat(photoBytes, 'edof', new Uint8Array(40)), 'no-depth', /photo\.jpg holds no depth/);
  for (const used of [samsung, huawei]) {
    const { context } = await run({ photo: used });
    assert.match(context.notes.join(), /The depth inside photo\.jpg \((Samsung|Huawei)\) was used\./);
  }
});
