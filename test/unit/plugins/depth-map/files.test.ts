import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, greyPng, greyRaster, jpegFile, levels, npyFile, pfmFile, pngFile, type NpyType } from '../../../fixtures/depth-files.ts';
import { assertDepth, run, runMap, scene } from '../../../fixtures/run-depth-map.ts';

const { width, height } = scene;
const grey8 = levels(scene, 255);
const near = (v: number): number => 0.05 + v;
const inverse = Float32Array.from(scene.disparity, (d) => 1 / near(d));

test('8-bit and 16-bit grey PNGs', async () => {
  assertDepth(await runMap('photo_depth.png', greyPng(scene, 8)));
  assertDepth(await runMap('photo_depth.png', greyPng(scene, 16)), scene, 0.0001);
});

test('16 bits are kept: neighbouring levels stay apart', async () => {
  const fine = { width: 256, height: 192, disparity: Float32Array.from({ length: 256 * 192 }, (_, i) => i / (256 * 192)) };
  const { result } = await run({
    map: { name: 'm.png', bytes: greyPng(fine, 16) },
    raster: { width: 256, height: 192, rgba: new Uint8ClampedArray(256 * 192 * 4) },
  });
  assert.ok(new Set(result.depth.disparity).size > 40_000);
});

test('PNGs of other kinds: colour, palette, grey or colour with alpha, 1 to 4 bit', async () => {
  const rgb = grey8.flatMap((v) => [v, v, v]);
  assertDepth(await runMap('m.png', pngFile({ width, height, bits: 8, colourType: 2, samples: rgb })));
  assertDepth(
    await runMap('m.png', pngFile({ width, height, bits: 16, colourType: 2, samples: levels(scene, 65535).flatMap((v) => [v, v, v]) })),
    scene,
    0.0001,
  );
  assertDepth(await runMap('m.png', pngFile({ width, height, bits: 8, colourType: 4, samples: grey8.flatMap((v) => [v, 255]) })));
  assertDepth(await runMap('m.png', pngFile({ width, height, bits: 8, colourType: 6, samples: grey8.flatMap((v) => [v, v, v, 255]) })));
  const palette = Array.from({ length: 256 }, (_, i) => [255 - i, 255 - i, 255 - i]).flat();
  assertDepth(await runMap('m.png', pngFile({ width, height, bits: 8, colourType: 3, samples: grey8.map((v) => 255 - v), palette })));
  const four = { ...scene, disparity: Float32Array.from(levels(scene, 15), (v) => v / 15) };
  assertDepth(await runMap('m.png', pngFile({ width, height, bits: 4, colourType: 0, samples: levels(scene, 15) })), four);
  assertDepth(
    await runMap(
      'm.png',
      pngFile({ width: 37, height: 28, bits: 2, colourType: 0, samples: Array.from({ length: 37 * 28 }, (_, i) => (i / 37 > 14 ? 3 : 1)) }),
    ),
    { width: 37, height: 28, disparity: Float32Array.from({ length: 37 * 28 }, (_, i) => (i / 37 > 14 ? 1 : 0)) },
  );
});

test('JPEG maps', async () => {
  assertDepth(await runMap('photo_depth.jpg', jpegFile(greyRaster(scene), 98)), scene, 0.02);
});

test('transparent places are unknown and filled, with a warning', async () => {
  const hidden = (i: number): boolean => i % width > 20 && i % width < 26 && i / width > 25;
  for (const bytes of [
    pngFile({ width, height, bits: 8, colourType: 4, samples: grey8.flatMap((v, i) => (hidden(i) ? [0, 0] : [v, 255])) }),
    pngFile({
      width,
      height,
      bits: 16,
      colourType: 6,
      samples: levels(scene, 65535).flatMap((v, i) => (hidden(i) ? [0, 0, 0, 0] : [v, v, v, 65535])),
    }),
    pngFile({
      width,
      height,
      bits: 8,
      colourType: 0,
      samples: grey8.map((v, i) => (hidden(i) ? 3 : v === 3 ? 4 : v)),
      transparency: [0, 3],
    }),
  ]) {
    const done = await runMap('m.png', bytes);
    assertDepth(done, scene, 0.01);
    assert.match(done.context.warnings.join(), /m\.png has pixels without depth/);
  }
});

test('NPY: every number type, both byte orders, C and Fortran order, versions 1 to 3', async () => {
  const top: Record<NpyType, number> = {
    f2: 1,
    f4: 1,
    f8: 1,
    i1: 127,
    i2: 32767,
    i4: 2 ** 31 - 1,
    i8: 2 ** 50,
    u1: 255,
    u2: 65535,
    u4: 2 ** 32 - 1,
    u8: 2 ** 50,
    b1: 1,
  };
  for (const type of Object.keys(top) as NpyType[]) {
    const values = Array.from(scene.disparity, (d) => (type.startsWith('f') ? d : Math.round(d * top[type])));
    const expected = type === 'b1' ? { ...scene, disparity: Float32Array.from(values) } : scene;
    for (const big of [false, true]) {
      assertDepth(await runMap('disparity.npy', npyFile(values, type, [height, width], { big })), expected, 0.005);
    }
  }
  const columns = Array.from({ length: width * height }, (_, i) => scene.disparity[(i % height) * width + Math.floor(i / height)] ?? 0);
  assertDepth(await runMap('disparity.npy', npyFile(columns, 'f4', [height, width], { fortran: true })));
  for (const version of [2, 3]) assertDepth(await runMap('disparity.npy', npyFile(scene.disparity, 'f4', [height, width], { version })));
});

