import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import { readExr } from '../../../../plugins/depth-map/exr/index.ts';
import depthMap from '../../../../plugins/depth-map/index.ts';
import type { RawDepth } from '../../../../plugins/depth-map/raw-depth.ts';
import { readNpy } from '../../../../plugins/depth-map/read-npy.ts';
import { readNpz } from '../../../../plugins/depth-map/read-npz.ts';
import { readPfm } from '../../../../plugins/depth-map/read-pfm.ts';
import { readPng } from '../../../../plugins/depth-map/read-png.ts';
import { readPnm } from '../../../../plugins/depth-map/read-pnm.ts';
import { readTiff } from '../../../../plugins/depth-map/tiff/index.ts';
import type { Passes } from '../../../../src/core/index.ts';
import { concat, greyRaster, npyFile, pfmFile, pngFile, rgbdRaster, testPhoto, testScene } from '../../../fixtures/depth-files.ts';
import { exrFile } from '../../../fixtures/exr-file.ts';
import { photoOf, testContext } from '../../../fixtures/plugin-context.ts';
import { DEFAULTS } from '../../../fixtures/run-depth-map.ts';
import { tiffFile } from '../../../fixtures/tiff-file.ts';

const [WIDTH, HEIGHT] = [1600, 1200];

for (const [what, hole] of [
  ['a map', 0],
  ['a map with holes', NaN],
] as const) {
  test(`a cancel arrives while ${what} is being read, not only after it`, async () => {
    const values = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
      (i % WIDTH) % 200 < 9 && hole !== 0 ? hole : 2 + Math.floor(i / WIDTH) / 300,
    );
    const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(128);
    const controller = new AbortController();
    const context = testContext(controller.signal);
    const reading = depthMap.estimate(
      {
        photo: photoOf({ width: WIDTH, height: HEIGHT, rgba }, 'photo.jpg'),
        file: { name: 'photo.jpg', bytes: new Uint8Array(100) },
        map: { name: 'photo.pfm', bytes: pfmFile({ width: WIDTH, height: HEIGHT, values }) },
        options: DEFAULTS,
      },
      context,
    );
    // As a worker hears of it: by a message, for which the event loop has to turn.
    setTimeout(() => controller.abort(new Error('enough')));
    await assert.rejects(reading, /^Error: enough$/);
    assert.ok(!context.fractions.includes(1));
  });
}

test('a cancel is seen while halves of a picture are held against each other', async () => {
  const scene = testScene(WIDTH, HEIGHT);
  const raster = rgbdRaster(testPhoto(scene), greyRaster(scene), 'right');
  const controller = new AbortController();
  const context = testContext(controller.signal, undefined, () => Promise.resolve(scene));
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => controller.abort(new Error('enough'));
  port2.postMessage(undefined);
  const input = { photo: photoOf(raster, 'photo.jpg'), file: { name: 'photo.jpg', bytes: new Uint8Array(100) }, options: DEFAULTS };
  await assert.rejects(async () => depthMap.detect?.(input, context), /^Error: enough$/);
  port1.close();
});

const SIDE = 1024;
const numbers = Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE) / 64 + Math.floor(i / SIDE) / 256);
const bytes = numbers.map((value) => Math.floor(value) & 255);
const levels16 = { width: SIDE, height: SIDE, values: numbers.map((value) => Math.floor(value * 256)), bits: 16 } as const;
const say = testContext();
const note = (): void => undefined;

/** Files that hold a million samples in one piece. */
const readers: Record<string, () => Passes<unknown>> = {
  NPY: () => readNpy(npyFile(numbers, 'f4', [SIDE, SIDE]), 'm.npy'),
  NPZ: () => readNpz(zipSync({ 'depth.npy': npyFile(numbers, 'f4', [SIDE, SIDE]) }), 'm.npz', note),
  PFM: () => readPfm(pfmFile({ width: SIDE, height: SIDE, values: numbers }), 'm.pfm'),
  PGM: () => readPnm(concat(`P5\n${SIDE} ${SIDE}\n255\n`, Uint8Array.from(bytes)), 'm.pgm', 'auto', say),
  'PGM as text': () => readPnm(concat(`P2\n${SIDE} ${SIDE}\n255\n`, bytes.join(' ')), 'm.pgm', 'auto', say),
  PNG: () => readPng(pngFile({ width: SIDE, height: SIDE, bits: 16, colourType: 0, samples: [...levels16.values] }), 'm.png'),
  TIFF: () => readTiff(tiffFile(levels16), 'm.tif', 'auto', say),
  'deflated TIFF': () => readTiff(tiffFile({ ...levels16, isDeflated: true }), 'm.tif', 'auto', say),
  'TIFF with LZW': () => readTiff(tiffFile({ ...levels16, pack: packLzw, tags: { 259: [5] } }), 'm.tif', 'auto', say),
  'TIFF with PackBits': () => readTiff(tiffFile({ ...levels16, pack: packBits, tags: { 259: [32773] } }), 'm.tif', 'auto', say),
  OpenEXR: () => readExr(exrFile(SIDE, SIDE, numbers), 'm.exr', note),
};

/** Bytes as codes of nine bits, begun anew before they would need ten. */
function packLzw(data: Uint8Array): Uint8Array {
  const codes: number[] = [];
  data.forEach((byte, i) => codes.push(...(i % 250 === 0 ? [256] : []), byte));
  const packed = new Uint8Array(Math.ceil(((codes.length + 1) * 9) / 8));
  [...codes, 257].forEach((code, k) => {
    const at = (9 * k) >> 3;
    const shifted = code << (7 - ((9 * k) & 7));
    packed[at]! |= shifted >> 8;
    packed[at + 1]! |= shifted & 255;
  });
  return packed;
}

/** As literal bytes alone. */
function packBits(data: Uint8Array): Uint8Array {
  return concat(...Array.from({ length: data.length / 128 }, (_, k) => concat([127], data.subarray(128 * k, 128 * (k + 1)))));
}

for (const [format, read] of Object.entries(readers)) {
  test(`a large ${format} map is read in pieces between which a cancel is heard`, () => {
    const work = read();
    let pieces = 1;
    for (let step = work.next(); ; step = work.next(), pieces++) {
      if (!step.done) continue;
      const map = (step.value as { map?: RawDepth }).map ?? (step.value as RawDepth);
      assert.deepEqual([map.width, map.height, map.values.length], [SIDE, SIDE, SIDE * SIDE]);
      assert.ok(map.values[SIDE * SIDE - 1]! > map.values[0]!);
      break;
    }
    assert.ok(pieces >= 4, `${pieces} pieces`);
  });
}
