import type { Passes } from 'unflat/plugin';
import { inBands } from '../in-bands.ts';
import { inflateInto } from '../inflate.ts';

/**
 * Unpacks a chunk that was packed by run lengths or by zlib. What is packed beyond the chunk's size is left out.
 * @param compression 1 RLE, 2 ZIPS, 3 ZIP.
 * @param size of the unpacked chunk, in bytes.
 * @returns the chunk, or undefined when the data ends early.
 * @throws Error when the data is damaged.
 */
export function* unpackChunk(packed: Uint8Array, compression: number, size: number): Passes<Uint8Array | undefined> {
  const bytes = new Uint8Array(size);
  if ((compression === 1 ? unpackRuns(packed, bytes) : yield* inflateInto(packed, bytes)) < size) return undefined;
  yield* inBands(size, 1, (from, to) => {
    for (let i = Math.max(1, from); i < to; i++) bytes[i] = bytes[i - 1]! + bytes[i]! - 128;
  });
  // The first half holds the bytes at even places, the second half those at odd ones.
  const out = new Uint8Array(size);
  const half = (size + 1) >> 1;
  yield* inBands(size, 1, (from, to) => {
    for (let i = from; i < to; i++) out[i] = bytes[(i >> 1) + (i & 1) * half]!;
  });
  return out;
}

function unpackRuns(packed: Uint8Array, out: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < packed.length && length < out.length;) {
    const head = packed[i++]!;
    const isRun = head < 128;
    const count = Math.min(isRun ? head + 1 : 256 - head, out.length - length);
    if (isRun) out.fill(packed[i] ?? 0, length, length + count);
    else out.set(packed.subarray(i, i + count), length);
    i += isRun ? 1 : 256 - head;
    length += count;
  }
  return length;
}
