import { latin1, viewOf } from '../bytes.ts';
import { badDepth, checkSize } from '../raw-depth.ts';

/** What a TIFF says of its first image. */
export interface TiffHeader {
  littleEndian: boolean;
  width: number;
  height: number;
  /** Bits of each sample: 8, 16, 32 or 64. */
  bits: number;
  /** 1 unsigned, 2 signed integers, 3 floating point. */
  format: number;
  /** Samples a pixel; of each, their values lie in planes of their own where `isPlanar`. */
  samples: number;
  isPlanar: boolean;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette. */
  photometric: number;
  /** 1 none, 5 LZW, 8 or 32946 deflate, 32773 PackBits. */
  compression: number;
  /** 1 none, 2 horizontal differences, 3 those of floating point numbers. */
  predictor: number;
  /** EXIF orientation, 1..8. */
  orientation: number;
  /** Which sample is alpha. */
  alpha?: number;
  /** Red, then green, then blue of all palette entries, 0..65535. */
  palette?: number[];
  /** The value that stands for unknown (GDAL). */
  noData?: number;
  /** Strips or tiles, row by row, plane by plane. */
  blocks: { offset: number; size: number }[];
  blockWidth: number;
  blockHeight: number;
  isTiled: boolean;
}

/** Bytes of a value by its type's number. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4, 16: 8 };
const COMPRESSIONS: Readonly<Record<number, string>> = {
  2: 'CCITT',
  3: 'CCITT',
  4: 'CCITT',
  6: 'JPEG',
  7: 'JPEG',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  52546: 'JPEG XL',
};
/** Bytes that a packed byte can stand for at most. */
const LARGEST_RATIO: Readonly<Record<number, number>> = { 1: 1, 5: 3000, 8: 1100, 32946: 1100, 32773: 64 };
/** Most strips or tiles of one image; each costs a little time, however small. */
const MAX_BLOCKS = 2 ** 18;
const DAMAGED = 'The file is cut off or damaged: copy or save it again.';
/** How to save a TIFF that is read here. */
export const SAVE_TIFF = 'Save it as a grey TIFF (8, 16 or 32 bit, uncompressed, LZW, ZIP or PackBits), 16-bit PNG or NPY.';

