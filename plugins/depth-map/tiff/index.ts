import type { Passes } from 'unflat/plugin';
import { depthOfColours, type ColourReading, type ColourWords } from '../colour-reading.ts';
import { viewOf } from '../bytes.ts';
import { halfToNumber } from '../half-to-number.ts';
import { inBands } from '../in-bands.ts';
import { isColoured } from '../luma.ts';
import { turnUpright } from '../turn-upright.ts';
import { badDepth, type RawDepth } from '../raw-depth.ts';
import { readTiffHeader, SAVE_TIFF, type TiffHeader } from './read-tiff-header.ts';
import { undoPredictor } from './undo-predictor.ts';
import { unpackBlock } from './unpack-block.ts';

/** Numbers as they lie in a block, at a place counted in samples. */
type Reader = (view: DataView, index: number) => number;

/**
 * Reads the first image of a TIFF as depth: grey of 8, 16 or 32 bit integers or floats, grey in RGB, false colours; strips or tiles,
 * either byte order, BigTIFF. 8 and 16 bits unsigned are levels of a picture, all else numbers. GDAL's "no data" value, NaN and what is
 * less than half opaque are unknown. EXIF orientation is obeyed.
 * @param say tells the person how colours were read.
 * @throws UnflatError `bad-depth`; sizes are checked against the file before memory is taken.
 */
export function* readTiff(bytes: Uint8Array, what: string, reading: ColourReading, say: ColourWords): Passes<RawDepth> {
  const header = readTiffHeader(bytes, what);
  const { width, height, bits, format, photometric, orientation } = header;
  const isPicture = format === 1 && bits <= 16;
  const raw: RawDepth = {
    width,
    height,
    what,
    values: new Float32Array(width * height),
    fullScale: format === 3 ? 1 : 2 ** (format === 2 ? bits - 1 : bits) - 1,
    meaning: 'guess',
    kind: isPicture ? 'picture' : 'array',
    step: format === 3 ? 0 : 1,
  };
  const { isGrey, rgba } = yield* readSamples(bytes, header, raw.values, what);
  yield;
  if (!isGrey && rgba)
    return turnUpright(yield* depthOfColours({ data: rgba, channels: 4 }, width, height, what, reading, say), orientation);
  if (!isGrey) throw badDepth(what, 'it holds colours as 32-bit numbers; a depth map is grey.', SAVE_TIFF);
  if (photometric === 0 && format !== 3) {
    yield* inBands(raw.values.length, 1, (from, to) => {
      for (let i = from; i < to; i++) raw.values[i] = raw.fullScale - raw.values[i]!;
    });
    yield;
  }
  return turnUpright(raw, orientation);
}

/** Fills `values` with the first sample of each pixel, and where there are 8 or 16-bit colours, makes them, 8 bit. */
function* readSamples(
  bytes: Uint8Array,
  header: TiffHeader,
  values: Float32Array,
  what: string,
): Passes<{ isGrey: boolean; rgba?: Uint8Array }> {
  const { width, height, bits, format, samples, photometric, alpha, palette, noData } = header;
  const colours = photometric === 2 ? Math.min(3, samples) : 1;
  const wanted = [...Array.from({ length: colours }, (_, i) => i), ...(alpha === undefined ? [] : [alpha])];
  const full = format === 3 ? 1 : 2 ** bits - 1;
  const rgba =
    (photometric === 3 && palette) || (colours === 3 && bits <= 16 && format === 1)
      ? new Uint8Array(width * height * 4).fill(255)
      : undefined;
  let isGrey = true;
  yield* readBlocks(bytes, header, wanted, what, (i, found) => {
    const first = found[0]!;
    const isUnknown = (alpha !== undefined && found[colours]! < full / 2) || first === noData;
    values[i] = isUnknown ? NaN : first;
    if (
      colours === 3 &&
      isGrey &&
      !isUnknown &&
      isColoured(first, found[1]!, found[2]!, format === 3 ? Math.max(Math.abs(first), 1e-6) : full)
    )
      isGrey = false;
    if (!rgba) return;
    const entry = photometric === 3 && palette ? [0, 1, 2].map((c) => palette[c * (palette.length / 3) + first] ?? 0) : undefined;
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = entry ? entry[c]! >> 8 : bits === 16 ? found[c]! >> 8 : found[c]!;
    if (isUnknown) rgba[4 * i + 3] = 0;
  });
  return photometric === 3 ? { isGrey: false, ...(rgba && { rgba }) } : { isGrey, ...(rgba && { rgba }) };
}

