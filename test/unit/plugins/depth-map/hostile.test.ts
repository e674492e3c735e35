import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import depthMap from '../../../../plugins/depth-map/index.ts';
import { UnflatError } from '../../../../src/core/index.ts';
import type { OptionValues } from '../../../../src/plugin-api/index.ts';
import {
  appendedPhoto,
  concat,
  dynamicDepthPhoto,
  exif,
  gdepthPhoto,
  greyPng,
  greyRaster,
  huaweiPhoto,
  ihdr,
  jpegFile,
  levels,
  npyFile,
  npyHeader,
  pfmFile,
  pngChunk,
  pngFile,
  PNG_SIGNATURE,
  samsungPhoto,
  segment,
  withSegments,
} from '../../../fixtures/depth-files.ts';
import { tiffFile } from '../../../fixtures/tiff-file.ts';
import { photoOf, testContext, type TestContext } from '../../../fixtures/plugin-context.ts';
import { DEFAULTS, photoBytes, photoRaster, runMap, scene } from '../../../fixtures/run-depth-map.ts';

const { width, height } = scene;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

interface Attempt {
  map?: Uint8Array;
  name?: string;
  photo?: Uint8Array;
  options?: OptionValues;
  context?: TestContext;
}

/** The error that comes of it, after asserting that it is one a person can read, soon and without much memory. */
async function failure({
  map,
  name = 'map.bin',
  photo = photoBytes,
  options = {},
  context = testContext(),
}: Attempt): Promise<UnflatError | undefined> {
  const input = {
    photo: photoOf(photoRaster),
    file: { name: 'photo.jpg', bytes: photo },
    options: { ...DEFAULTS, ...options },
    ...(map && { map: { name, bytes: map } }),
  };
  const before = process.memoryUsage().rss;
  // Processor time, as other work on the machine must not fail a test.
  const start = process.cpuUsage();
  try {
    await depthMap.detect?.(input, context);
    await depthMap.estimate(input, context);
    return undefined;
  } catch (error) {
    if (!(error instanceof UnflatError)) throw error;
    assert.match(error.message, new RegExp(map ? name.replace('.', '\\.') : 'photo\\.jpg'), 'the message names the file');
    assert.ok(error.message.split(/[.:] /).length >= 2, `the message says why and what to do: ${error.message}`);
    return error;
  } finally {
    const used = process.cpuUsage(start);
    const seconds = (used.user + used.system) / 1e6;
    assert.ok(seconds < 4, `took ${seconds.toFixed(1)} s`);
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    assert.ok(grown < 400, `grew by ${grown.toFixed(0)} MB`);
  }
}

async function refused(name: string, bytes: Uint8Array, message: RegExp): Promise<void> {
  const error = await failure({ map: bytes, name });
  assert.equal(error?.code, 'bad-depth', `${name} must be refused`);
  assert.match(error?.message ?? '', message);
}

test('maps that are no maps', async () => {
  await refused('empty.png', new Uint8Array(), /empty/);
  await refused('notes.png', text('dear diary'), /it is a text file, which is not read as a depth map\. Save the array with np\.save/);
  await refused('zeros.jpg', new Uint8Array(5000), /all zero/);
  await refused('half.jpg', jpegFile(greyRaster(scene)).slice(0, 300), /cannot be decoded as a picture; it may be damaged/);
});

