/** What says inside a PNG that Unflat wrote it, and that nobody has changed its samples since. Chunks: PNG specification, W3C, third edition. */
import { crc32 } from './crc32.ts';
import { hexOf } from './hex-of.ts';

const KEYWORD = 'Unflat';
const HEADER = 8;

/** What a marked PNG holds. */
export type PngContent = 'depth' | 'view';

/** A chunk with its length and checksum. @param type four letters. */
export function buildPngChunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/**
 * The chunk that marks a PNG as written by Unflat: a tEXt with what it holds and the checksums of its IDAT chunks. Editors keep texts
 * but write other samples, so an edited file is no longer ours.
 * @param idat the file's IDAT chunks, whole, in order.
 */
export function pngMark(content: PngContent, idat: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const text = `${KEYWORD}\0${content} ${idat.map((chunk) => hexOf(chunk.subarray(-4))).join('')}`;
  return buildPngChunk(
    'tEXt',
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
  );
}

/** Puts the mark into a PNG. @param png a whole PNG file. */
export function withPngMark(png: Uint8Array, content: PngContent): Uint8Array<ArrayBuffer> {
  const chunks = chunksOf(png);
  const mark = pngMark(
    content,
    chunks.filter(({ type }) => type === 'IDAT').map(({ bytes }) => bytes),
  );
  const end = chunks.find(({ type }) => type === 'IEND')?.start ?? png.length;
  const out = new Uint8Array(png.length + mark.length);
  out.set(png.subarray(0, end));
  out.set(mark, end);
  out.set(png.subarray(end), end + mark.length);
  return out;
}

/** What Unflat wrote into this PNG; undefined where somebody else wrote or changed it, or it is no PNG. */
export function pngMarkOf(png: Uint8Array): PngContent | undefined {
  const chunks = chunksOf(png);
  const sums = chunks
    .filter(({ type }) => type === 'IDAT')
    .map(({ bytes }) => hexOf(bytes.subarray(-4)))
    .join('');
  for (const { type, bytes } of chunks) {
    if (type !== 'tEXt') continue;
    const [keyword, text = ''] = String.fromCharCode(...bytes.subarray(8, Math.min(bytes.length - 4, 8 + 4096))).split('\0');
    const [content, mark] = text.split(' ');
    if (keyword === KEYWORD && sums !== '' && mark === sums && (content === 'depth' || content === 'view')) return content;
  }
  return undefined;
}

interface Chunk {
  type: string;
  start: number;
  /** Length, type, data and checksum. */
  bytes: Uint8Array;
}

function chunksOf(png: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  if (png[0] !== 0x89 || png[1] !== 0x50) return chunks;
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let start = HEADER; start + 12 <= png.length;) {
    const end = start + 12 + view.getUint32(start);
    if (end > png.length) break;
    chunks.push({ type: String.fromCharCode(...png.subarray(start + 4, start + 8)), start, bytes: png.subarray(start, end) });
    start = end;
  }
  return chunks;
}