test('NPY: shapes (1, h, w), (h, w, 1), (1, 1, h, w) and (h, w, 3)', async () => {
  for (const shape of [
    [1, height, width],
    [height, width, 1],
    [1, 1, height, width],
  ]) {
    assertDepth(await runMap('disparity.npy', npyFile(scene.disparity, 'f4', shape)));
  }
  const colours = Array.from(scene.disparity).flatMap((d) => [d, d, d]);
  assertDepth(await runMap('disparity.npy', npyFile(colours, 'f4', [height, width, 3])));
});

test('PFM: one and three numbers a sample, both byte orders, rows from the bottom', async () => {
  for (const big of [false, true]) {
    for (const colour of [false, true]) {
      assertDepth(await runMap('disparity.pfm', pfmFile({ width, height, values: scene.disparity }, { big, colour })));
    }
  }
});

test('PFM headers of Windows programs, with spaces, with comments, with bytes after the numbers', async () => {
  // Numbers whose first byte looks like the end of a line.
  for (const first of [0.5, new Float32Array(Uint8Array.of(0x0a, 0x0d, 0x20, 0x3f).buffer)[0] ?? 0]) {
    const disparity = scene.disparity.slice();
    disparity[(height - 1) * width] = first;
    for (const [gap, end] of [
      ['\n', '\n'],
      ['\r\n', '\r\n'],
      [' ', '\n'],
      ['\n', ' \n'],
      [' ', ' '],
      ['\r\n', '\n'],
      ['\n# made by a program\n', '\n'],
      ['\r\n# one\r\n# two\r\n', '\r\n'],
      ['\r', '\r'],
    ] as const) {
      const bytes = pfmFile({ width, height, values: disparity }, { gap, end });
      assertDepth(await runMap('disparity.pfm', bytes), { ...scene, disparity }, 0.001);
      if (end.endsWith('\n')) assertDepth(await runMap('disparity.pfm', concat(bytes, [9, 9, 9, 9, 9])), { ...scene, disparity }, 0.001);
    }
  }
});

test('distances become disparities, whatever their unit', async () => {
  for (const unit of [1, 1000]) {
    const values = inverse.map((z) => z * unit);
    for (const [name, bytes] of [
      ['depth.npy', npyFile(values, 'f4', [height, width])],
      ['out.pfm', pfmFile({ width, height, values })],
    ] as const) {
      const done = await runMap(name, bytes);
      assertDepth(done, scene, 0.01);
      assert.match(done.context.notes.join(), /read as distances/);
    }
  }
  assertDepth(await runMap('x.npy', npyFile(inverse, 'f4', [height, width]), { polarity: 'near-black' }));
});

test("a depth camera's 16-bit millimetres, 0 = unknown", async () => {
  const millimetres = Array.from(inverse, (z, i) => (i % 31 === 0 ? 0 : Math.round(z * 800)));
  const done = await runMap('frame.png', pngFile({ width, height, bits: 16, colourType: 0, samples: millimetres }));
  assertDepth(done, scene, 0.03);
});

test('an all black 16-bit map is flat, not unknown', async () => {
  const done = await runMap(
    'm.png',
    pngFile({ width, height, bits: 16, colourType: 0, samples: Array.from({ length: width * height }, () => 0) }),
  );
  assert.match(done.context.warnings.join(), /m\.png shows no depth: it is the same everywhere/);
});

test('infinitely far is sky, not a hole', async () => {
  const values = Float32Array.from(scene.disparity, (d) => (d === 0 ? Infinity : 1 / d));
  const done = await runMap('depth.npy', npyFile(values, 'f4', [height, width]));
  assertDepth(done, scene, 0.01);
  assert.doesNotMatch(done.context.warnings.join(), /pixels without depth/);
});

test('a map of another size than the photo keeps its own', async () => {
  const small = { width: 20, height: 15, disparity: Float32Array.from({ length: 300 }, (_, i) => i / 300) };
  assertDepth(await runMap('m.png', greyPng(small, 16)), small);
});

test('very large maps are scaled down by area', async () => {
  const wide = new Uint8Array(6000 * 40);
  for (let i = 0; i < wide.length; i++) wide[i] = i % 2 === 0 ? Math.floor(i / 6000) * 6 : 0;
  const raster = { width: 600, height: 4, rgba: new Uint8ClampedArray(600 * 4 * 4) };
  const { result } = await run({ map: { name: 'm.npy', bytes: npyFile(wide, 'u1', [40, 6000]) }, raster });
  assert.equal(result.depth.width, 4096);
  assert.equal(result.depth.height, 27);
});