test('NPY files that hold no depth', async () => {
  const values = new Float32Array(width * height);
  const dict = (descr: string, shape = `(${height}, ${width})`): Uint8Array =>
    concat(npyHeader(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`), new Uint8Array(values.buffer));
  await refused('a.npy', dict("'|O'"), /pickled Python objects, which are never opened/);
  await refused('a.npy', dict("[('z', '<f4'), ('c', '<f4')]"), /records/);
  await refused('a.npy', dict("'<c8'"), /type "c8"/);
  await refused('a.npy', dict("'<U4'"), /type "U4"/);
  await refused('a.npy', dict("'<f4'", '(7,)'), /shape \(7\)/);
  await refused('a.npy', dict("'<f4'", '()'), /shape \(\)/);
  await refused('a.npy', dict("'<f4'", `(2, ${height}, ${width})`), /shape \(2, 30, 40\)/);
  await refused('a.npy', dict("'<f4'", '(0, 5)'), /cannot be/);
  await refused('a.npy', text('\x93NUMPY'), /./);
  await refused('a.npy', npyFile(values, 'f4', [height, width]).slice(0, 40), /header claims/);
  await refused('a.npy', npyFile(values, 'f4', [height, width]).slice(0, 2000), /bytes follow.*cut off/);
  await refused('a.npy', concat([0x93], 'NUMPY', [2, 0], [255, 255, 255, 127], new Uint8Array(50)), /header claims 2147483647 bytes/);
});

test('headers that claim gigabytes are refused before memory is taken', async () => {
  for (const shape of ['(100000, 100000)', '(8192, 8192)', '(9007199254740991, 9007199254740991)', '(99999999999999999999, 1)']) {
    await refused(
      'a.npy',
      concat(npyHeader(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`), new Uint8Array(64)),
      /header claims/,
    );
  }
  await refused('a.pfm', text('Pf\n100000 100000\n-1.0\n0000'), /100000 × 100000/);
  await refused('a.pfm', text('Pf\n8000 8000\n-1.0\n0000'), /bytes follow/);
  await refused('a.pfm', text('Pf\n0 8000\n-1.0\n0000'), /cannot be/);
  await refused('a.pfm', text('Pf\n-4 4\n-1.0\n0000'), /header/);
  await refused('a.pfm', text('Pf\n4 4\n0\n0000000000000000000000000000000000000000000000000000000000000000'), /scale/);
  for (const [w, h] of [
    [2 ** 31 - 1, 2 ** 31 - 1],
    [60_000, 60_000],
    [8000, 8000],
  ] as const) {
    await refused(
      'a.png',
      concat(PNG_SIGNATURE, ihdr(w, h, 16, 0), pngChunk('IDAT', new Uint8Array(deflateSync(new Uint8Array(100)))), pngChunk('IEND', [])),
      /header claims|ends early/,
    );
  }
  const jpeg = jpegFile(greyRaster(scene));
  const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
  jpeg.set([0xff, 0xff, 0xff, 0xff], frame + 5);
  await refused('a.jpg', jpeg, /header claims 65535 × 65535/);
});

test('PNGs that unpack to gigabytes, in picture or profile, or with a second header', async () => {
  const much = new Uint8Array(deflateSync(new Uint8Array(2 ** 27), { level: 1 }));
  const end = pngChunk('IEND', []);
  await refused('bomb.png', concat(PNG_SIGNATURE, ihdr(40, 30, 8, 0), pngChunk('IDAT', much), end), /larger than its header claims/);
  const honest = greyPng(scene);
  const profile = concat(honest.slice(0, 33), pngChunk('iCCP', concat('x\0\0', much)), honest.slice(33));
  assert.equal(await failure({ map: profile, name: 'm.png' }), undefined);
  const twice = concat(honest.slice(0, 33), ihdr(30_000, 30_000, 16, 6), honest.slice(33));
  assert.equal(await failure({ map: twice, name: 'm.png' }), undefined);
  await refused('cut.png', honest.slice(0, honest.length - 60), /ends early/);
  await refused('nothing.png', concat(PNG_SIGNATURE, ihdr(40, 30, 8, 0), end), /ends early/);
  await refused('palette.png', pngFile({ width, height, bits: 8, colourType: 3, samples: levels(scene, 255) }), /every value is unknown/);
});

test('TIFFs that unpack to gigabytes, with tiles of a sample, with parts that are read again and again', async () => {
  const parts = { width, height, bits: 16, values: levels(scene, 65535) } as const;
  const much = new Uint8Array(deflateSync(new Uint8Array(2 ** 27), { level: 1 }));
  const bomb = concat(tiffFile({ ...parts, isDeflated: true }));
  const view = new DataView(bomb.buffer);
  const tag = (wanted: number): number => {
    const start = view.getUint32(4, true);
    for (let at = start + 2; ; at += 12) if (view.getUint16(at, true) === wanted) return at + 8;
  };
  view.setUint32(tag(273), bomb.length, true);
  view.setUint32(tag(279), much.length, true);
  const { context } = await runMap('bomb.tif', concat(bomb, much));
  assert.match(context.warnings.join(), /the same everywhere/);
  await refused('tiles.tif', tiffFile({ ...parts, tags: { 322: [1], 323: [1], 324: [8], 325: [1] } }), /missing/);
  await refused('wide.tif', tiffFile({ ...parts, tags: { 256: [65_000], 257: [65_000] } }), /header claims/);
  await refused(
    'rows.tif',
    tiffFile({ width: 1, height: 60_000, bits: 8, values: new Uint8Array(60_000), rowsPerStrip: 1, tags: { 277: [8], 284: [2] } }),
    /too many|missing/,
  );
});

