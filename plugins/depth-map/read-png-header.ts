import type { Passes } from 'unflat/plugin';
import { concatBytes, hasAscii, viewOf } from './bytes.ts';
import { inflate } from './inflate.ts';
import { badDepth, checkSize } from './raw-depth.ts';

/** Samples a pixel by colour type. */
export const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** An IEND chunk. */
const END = Uint8Array.of(0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82);
/** What to do about a damaged picture. */
export const SAVE_AGAIN = 'The file is cut off or damaged: copy or save it again.';

/** What a PNG's header says. */
export interface PngHeader {
  width: number;
  height: number;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  bits: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha. */
  colourType: number;
  interlaced: boolean;
}

/** Whether the bytes begin as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && hasAscii(bytes, 1, 'PNG\r\n\x1a\n');
}

/** @throws UnflatError `bad-depth` when the header is damaged or claims an absurd size. */
export function readPngHeader(bytes: Uint8Array, what: string): PngHeader {
  if (bytes.length < 33 || !hasAscii(bytes, 12, 'IHDR')) throw badDepth(what, 'damaged PNG file: it has no header.', SAVE_AGAIN);
  const view = viewOf(bytes);
  const header = {
    width: view.getUint32(16),
    height: view.getUint32(20),
    bits: bytes[24] ?? 0,
    colourType: bytes[25] ?? 0,
    interlaced: bytes[28] === 1,
  };
  checkSize(what, header.width, header.height);
  if (!PNG_CHANNELS[header.colourType] || ![1, 2, 4, 8, 16].includes(header.bits)) {
    throw badDepth(what, 'damaged PNG file: its header names an unknown kind of picture.', SAVE_AGAIN);
  }
  return header;
}

/** The file's chunks: type, contents, and the whole chunk with length and checksum. Stops where one is cut off. */
function* chunksOf(bytes: Uint8Array): Generator<{ type: string; data: Uint8Array; whole: Uint8Array }> {
  const view = viewOf(bytes);
  for (let position = 8; position + 12 <= bytes.length;) {
    const end = position + 12 + view.getUint32(position);
    if (end > bytes.length) return;
    const type = String.fromCharCode(...bytes.subarray(position + 4, position + 8));
    yield { type, data: bytes.subarray(position + 8, end - 4), whole: bytes.subarray(position, end) };
    if (type === 'IEND') return;
    position = end;
  }
}

/** Contents of the first chunk of that type. */
export function pngChunk(bytes: Uint8Array, type: string): Uint8Array | undefined {
  for (const chunk of chunksOf(bytes)) if (chunk.type === type) return chunk.data;
  return undefined;
}

/**
 * Unpacks the picture data and stops beyond `limit` bytes: a small file may otherwise unpack to gigabytes, and memory is taken only for
 * what is there.
 * @returns its pieces, and how many bytes they are together.
 */
export function* unpackedPicture(bytes: Uint8Array, limit: number): Passes<{ size: number; pieces: Uint8Array[] }> {
  const pieces: Uint8Array[] = [];
  const size = yield* inflate(pictureData(bytes), limit, (piece) => pieces.push(piece));
  return { size, pieces };
}

function* pictureData(bytes: Uint8Array): Generator<Uint8Array> {
  for (const { type, data } of chunksOf(bytes)) if (type === 'IDAT') yield data;
}

/**
 * The file with nothing but the picture, which is unpacked already: profiles and texts may unpack to gigabytes or be damaged, and say
 * nothing of depth. One header only (the checked one), transparency where the colour type allows it, and an end in any case. Checksums
 * are 0.
 */
export function* pictureOnly(bytes: Uint8Array, colourType: number, pieces: readonly Uint8Array[]): Passes<Uint8Array> {
  const wanted = new Set(['PLTE', ...(colourType < 4 ? ['tRNS'] : [])]);
  const parts = [bytes.subarray(0, 33)];
  for (const { type, whole } of chunksOf(bytes)) if (wanted.has(type)) parts.push(whole);
  const stored = storedBlocks(pieces);
  const length = stored.reduce((sum, block) => sum + block.length, 0);
  yield;
  parts.push(Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length, ...IDAT), ...stored, new Uint8Array(4), END);
  return concatBytes(...parts);
}

/** Bytes in zlib's wrapping without being packed (RFC 1950 and 1951): blocks of at most 65,535, and a checksum of 0. */
function storedBlocks(pieces: readonly Uint8Array[]): Uint8Array[] {
  const blocks: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += LONGEST_BLOCK) {
      const block = piece.subarray(start, start + LONGEST_BLOCK);
      blocks.push(Uint8Array.of(0, block.length, block.length >> 8, ~block.length, ~block.length >> 8), block);
    }
  }
  blocks.push(Uint8Array.of(1, 0, 0, 255, 255, 0, 0, 0, 0));
  return blocks;
}

const LONGEST_BLOCK = 65_535;
const IDAT = [0x49, 0x44, 0x41, 0x54];
