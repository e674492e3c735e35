import { decode, type DecodedPng } from 'fast-png';
import type { Passes } from 'unflat/plugin';
import { HALF_OPAQUE, type MapColours } from './classify-colours.ts';
import { inBands } from './in-bands.ts';
import { isColoured, luma } from './luma.ts';
import { PNG_CHANNELS, SAVE_AGAIN, pictureOnly, readPngHeader, unpackedPicture, type PngHeader } from './read-png-header.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';

/** Largest unpacked picture, in bytes. */
const MAX_BYTES = 2 ** 28 + 2 ** 16;

/** A PNG's levels, or its colours where they are no greys. */
export interface ReadPng {
  map: RawDepth;
  colours?: MapColours;
}

/**
 * Reads a PNG of any bit depth and colour type. Greys become levels, less than half opaque becomes unknown, levels stay as stored
 * (gamma and profiles say how a picture looks, not how deep it is); `map.values` is empty where there are colours.
 * Interlaced PNGs below 8 bit: undefined.
 * @throws UnflatError `bad-depth`; sizes are checked against the data before the picture's memory is taken.
 */
export function* readPng(bytes: Uint8Array, what: string): Passes<ReadPng | undefined> {
  const header = readPngHeader(bytes, what);
  const { width, height, bits, colourType, interlaced } = header;
  if (interlaced && bits < 8) return undefined;
  const rowBytes = Math.ceil((width * (PNG_CHANNELS[colourType] ?? 1) * bits) / 8);
  const expected = (rowBytes + 1) * height;
  if (expected > MAX_BYTES)
    throw badDepth(what, `it is too large to unpack (${width} × ${height}, ${bits} bit in colour).`, 'Save it in grey, or scale it down.');
  let png: DecodedPng;
  try {
    const { size, pieces } = yield* unpackedPicture(bytes, interlaced ? expected * 2 + 64 : expected);
    if (size < expected) throw badDepth(what, `its picture data ends early (${size} of ${expected} bytes).`, SAVE_AGAIN);
    if (!interlaced && size > expected)
      throw badDepth(what, `its picture data is larger than its header claims (${width} × ${height}).`, SAVE_AGAIN);
    const picture = yield* pictureOnly(bytes, colourType, pieces);
    yield;
    png = decode(picture);
  } catch (error) {
    if (error instanceof Error && error.name === 'UnflatError') throw error;
    throw badDepth(what, `damaged PNG file (${error instanceof Error ? error.message : String(error)}).`, SAVE_AGAIN, error);
  }
  yield;
  return yield* toLevels(png, header, what);
}

function* toLevels(png: DecodedPng, header: PngHeader, what: string): Passes<ReadPng> {
  const { width, height, bits, colourType } = header;
  const map: RawDepth = {
    width,
    height,
    values: new Float32Array(0),
    what,
    fullScale: colourType === 3 ? 255 : 2 ** bits - 1,
    meaning: 'guess',
    kind: 'picture',
    step: 1,
  };
  if (hasColours(png, header)) return { map, colours: yield* coloursOf(png, header) };
  const values = new Float32Array(width * height);
  const read = sampleReader(png, header);
  const data = png.data;
  yield* inBands(height, width, (from, to) => {
    for (let y = from, i = from * width; y < to; y++) {
      for (let x = 0; x < width; x++, i++) values[i] = read(data, x, y);
    }
  });
  return { map: { ...map, values } };
}

/** Looks at an even sample of the pixels. */
function hasColours(png: DecodedPng, { bits, colourType }: PngHeader): boolean {
  const { data, palette } = png;
  if (colourType === 3) return palette?.some(([red = 0, green = 0, blue = 0]) => isColoured(red, green, blue, 255)) ?? false;
  if (colourType === 0 || colourType === 4) return false;
  const channels = PNG_CHANNELS[colourType] ?? 1;
  const stride = channels * Math.max(1, Math.floor(data.length / channels / 9973));
  for (let i = 0; i < data.length; i += stride) {
    if (isColoured(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0, 2 ** bits - 1)) return true;
  }
  return false;
}

/** The picture's 8-bit colours; what its palette or its key makes transparent has alpha 0. */
function* coloursOf(png: DecodedPng, { width, height, bits, colourType }: PngHeader): Passes<MapColours> {
  const { data, palette, transparency: key } = png;
  const channels = PNG_CHANNELS[colourType] === 4 ? 4 : 3;
  if (!palette && !key && data instanceof Uint8Array) return { data, channels };
  const rgba = new Uint8Array(width * height * 4);
  const index = packedReader(width, bits);
  const shift = bits === 16 ? 8 : 0;
  yield* inBands(height, width, (from, to) => {
    for (let y = from, o = 4 * from * width; y < to; y++) {
      for (let x = 0; x < width; x++, o += 4) {
        const i = (o / 4) * channels;
        const [red = 0, green = 0, blue = 0, alpha] = palette
          ? (palette[index(data, x, y)] ?? [0, 0, 0, 0])
          : data.subarray(i, i + channels);
        const isKey = key !== undefined && !palette && red === key[0] && green === key[1] && blue === key[2];
        rgba[o] = red >> shift;
        rgba[o + 1] = green >> shift;
        rgba[o + 2] = blue >> shift;
        rgba[o + 3] = isKey ? 0 : alpha === undefined ? 255 : alpha >> shift;
      }
    }
  });
  return { data: rgba, channels: 4 };
}

type SampleReader = (data: DecodedPng['data'], x: number, y: number) => number;

function sampleReader(png: DecodedPng, { width, bits, colourType }: PngHeader): SampleReader {
  if (colourType === 3) {
    const palette = png.palette ?? [];
    const levels = palette.map(([red = 0, green = 0, blue = 0, alpha = 255]) => (alpha < HALF_OPAQUE ? NaN : luma(red, green, blue)));
    const index = packedReader(width, bits);
    return (data, x, y) => levels[index(data, x, y)] ?? NaN;
  }
  const key = png.transparency;
  if (colourType === 0) {
    const level = packedReader(width, bits);
    const hidden = key?.[0];
    return (data, x, y) => {
      const value = level(data, x, y);
      return value === hidden ? NaN : value;
    };
  }
  const channels = PNG_CHANNELS[colourType] ?? 1;
  const halfOpaque = 2 ** (bits - 1);
  if (colourType === 4) {
    return (data, x, y) => {
      const i = (y * width + x) * channels;
      return (data[i + 1] ?? 0) < halfOpaque ? NaN : (data[i] ?? NaN);
    };
  }
  return (data, x, y) => {
    const i = (y * width + x) * channels;
    const red = data[i] ?? 0;
    const green = data[i + 1] ?? 0;
    const blue = data[i + 2] ?? 0;
    if (channels === 4 ? (data[i + 3] ?? 0) < halfOpaque : key && red === key[0] && green === key[1] && blue === key[2]) return NaN;
    return luma(red, green, blue);
  };
}

/** Reads samples of 1, 2, 4, 8 or 16 bits; below 8, several share a byte and rows begin on a byte. */
function packedReader(width: number, bits: number): SampleReader {
  if (bits >= 8) return (data, x, y) => data[y * width + x] ?? 0;
  const rowBytes = Math.ceil((width * bits) / 8);
  const mask = 2 ** bits - 1;
  return (data, x, y) => ((data[y * rowBytes + ((x * bits) >> 3)] ?? 0) >> (8 - bits - ((x * bits) & 7))) & mask;
}