test('maps without depth: constant ones are flat with a warning, unknown ones are refused', async () => {
  for (const [name, bytes] of [
    ['flat.png', greyPng({ ...scene, disparity: new Float32Array(width * height).fill(0.4) })],
    ['flat.npy', npyFile(new Float32Array(width * height).fill(3), 'f4', [height, width])],
    ['dot.png', pngFile({ width: 1, height: 1, bits: 8, colourType: 0, samples: [9] })],
  ] as const) {
    const { result, context } = await runMap(name, bytes);
    assert.ok(result.depth.disparity.every((d) => d === 0.5));
    assert.match(context.warnings.join(), /shows no depth: it is the same everywhere/);
  }
  await refused('nan.npy', npyFile(new Float32Array(width * height).fill(NaN), 'f4', [height, width]), /every value is unknown/);
  await refused('inf.pfm', pfmFile({ width, height, values: new Float32Array(width * height).fill(Infinity) }), /every value is unknown/);
  await refused(
    'clear.png',
    pngFile({ width, height, bits: 8, colourType: 4, samples: levels(scene, 255).flatMap((v) => [v, 0]) }),
    /every value is unknown/,
  );
});

test('NaN and infinite places are filled from around them, with a warning', async () => {
  const holed = scene.disparity.map((d, i) => (i % 7 === 0 ? NaN : i % 11 === 0 ? Infinity : 0.1 + d));
  const { result, context } = await runMap('disparity.npy', npyFile(holed, 'f4', [height, width]));
  assert.ok(result.depth.disparity.every((d) => d >= 0 && d <= 1));
  assert.match(context.warnings.join(), /disparity\.npy has pixels without depth \(\d+ %\)/);
});

test('the map of another picture is told by its shape', async () => {
  const map = (w: number, h: number): Uint8Array =>
    greyPng({ width: w, height: h, disparity: Float32Array.from({ length: w * h }, (_, i) => i / (w * h)) });
  assert.deepEqual((await runMap('a.png', map(41, 30))).context.warnings, []);
  assert.match(
    (await runMap('a.png', map(120, 80))).context.warnings.join(),
    /a\.png is 120 × 80, but photo\.jpg is 40 × 30: the shapes differ/,
  );
  await refused('a.png', map(90, 30), /it is 90 × 30, but photo\.jpg is 40 × 30.*belongs to this photo/);
  await refused('a.png', map(90, 120), /turned by 90°/);
});

test('a cancelled run rejects with the reason, before and during', async () => {
  const controller = new AbortController();
  controller.abort(new Error('enough'));
  const input = {
    photo: photoOf(photoRaster),
    file: { name: 'photo.jpg', bytes: photoBytes },
    map: { name: 'm.png', bytes: greyPng(scene) },
    options: DEFAULTS,
  };
  await assert.rejects(depthMap.estimate(input, testContext(controller.signal)), { message: 'enough' });
  const later = new AbortController();
  const context = testContext(later.signal);
  context.decodeImage = () => {
    later.abort(new Error('changed my mind'));
    return Promise.reject(new UnflatError('unreadable-image', 'x'));
  };
  await assert.rejects(depthMap.estimate({ ...input, map: { name: 'm.jpg', bytes: jpegFile(greyRaster(scene)) } }, context), {
    message: 'changed my mind',
  });
});

// Whatever looked at all that follows for each byte or word would take hours.
test('3 MB made to be slow are still searched in one pass', async () => {
  const size = 3 * 2 ** 20;
  const big = (pattern: readonly number[], head: Uint8Array = photoBytes): Uint8Array => {
    const bytes = new Uint8Array(Buffer.alloc(size, Buffer.from(pattern)).buffer);
    bytes.set(head);
    return bytes;
  };
  const scan = concat([0xff, 0xd8], segment(0xda, [1, 2, 3]));
  for (const photo of [
    big([0xff, 0x00], scan),
    big([0xff, 0xd8], photoBytes),
    big([0xff, 0xd8, 0xff]),
    big([0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0]),
    big([0xff, 0xe1, 0, 2], new Uint8Array([0xff, 0xd8])),
    big([0x3c]),
    big([...text('DepthEn\0')]),
    big([...text('SEFT')]),
    big([...text('SEFH')]),
  ])
    await failure({ photo });
  const packet = (words: string): Uint8Array =>
    concat(
      withSegments(
        photoBytes,
        ...Array.from({ length: 45 }, (_, i) =>
          segment(
            0xe1,
            'http://ns.adobe.com/xmp/extension/\0',
            'A'.repeat(32),
            [1, 0x5f, 0x90, 0],
            [(i * 64_000) >>> 24, ((i * 64_000) >> 16) & 255, ((i * 64_000) >> 8) & 255, 0],
            text(words.repeat(64_000 / words.length)),
          ),
        ),
      ),
    );
  for (const words of ['<a b="', '<', '<a>', '&#1;', '<!--', '<a b=\'">', '"<x>', 'xmlns:', '<a x:b="1"/>'])
    await failure({ photo: packet(words.padEnd(16).slice(0, 16)) });
  for (const name of ['m.npy', 'm.pfm', 'm.png']) {
    const head =
      name === 'm.npy'
        ? npyHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (   ")
        : name === 'm.pfm'
          ? text('Pf ')
          : concat(PNG_SIGNATURE, ihdr(40, 30, 8, 0));
    await failure({ map: big([0x20], head), name });
    await failure({ map: big([0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54, 0, 0, 0, 0], head), name });
  }
});

const tiffFixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/maps/tiff/${name}.tif`, import.meta.url)));

const exrFixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/maps/exr/${name}.exr`, import.meta.url)));