/** Unpacks the blocks one by one and hands over each pixel's wanted samples, in an array that is used again. */
function* readBlocks(
  bytes: Uint8Array,
  header: TiffHeader,
  wanted: readonly number[],
  what: string,
  take: (pixel: number, samples: Float64Array) => void,
): Passes<void> {
  const { width, height, bits, samples, isPlanar, blocks, blockWidth, blockHeight, isTiled, compression } = header;
  const read = readerFor(header);
  const across = Math.ceil(width / blockWidth);
  const perPlane = across * Math.ceil(height / blockHeight);
  const inBlock = isPlanar ? 1 : samples;
  const found = new Float64Array(wanted.length);
  const views = new Map<number, DataView>();
  for (let block = 0; block < perPlane; block++) {
    const [left, top] = [(block % across) * blockWidth, Math.floor(block / across) * blockHeight];
    const rows = isTiled ? blockHeight : Math.min(blockHeight, height - top);
    for (const sample of isPlanar ? wanted : [0]) {
      const { offset, size } = blocks[block + (isPlanar ? sample * perPlane : 0)]!;
      const out = new Uint8Array(blockWidth * rows * inBlock * (bits / 8));
      const length = yield* unpack(bytes.subarray(offset, offset + size), compression, out, what);
      if (length < out.length)
        throw badDepth(
          what,
          `its picture data ends early (${length} of ${out.length} bytes of a part).`,
          'The file is cut off or damaged: copy or save it again.',
        );
      yield* undoPredictor(out, header, blockWidth, inBlock);
      views.set(isPlanar ? sample : 0, viewOf(out));
    }
    yield;
    const columns = Math.min(blockWidth, width - left);
    yield* inBands(Math.min(rows, height - top), columns, (from, to) => {
      for (let y = from; y < to; y++) {
        for (let x = 0; x < columns; x++) {
          const at = (y * blockWidth + x) * inBlock;
          wanted.forEach((sample, k) => {
            found[k] = isPlanar ? read(views.get(sample)!, at) : read(views.get(0)!, at + sample);
          });
          take((top + y) * width + left + x, found);
        }
      }
    });
  }
}

function* unpack(packed: Uint8Array, compression: number, out: Uint8Array, what: string): Passes<number> {
  try {
    return yield* unpackBlock(packed, compression, out);
  } catch (error) {
    throw badDepth(
      what,
      `damaged TIFF file (${error instanceof Error ? error.message : String(error)}).`,
      'The file is cut off or damaged: copy or save it again.',
      error,
    );
  }
}

function readerFor({ bits, format, predictor, littleEndian }: TiffHeader): Reader {
  // The floating point predictor lays bytes down with the most significant first.
  const le = littleEndian && predictor !== 3;
  switch (`${format} ${bits}`) {
    case '1 8':
      return (view, i) => view.getUint8(i);
    case '1 16':
      return (view, i) => view.getUint16(2 * i, le);
    case '1 32':
      return (view, i) => view.getUint32(4 * i, le);
    case '2 8':
      return (view, i) => view.getInt8(i);
    case '2 16':
      return (view, i) => view.getInt16(2 * i, le);
    case '2 32':
      return (view, i) => view.getInt32(4 * i, le);
    case '3 16':
      return (view, i) => halfToNumber(view.getUint16(2 * i, le));
    case '3 64':
      return (view, i) => view.getFloat64(8 * i, le);
    default:
      return (view, i) => view.getFloat32(4 * i, le);
  }
}
