import { findAscii, hasAscii, latin1, viewOf } from './bytes.ts';
import { BRING_ORIGINAL } from './find-gdepth.ts';
import { byteMap, sizeFromAspect } from './byte-map.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';

const DEPTH = 0x0ab1;
/** Names of blocks with a map, from their beginning. */
const DEPTH_NAMES = ['DualShot_DepthMap', 'SingeShot_DepthMap'];
const EXTRA = 0x0ab3;
/** A front camera's map, named "SingeShot_DepthMap…" by the phones themselves. */
const SINGLE_DEPTH = 0x0b41;
const MAX_BLOCKS = 1024;

/** Where the extra block holds width and height, in 32-bit slots, by its version. */
const SIZE_SLOTS: Readonly<Record<number, readonly [width: number, height: number]>> = {
  1: [9, 10],
  3: [12, 13],
  4: [17, 18],
  5: [20, 19],
  6: [22, 21],
};

interface Block {
  type: number;
  name: string;
  data: Uint8Array;
}

/**
 * Blocks of the trailer: the file ends with the directory's length and `SEFT`; the directory begins `SEFH`, version,
 * count, then 12 bytes a block (type in the upper half of the first word, distance back from the directory, size).
 */
function trailerBlocks(bytes: Uint8Array): Block[] {
  if (!hasAscii(bytes, bytes.length - 4, 'SEFT') || bytes.length < 20) return [];
  const view = viewOf(bytes);
  const directory = bytes.length - 8 - view.getUint32(bytes.length - 8, true);
  if (directory < 0 || !hasAscii(bytes, directory, 'SEFH')) return [];
  const count = Math.min(view.getUint32(directory + 8, true), MAX_BLOCKS);
  const blocks: Block[] = [];
  for (let i = 0; i < count; i++) {
    const entry = directory + 12 + i * 12;
    if (entry + 12 > bytes.length - 8) break;
    const type = view.getUint16(entry + 2, true);
    const start = directory - view.getUint32(entry + 4, true);
    const end = start + view.getUint32(entry + 8, true);
    if (start < 0 || end > directory || end - start < 8) continue;
    const nameEnd = start + 8 + view.getUint32(start + 4, true);
    if (view.getUint16(start + 2, true) !== type || nameEnd > end || nameEnd - start > 264) continue;
    blocks.push({ type, name: latin1(bytes, start + 8, nameEnd), data: bytes.subarray(nameEnd, end) });
  }
  return blocks;
}

function sizeOf(extra: Uint8Array | undefined, count: number, aspect: number): { width: number; height: number } | undefined {
  if (extra && extra.length >= 8) {
    const view = viewOf(extra);
    const slot = (index: number): number => ((index + 1) * 4 <= extra.length ? view.getUint32(index * 4, true) : 0);
    const [w, h] = SIZE_SLOTS[view.getUint16(0, true)] ?? [];
    if (w !== undefined && h !== undefined && slot(w) * slot(h) === count) return { width: slot(w), height: slot(h) };
  }
  // Versions that are not known: the size must still fit the bytes and the photo's shape, turned or not.
  return sizeFromAspect(count, aspect) ?? sizeFromAspect(count, 1 / aspect);
}

/**
 * Finds the map in the trailer of a Samsung portrait photo: one byte a sample. Whether white is near is not told by
 * any document, so it is guessed.
 * @param aspect width ÷ height of the stored photo.
 * @param photoEnd where the photo itself ends; a trailer follows it.
 * @throws UnflatError `bad-depth` when there is a map, but the trailer is broken or its size cannot be made out.
 */
export function findSamsung(bytes: Uint8Array, name: string, aspect: number, photoEnd: number): RawDepth | undefined {
  const blocks = trailerBlocks(bytes);
  const map =
    blocks.find((block) => block.type === DEPTH && block.name.startsWith('DualShot_DepthMap')) ??
    blocks.find((block) => block.type === SINGLE_DEPTH && block.name.includes('DepthMap'));
  const what = `The depth inside ${name} (Samsung)`;
  if (!map || map.data.length === 0) {
    if (DEPTH_NAMES.every((each) => findAscii(bytes, each, photoEnd) < 0)) return undefined;
    throw badDepth(what, 'the trailer that holds it is cut off or damaged.', BRING_ORIGINAL);
  }
  const extra = blocks.find((block) => block.type === EXTRA)?.data;
  const size = sizeOf(extra, map.data.length, aspect);
  if (!size) throw badDepth(what, `its ${map.data.length} bytes fit no size that the photo tells.`, BRING_ORIGINAL);
  return byteMap(map.data, size.width, size.height, 'guess', what);
}
