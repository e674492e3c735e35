import type { Passes } from 'unflat/plugin';
import { inflateInto } from '../inflate.ts';

/** Bytes that are unpacked in one pass. */
const PASS_BYTES = 2 ** 20;

/**
 * Unpacks one strip or tile.
 * @param out as large as the block; what is packed beyond it is left out, so no file unpacks to more than it claims.
 * @returns how many bytes were there.
 * @throws Error when the data is damaged.
 */
export function* unpackBlock(packed: Uint8Array, compression: number, out: Uint8Array): Passes<number> {
  switch (compression) {
    case 1: {
      const part = packed.subarray(0, out.length);
      out.set(part);
      return part.length;
    }
    case 5:
      return yield* inPasses(unpackLzw(packed, out), out.length);
    case 32773:
      return yield* inPasses(unpackBits(packed, out), out.length);
    default:
      return yield* inflateInto(packed, out);
  }
}

/** Goes on until there are so many bytes, or some more; fewer where the packed ones end. @returns how many there are. */
type Unpacker = (until: number) => number;

function* inPasses(unpack: Unpacker, size: number): Passes<number> {
  for (let length = 0; ;) {
    const until = Math.min(size, length + PASS_BYTES);
    length = unpack(until);
    if (length < until || length === size) return length;
    yield;
  }
}

/** PackBits: runs and literal bytes, each after its length. */
function unpackBits(packed: Uint8Array, out: Uint8Array): Unpacker {
  let [i, length] = [0, 0];
  return (until) => {
    while (i < packed.length && length < until) {
      const head = packed[i++]!;
      if (head === 128) continue;
      const count = Math.min(head < 128 ? head + 1 : 257 - head, out.length - length);
      if (head < 128) out.set(packed.subarray(i, i + count), length);
      else out.fill(packed[i] ?? 0, length, length + count);
      i += head < 128 ? head + 1 : 1;
      length += count;
    }
    return length;
  };
}

const CLEAR = 256;
const END = 257;
const MOST_CODES = 4096;

/** LZW as in TIFF 6: codes of 9 to 12 bits, most significant bit first, each width ending one code early. */
function unpackLzw(packed: Uint8Array, out: Uint8Array): Unpacker {
  // A code's text is that of its prefix and one byte more.
  const prefixes = new Uint16Array(MOST_CODES);
  const bytes = new Uint8Array(MOST_CODES);
  const firsts = new Uint8Array(MOST_CODES);
  const lengths = new Uint16Array(MOST_CODES);
  for (let i = 0; i < 256; i++) [bytes[i], firsts[i], lengths[i]] = [i, i, 1];
  let [next, width, before, length] = [258, 9, -1, 0];
  let [held, bits, i] = [0, 0, 0];
  return (until) => {
    while (length < until) {
      while (bits < width) {
        if (i >= packed.length) return length;
        held = ((held << 8) | packed[i++]!) & 0xff_ffff;
        bits += 8;
      }
      bits -= width;
      const code = (held >> bits) & ((1 << width) - 1);
      if (code === END) break;
      if (code === CLEAR) {
        [next, width, before] = [258, 9, -1];
        continue;
      }
      if (code > next || (code === next && before < 0) || (code > 255 && before < 0)) throw new Error(`LZW code ${code} was never defined`);
      if (before >= 0 && next < MOST_CODES) {
        prefixes[next] = before;
        lengths[next] = lengths[before]! + 1;
        firsts[next] = firsts[before]!;
        bytes[next] = firsts[code]!;
        next++;
      }
      let at = length + lengths[code]!;
      length = Math.min(at, out.length);
      for (let c = code, left = lengths[code]!; left > 0; left--, c = prefixes[c]!) out[--at] = bytes[c]!;
      before = code;
      width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
    }
    return length;
  };
}
