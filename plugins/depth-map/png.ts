import { decode, type DecodedPng } from 'fast-png';
import { COLOURED_SHARE, colouredWarning, isColoured, luma } from './luma.ts';
import { PNG_CHANNELS, SAVE_AGAIN, pictureOnly, readPngHeader, unpackedSize, type PngHeader } from './png-chunks.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';

/** Largest unpacked picture, in bytes. */
const MAX_BYTES = 2 ** 28 + 2 ** 16;

/**
 * Reads a PNG of any bit depth and colour type. Colours become luma, alpha 0 becomes unknown, levels stay as stored
 * (gamma and profiles say how a picture looks, not how deep it is). Interlaced PNGs below 8 bit: undefined.
 * @throws UnflatError `bad-depth`; sizes are checked against the data before the picture's memory is taken.
 */
export function readPng(bytes: Uint8Array, what: string, warn: (message: string) => void): RawDepth | undefined {
  const header = readPngHeader(bytes, what);
  const { width, height, bits, colourType, interlaced } = header;
  if (interlaced && bits < 8) return undefined;
  const rowBytes = Math.ceil((width * (PNG_CHANNELS[colourType] ?? 1) * bits) / 8);
  const expected = (rowBytes + 1) * height;
  if (expected > MAX_BYTES) throw badDepth(what, `it is too large to unpack (${width} × ${height}, ${bits} bit in colour).`, 'Save it in grey, or scale it down.');
  let png: DecodedPng;
  try {
    const size = unpackedSize(bytes, interlaced ? expected * 2 + 64 : expected);
    if (size < expected) throw badDepth(what, `its picture data ends early (${size} of ${expected} bytes).`, SAVE_AGAIN);
    if (!interlaced && size > expected) throw badDepth(what, `its picture data is larger than its header claims (${width} × ${height}).`, SAVE_AGAIN);
    png = decode(pictureOnly(bytes, colourType));
  } catch (error) {
    if (error instanceof Error && error.name === 'UnflatError') throw error;
    throw badDepth(what, `damaged PNG file (${error instanceof Error ? error.message : String(error)}).`, SAVE_AGAIN, error);
  }
  return toLevels(png, header, what, warn);
}

function toLevels(png: DecodedPng, header: PngHeader, what: string, warn: (message: string) => void): RawDepth {
  const { width, height, bits, colourType } = header;
  const values = new Float32Array(width * height);
  const read = sampleReader(png, header);
  const data = png.data;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) values[i] = read(data, x, y);
  }
  const palette = colourType === 3;
  if (isFalseColour(png, header)) warn(colouredWarning(what));
  return {
    width, height, values, what,
    fullScale: palette ? 255 : 2 ** bits - 1,
    meaning: 'guess',
    kind: 'picture',
    step: 1,
  };
}

/** Looks at an even sample of the pixels. */
function isFalseColour(png: DecodedPng, { bits, colourType }: PngHeader): boolean {
  if (colourType === 0 || colourType === 4) return false;
  const { data, palette } = png;
  const channels = PNG_CHANNELS[colourType] ?? 1;
  const stride = channels * Math.max(1, Math.floor(data.length / channels / 9973));
  let [coloured, count] = [0, 0];
  for (let i = 0; i < data.length; i += stride, count++) {
    const [red = 0, green = 0, blue = 0] = palette ? palette[data[i] ?? 0] ?? [] : data.subarray(i, i + 3);
    if (isColoured(red, green, blue, palette ? 255 : 2 ** bits - 1)) coloured++;
  }
  return coloured > count * COLOURED_SHARE;
}

type SampleReader = (data: DecodedPng['data'], x: number, y: number) => number;

function sampleReader(png: DecodedPng, { width, bits, colourType }: PngHeader): SampleReader {
  if (colourType === 3) {
    const palette = png.palette ?? [];
    const levels = palette.map(([red = 0, green = 0, blue = 0, alpha = 255]) => (alpha === 0 ? NaN : luma(red, green, blue)));
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
  if (colourType === 4) {
    return (data, x, y) => {
      const i = (y * width + x) * channels;
      return data[i + 1] === 0 ? NaN : data[i] ?? NaN;
    };
  }
  return (data, x, y) => {
    const i = (y * width + x) * channels;
    const red = data[i] ?? 0;
    const green = data[i + 1] ?? 0;
    const blue = data[i + 2] ?? 0;
    if (channels === 4 ? data[i + 3] === 0 : key && red === key[0] && green === key[1] && blue === key[2]) return NaN;
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
