import { Inflate, Unzlib } from 'fflate';
import type { Passes } from 'unflat/plugin';

/** Bytes given to the inflater at a time; it makes at most about a thousand times as many of them. */
const SLICE = 16_384;

/**
 * Unpacks deflated data piece by piece and stops beyond `limit` bytes: a small file may otherwise unpack to gigabytes.
 * @param parts of the packed data, in order.
 * @param onChunk gets what was unpacked.
 * @param wrapping around the deflated data: zlib's, as in PNG and TIFF, or none, as in ZIP. Default zlib's.
 * @returns how many bytes were unpacked; more than `limit` where it stopped.
 * @throws Error when the data is damaged.
 */
export function* inflate(
  parts: Iterable<Uint8Array>,
  limit: number,
  onChunk?: (chunk: Uint8Array, at: number) => void,
  wrapping: 'zlib' | 'raw' = 'zlib',
): Passes<number> {
  let size = 0;
  const take = (chunk: Uint8Array): void => {
    onChunk?.(chunk, size);
    size += chunk.length;
  };
  const inflater = wrapping === 'raw' ? new Inflate(take) : new Unzlib(take);
  for (const part of parts) {
    for (let start = 0; start < part.length && size <= limit; start += SLICE) {
      inflater.push(part.subarray(start, start + SLICE), false);
      yield;
    }
  }
  return size;
}

/** Unpacks into `out` and leaves out what does not fit. @returns how many bytes of it were filled. */
export function* inflateInto(packed: Uint8Array, out: Uint8Array, wrapping: 'zlib' | 'raw' = 'zlib'): Passes<number> {
  const size = yield* inflate(
    [packed],
    out.length,
    (chunk, at) => {
      if (at < out.length) out.set(chunk.subarray(0, out.length - at), at);
    },
    wrapping,
  );
  return Math.min(size, out.length);
}