// Fuzzing: whatever happens to a sound file, the answer is a depth map or an error for people.
const jpegDepth = jpegFile(greyRaster(scene, true), 80);
const sound: Record<string, Attempt> = {
  'grey PNG': { map: greyPng(scene, 16) },
  'palette PNG': {
    map: pngFile({
      width,
      height,
      bits: 8,
      colourType: 3,
      samples: levels(scene, 255),
      palette: Array.from({ length: 768 }, (_, i) => i / 3),
      transparency: [9, 8, 0],
    }),
  },
  NPY: { map: npyFile(scene.disparity, 'f4', [height, width]) },
  'NPY of halves': { map: npyFile(scene.disparity, 'f2', [height, width], { big: true, fortran: true }) },
  PFM: { map: pfmFile({ width, height, values: scene.disparity }) },
  'JPEG map': { map: jpegDepth },
  TIFF: { map: tiffFile({ width, height, values: levels(scene, 65535), bits: 16, isDeflated: true, rowsPerStrip: 8, tags: { 317: [2] } }) },
  'TIFF of floats': { map: tiffFile({ width, height, values: scene.disparity, bits: 32, format: 3, big: true }) },
  'TIFF in LZW': { map: tiffFixture('lzw-float-big') },
  'TIFF in tiles': { map: tiffFixture('tiles-16') },
  'OpenEXR, ZIP': { map: exrFixture('blender-zip') },
  'OpenEXR, PIZ': { map: exrFixture('piz-half') },
  'OpenEXR, tiles': { map: exrFixture('zips-tiles') },
  'OpenEXR, parts': { map: exrFixture('parts-zip') },
  'OpenEXR, PXR24': { map: exrFixture('pxr24') },
  'OpenEXR, RLE': { map: exrFixture('rle') },
  PGM: { map: concat(`P5\n${width} ${height}\n255\n`, levels(scene, 255)) },
  'PGM as text': { map: text(`P2\n${width} ${height}\n255\n${levels(scene, 255).join(' ')}\n`) },
  NPZ: { map: zipSync({ 'depth.npy': npyFile(scene.disparity, 'f4', [height, width]), 'other.npy': npyFile([1, 2], 'f4', [2]) }) },
  'TIFF in PackBits': { map: tiffFixture('packbits-8') },
  GDepth: { photo: gdepthPhoto(photoBytes, greyPng(scene, 8, true), { partSize: 400 }) },
  'Dynamic Depth': { photo: dynamicDepthPhoto(photoBytes, jpegDepth, { padding: 10 }) },
  Samsung: { photo: samsungPhoto(withSegments(photoBytes, exif(6)), { ...scene, levels: levels(scene, 255) }, 5) },
  Huawei: { photo: huaweiPhoto(photoBytes, photoBytes, { ...scene, levels: levels(scene, 255) }) },
  MPF: { photo: appendedPhoto(photoBytes, [jpegDepth], { mpf: true }) },
};

for (const [kind, attempt] of Object.entries(sound)) {
  test(`fuzz: ${kind}, cut off, with bytes changed, with lengths that lie`, async () => {
    const bytes = attempt.map ?? attempt.photo ?? new Uint8Array();
    const position = fc.integer({ min: 0, max: bytes.length - 1 });
    // Headers matter most, and trailers.
    const edge = fc.oneof(
      position,
      fc.integer({ min: 0, max: Math.min(bytes.length - 1, 200) }),
      fc.integer({ min: Math.max(0, bytes.length - 120), max: bytes.length - 1 }),
    );
    const damage = fc.record({
      cut: fc.option(position, { freq: 4 }),
      changes: fc.array(fc.tuple(edge, fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 255, 0x7f, 0x80))), { maxLength: 6 }),
      lie: fc.option(fc.tuple(edge, fc.constantFrom([255, 255, 255, 255], [0, 0, 0, 0], [127, 255, 255, 255], [0, 0, 255, 255]))),
      options: fc.record({ polarity: fc.constantFrom('auto', 'near-white', 'near-black'), exact: fc.boolean(), flip: fc.boolean() }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ cut, changes, lie, options }) => {
        const damaged = bytes.slice(0, cut ?? bytes.length);
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        if (lie) damaged.set(lie[1].slice(0, Math.max(0, damaged.length - lie[0])), Math.min(lie[0], damaged.length));
        await failure({ ...attempt, ...(attempt.map ? { map: damaged } : { photo: damaged }), options });
      }),
      { numRuns: 150 },
    );
  });
}
