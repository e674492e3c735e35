import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { levels, npyFile } from '../../../fixtures/depth-files.ts';
import { paletteColour } from '../../../fixtures/palette-colours.ts';
import { assertDepth, runMap, scene, stretched } from '../../../fixtures/run-depth-map.ts';
import { tiffFile } from '../../../fixtures/tiff-file.ts';

const { width, height } = scene;
const grey16 = levels(scene, 65535);

test('TIFF files that libtiff wrote: LZW, deflate, PackBits, predictors, tiles, planes, big-endian', async () => {
  for (const name of ['lzw-16-big', 'lzw-float-big', 'zip-float', 'tiles-16', 'packbits-8', 'planar-rgb-16']) {
    const bytes = new Uint8Array(readFileSync(new URL(`../../../fixtures/maps/tiff/${name}.tif`, import.meta.url)));
    assertDepth(await runMap(`${name}.tif`, bytes), scene, name.endsWith('8') ? 0.01 : 0.0002);
  }
});

test('TIFF: 8, 16 and 32 bit, whole numbers and floats, both byte orders, strips', async () => {
  for (const big of [false, true]) {
    for (const isDeflated of [false, true]) {
      const file = (parts: Pick<Parameters<typeof tiffFile>[0], 'values' | 'bits' | 'format'>): Uint8Array =>
        tiffFile({ width, height, big, isDeflated, rowsPerStrip: 7, ...parts });
      assertDepth(await runMap('m.tif', file({ values: levels(scene, 255), bits: 8 })));
      assertDepth(await runMap('m.tif', file({ values: grey16, bits: 16 })), scene, 0.0001);
      assertDepth(await runMap('disparity.tif', file({ values: levels(scene, 1e6), bits: 32 })), scene, 0.0001);
      assertDepth(await runMap('disparity.tif', file({ values: levels(scene, 30_000), bits: 16, format: 2 })), scene, 0.0001);
      assertDepth(await runMap('disparity.tif', file({ values: scene.disparity, bits: 32, format: 3 })), scene, 0.0001);
    }
  }
});

test('TIFF: floats are what an array is: distances are found, and the same numbers give the same depth as NPY', async () => {
  const metres = Float32Array.from(scene.disparity, (d) => 1 / (0.05 + d));
  const tiff = await runMap('depth.tif', tiffFile({ width, height, values: metres, bits: 32, format: 3 }));
  const npy = await runMap('depth.npy', npyFile(metres, 'f4', [height, width]));
  assert.deepEqual(tiff.result.depth.disparity, npy.result.depth.disparity);
  assertDepth(tiff);
});

test('TIFF: what is unknown is filled: NaN, GDAL\'s "no data", alpha', async () => {
  const isHole = (i: number): boolean => i % width > 20 && i % width < 25 && i / width > 25;
  const disparity = scene.disparity.map((d, i) => (isHole(i) ? NaN : d));
  const files = [
    tiffFile({ width, height, values: disparity, bits: 32, format: 3 }),
    tiffFile({ width, height, values: disparity.map((d) => (Number.isNaN(d) ? -9999 : d)), bits: 32, format: 3, tags: { 42113: '-9999' } }),
    tiffFile({ width, height, values: grey16.flatMap((v, i) => [v, isHole(i) ? 0 : 65535]), bits: 16, samples: 2, tags: { 338: [2] } }),
  ];
  for (const bytes of files) {
    const done = await runMap('disparity.tif', bytes);
    assertDepth(done, scene, 0.01);
    assert.match(done.context.warnings.join(), /disparity\.tif has pixels without depth \(2 %\)/);
  }
});

test('TIFF: white is zero, orientation, grey in RGB, false colours', async () => {
  assertDepth(
    await runMap('m.tif', tiffFile({ width, height, values: grey16.map((v) => 65535 - v), bits: 16, tags: { 262: [0] } })),
    scene,
    0.0001,
  );
  const turned = Array.from({ length: width * height }, (_, i) => grey16[width * height - 1 - i] ?? 0);
  assertDepth(await runMap('m.tif', tiffFile({ width, height, values: turned, bits: 16, tags: { 274: [3] } })), scene, 0.0001);
  assertDepth(
    await runMap('m.tif', tiffFile({ width, height, values: grey16.flatMap((v) => [v, v, v]), bits: 16, samples: 3 })),
    scene,
    0.0001,
  );
  const done = await runMap(
    'm.tif',
    tiffFile({ width, height, values: [...scene.disparity].flatMap((d) => paletteColour('inferno', d)), bits: 8, samples: 3 }),
  );
  assertDepth(done, scene, 0.012);
  assert.match(done.context.notes.join(), /false colours \(inferno\)/);
});

test('TIFF: what is not read says so', async () => {
  const file = tiffFile({ width, height, values: grey16, bits: 16 });
  const refused = (bytes: Uint8Array, message: RegExp): Promise<void> =>
    assert.rejects(runMap('m.tif', bytes), { code: 'bad-depth', message });
  await refused(
    tiffFile({ width, height, values: grey16, bits: 16, tags: { 259: [7] } }),
    /m\.tif: TIFF files compressed with JPEG are not read\. Save it as a grey TIFF/,
  );
  await refused(tiffFile({ width, height, values: grey16, bits: 16, tags: { 262: [5] } }), /of a kind that is no depth map/);
  await refused(tiffFile({ width, height, values: grey16, bits: 16, tags: { 258: [12] } }), /12 bits a sample/);
  await refused(
    tiffFile({ width, height, values: [...stretched(scene.disparity)].flatMap((d) => [d, 1 - d, 0.3]), bits: 32, format: 3, samples: 3 }),
    /colours as 32-bit numbers/,
  );
  await refused(file.slice(0, 1000), /its directory is cut off/);
  await refused(
    tiffFile({ width, height, values: grey16, bits: 16, tags: { 257: [60_000], 278: [60_000] } }),
    /its header claims 40 × 60000 samples, but 2400 bytes of picture data cannot hold them/,
  );
  await refused(
    tiffFile({ width, height, values: grey16, bits: 16, isDeflated: true, tags: { 257: [40], 278: [40] } }),
    /its picture data ends early \(2400 of 3200 bytes/,
  );
});
