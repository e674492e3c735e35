import type { Passes } from 'unflat/plugin';
import { latin1, viewOf } from './bytes.ts';
import { inBands } from './in-bands.ts';
import { luma } from './luma.ts';
import { badDepth, checkSize, type RawDepth } from './raw-depth.ts';

/** White space and comments, as they may stand before each number. */
const GAP = String.raw`(?:\s{1,8}(?:#[^\n]{0,200}\n\s{0,8}){0,4})`;
/** `Pf` or `PF`, width, height and scale. */
const HEADER = new RegExp(String.raw`^P([fF])${GAP}(\d{1,12})${GAP}(\d{1,12})${GAP}([-+]?[\d.]{1,20}(?:[eE][-+]?\d{1,3})?)`);

/** Whether the bytes begin as a PFM file does. */
export function isPfm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && (bytes[1] === 0x66 || bytes[1] === 0x46) && (bytes[2] ?? 0) <= 0x20;
}

/**
 * Reads a PFM map: `Pf` (one number a sample) or `PF` (three, which become luma), rows bottom-up;
 * a negative scale means little-endian. The scale's size is ignored, as depth here is relative.
 * @throws UnflatError `bad-depth`; sizes are checked against the file before memory is taken.
 */
export function* readPfm(bytes: Uint8Array, what: string): Passes<RawDepth> {
  const header = HEADER.exec(latin1(bytes, 0, 2048));
  if (!header) throw badDepth(what, 'damaged PFM file: its header is not "Pf", width, height and scale.', 'Save the map again.');
  const channels = header[1] === 'F' ? 3 : 1;
  const width = Number(header[2]);
  const height = Number(header[3]);
  const scale = Number(header[4]);
  checkSize(what, width, height);
  if (!Number.isFinite(scale) || scale === 0) {
    throw badDepth(what, `damaged PFM file: its scale is "${header[4]}", so the byte order is unknown.`, 'Save the map again.');
  }
  const needed = width * height * channels * 4;
  const start = startOfNumbers(bytes, header[0].length, needed);
  if (bytes.length - start < needed) {
    throw badDepth(
      what,
      `its header claims ${width} × ${height} numbers (${needed} bytes), but ${bytes.length - start} bytes follow.`,
      'The file is cut off or damaged: copy or save it again.',
    );
  }
  const view = viewOf(bytes);
  const little = scale < 0;
  const values = new Float32Array(width * height);
  yield* inBands(height, width, (from, to) => {
    for (let y = from; y < to; y++) {
      let offset = start + (height - 1 - y) * width * channels * 4;
      for (let i = y * width; i < (y + 1) * width; i++, offset += channels * 4) {
        const first = view.getFloat32(offset, little);
        values[i] = channels === 1 ? first : luma(first, view.getFloat32(offset + 4, little), view.getFloat32(offset + 8, little));
      }
    }
  });
  return { width, height, values, what, fullScale: 1, meaning: 'guess', kind: 'array', step: 0 };
}

/**
 * One white space ends the header; Windows programs write two (CR LF), some a trailing space as well. Which it was, the
 * file's size tells: any of these may also be a number's first byte.
 */
function startOfNumbers(bytes: Uint8Array, end: number, needed: number): number {
  if (bytes[end] === 0x0a) return end + 1;
  let [last, lineEnd] = [end, 0];
  while (last - end < 4 && /\s/.test(latin1(bytes, last, last + 1))) if (bytes[last++] === 0x0a && lineEnd === 0) lineEnd = last;
  const exact = bytes.length - needed;
  if (exact > end && exact <= last) return exact;
  // Bytes follow the numbers: a line ends where it does, at its first LF.
  return lineEnd > 0 ? lineEnd : end + 1;
}
