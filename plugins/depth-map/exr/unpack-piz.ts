import type { Passes } from 'unflat/plugin';
import { viewOf } from '../bytes.ts';
import { SAMPLE_BYTES, type ExrChannel } from './read-exr-parts.ts';
import { unpackHuffman } from './unpack-huffman.ts';
import { undoWavelets } from './undo-wavelets.ts';

const BITMAP_BYTES = 8192;

/**
 * Unpacks a PIZ chunk: which 16-bit values occur, and wavelets of their numbers in a Huffman code; samples of 32 bits are two planes.
 * @returns the chunk as if it had not been packed.
 * @throws Error when the data is damaged.
 */
export function* unpackPiz(packed: Uint8Array, channels: readonly ExrChannel[], columns: number, lines: number): Passes<Uint8Array> {
  const view = viewOf(packed);
  const [from, to] = [view.getUint16(0, true), view.getUint16(2, true)];
  if (to >= BITMAP_BYTES) throw new Error('its list of values is damaged');
  const listed = from <= to ? packed.subarray(4, 5 + to - from) : new Uint8Array();
  const numbers = valuesOf(listed, from);
  const at = 4 + listed.length;
  const size = view.getUint32(at, true);
  const words = channels.map(({ type }) => SAMPLE_BYTES[type as 0 | 1 | 2] / 2);
  const values = new Uint16Array(columns * lines * words.reduce<number>((sum, value) => sum + value, 0));
  yield* unpackHuffman(packed.subarray(at + 4, at + 4 + size), values);

  let start = 0;
  for (const step of words) {
    for (let word = 0; word < step; word++) {
      yield;
      undoWavelets({ values, start: start + word, step, rowStep: columns * step, width: columns, height: lines }, numbers.largest);
    }
    start += columns * lines * step;
  }
  yield;
  return inRows(
    values.map((value) => numbers.values[value]!),
    words,
    columns,
    lines,
  );
}

/** The values that occur, by their numbers: zero, and those whose bits are set. */
function valuesOf(listed: Uint8Array, from: number): { values: Uint16Array; largest: number } {
  const values = new Uint16Array(65_536);
  let count = 1;
  for (let i = from * 8; i < (from + listed.length) * 8; i++) {
    if (i > 0 && (listed[(i >> 3) - from]! >> (i & 7)) & 1) values[count++] = i;
  }
  return { values, largest: count - 1 };
}

/** From channel after channel to row after row, in bytes. */
function inRows(values: Uint16Array, words: readonly number[], columns: number, lines: number): Uint8Array {
  const out = new Uint8Array(values.length * 2);
  const view = viewOf(out);
  let to = 0;
  for (let y = 0; y < lines; y++) {
    let start = 0;
    for (const step of words) {
      for (let i = start + y * columns * step; i < start + (y + 1) * columns * step; i++, to += 2) view.setUint16(to, values[i]!, true);
      start += columns * lines * step;
    }
  }
  return out;
}