/** @throws UnflatError `bad-depth` for damaged files and kinds that are not read; nothing larger than the file is made. */
export function readTiffHeader(bytes: Uint8Array, what: string): TiffHeader {
  const littleEndian = bytes[0] === 0x49;
  const tags = readTags(bytes, what, littleEndian);
  const one = (tag: number, fallback: number): number => tags.get(tag)?.[0] ?? fallback;

  const [width, height, samples] = [one(256, 0), one(257, 0), one(277, 1)];
  checkSize(what, width, height);
  const compression = one(259, 1);
  if (!(compression in LARGEST_RATIO))
    throw badDepth(what, `TIFF files compressed with ${COMPRESSIONS[compression] ?? `method ${compression}`} are not read.`, SAVE_TIFF);
  const [bits, format, photometric, predictor] = [one(258, 1), one(339, 1), one(262, 1), one(317, 1)];
  const isKnown = format === 3 ? [16, 32, 64].includes(bits) : (format === 1 || format === 2) && [8, 16, 32].includes(bits);
  if (!isKnown || [258, 339].some((tag) => tags.get(tag)?.some((value) => value !== one(tag, value))))
    throw badDepth(what, `TIFF files with ${bits} bits a sample of this kind are not read.`, SAVE_TIFF);
  if (photometric > 3 || samples < 1 || samples > 8)
    throw badDepth(what, 'it is a TIFF of a kind that is no depth map (printing colours, a mask or many channels).', SAVE_TIFF);
  if (predictor < 1 || predictor > 3 || (predictor === 3 && format !== 3) || (predictor === 2 && bits === 64))
    throw badDepth(what, 'damaged TIFF file: its predictor does not fit its numbers.', DAMAGED);

  const isTiled = tags.has(324);
  const blockWidth = isTiled ? one(322, 0) : width;
  const blockHeight = isTiled ? one(323, 0) : Math.min(height, one(278, height));
  if (blockWidth < 1 || blockHeight < 1 || blockWidth > 65_536 || blockHeight > 65_536)
    throw badDepth(what, 'damaged TIFF file: its tiles have no size.', DAMAGED);
  const isPlanar = one(284, 1) === 2 && samples > 1;
  const count = Math.ceil(width / blockWidth) * Math.ceil(height / blockHeight) * (isPlanar ? samples : 1);
  const offsets = tags.get(isTiled ? 324 : 273) ?? [];
  const blockBytes = blockWidth * blockHeight * (isPlanar ? 1 : samples) * (bits / 8);
  const sizes = tags.get(isTiled ? 325 : 279) ?? (compression === 1 ? offsets.map(() => blockBytes) : []);
  if (count > MAX_BLOCKS || blockBytes > 2 ** 28) throw badDepth(what, 'its strips or tiles are too many or too large.', SAVE_TIFF);
  if (offsets.length < count || sizes.length < count)
    throw badDepth(what, 'damaged TIFF file: places of its picture data are missing.', DAMAGED);
  const blocks = Array.from({ length: count }, (_, i) => ({ offset: offsets[i] ?? 0, size: sizes[i] ?? 0 }));
  // The same bytes may stand for more than one block, but a small file must not become endless work.
  const total = blocks.reduce((sum, { size }) => sum + size, 0);
  if (blocks.some(({ offset }) => offset >= bytes.length) || total > 4 * bytes.length + blockBytes)
    throw badDepth(what, 'damaged TIFF file: its picture data lies beyond its end.', DAMAGED);

  const [claimed, most] = [width * height * samples * (bits / 8), total * (LARGEST_RATIO[compression] ?? 1)];
  if (most < claimed)
    throw badDepth(what, `its header claims ${width} × ${height} samples, but ${total} bytes of picture data cannot hold them.`, DAMAGED);

  const extra = tags.get(338) ?? [];
  const alpha = extra.findIndex((kind) => kind === 1 || kind === 2);
  const noData = Number.parseFloat(String.fromCharCode(...(tags.get(42113) ?? []).slice(0, 40)));
  const palette = tags.get(320);
  return {
    littleEndian,
    width,
    height,
    bits,
    format,
    samples,
    isPlanar,
    photometric,
    compression,
    predictor,
    blocks,
    blockWidth,
    blockHeight,
    isTiled,
    orientation: Math.min(8, Math.max(1, one(274, 1))),
    ...(alpha >= 0 && { alpha: samples - extra.length + alpha }),
    ...(palette && { palette }),
    ...(Number.isFinite(noData) && { noData }),
  };
}

/** Numbers of the first directory's tags. Texts come as their bytes; what is no whole number is left out. */
function readTags(bytes: Uint8Array, what: string, le: boolean): Map<number, number[]> {
  const view = viewOf(bytes);
  const isBig = latin1(bytes, 0, 4).includes('+');
  const short = (at: number): number => view.getUint16(at, le);
  const long = (at: number): number => view.getUint32(at, le);
  const wide = (at: number): number => long(at + (le ? 4 : 0)) * 2 ** 32 + long(at + (le ? 0 : 4));
  const readers: Readonly<Record<number, (at: number) => number>> = {
    3: short,
    4: long,
    13: long,
    16: wide,
    8: (at) => view.getInt16(at, le),
    9: (at) => view.getInt32(at, le),
  };
  const tags = new Map<number, number[]>();
  try {
    const start = isBig ? wide(8) : long(4);
    const entries = isBig ? wide(start) : short(start);
    for (let i = 0, at = start + (isBig ? 8 : 2); i < Math.min(entries, 4096); i++, at += isBig ? 20 : 12) {
      const type = short(at + 2);
      const count = isBig ? wide(at + 4) : long(at + 4);
      const size = TYPE_BYTES[type] ?? 0;
      if (size === 0 || count > 2 * MAX_BLOCKS) continue;
      const inside = at + (isBig ? 12 : 8);
      const from = size * count <= (isBig ? 8 : 4) ? inside : isBig ? wide(inside) : long(inside);
      if (from + size * count > bytes.length) continue;
      const read = readers[type] ?? ((offset: number): number => bytes[offset] ?? 0);
      tags.set(
        short(at),
        Array.from({ length: count }, (_, k) => read(from + k * size)),
      );
    }
  } catch (error) {
    throw badDepth(what, 'damaged TIFF file: its directory is cut off.', DAMAGED, error);
  }
  return tags;
}
