import { SPLAT_NUMBERS, coefficientOf, type SplatList } from './splat-list.ts';

const MAGIC = 0x5053474e;
const VERSION = 2;
const HEADER_BYTES = 16;
/** Bytes of a splat: place, opacity, colour, sizes, turn. */
const SPLAT_BYTES = 9 + 1 + 3 + 3 + 3;
/** Places are whole numbers of 24 bits; this many of them, at most, stand after the point. */
const MOST_FRACTION_BITS = 20;
/** A packed file begins with so many bytes. */
const GZIP_HEADER_BYTES = 10;
const MADE_BY = 'Made by Unflat';
const COLOUR_SCALE = 0.15;

/**
 * Splats as an SPZ file, version 2 (github.com/nianticlabs/spz): columns of bytes, packed with gzip; x right, y up, z towards the viewer.
 */
export async function splatSpz(splats: SplatList): Promise<Blob> {
  const { count, numbers: from } = splats;
  let farthest = 1e-9;
  for (let at = 0; at < from.length; at += SPLAT_NUMBERS)
    for (let k = 0; k < 3; k++) farthest = Math.max(farthest, Math.abs(from[at + k]!));
  const fractionBits = Math.max(0, Math.min(MOST_FRACTION_BITS, Math.floor(Math.log2((2 ** 23 - 1) / farthest))));
  const bytes = new Uint8ClampedArray(HEADER_BYTES + SPLAT_BYTES * count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, count, true);
  bytes[13] = fractionBits;
  const opacities = HEADER_BYTES + 9 * count;
  const colours = opacities + count;
  const sizes = colours + 3 * count;
  const turns = sizes + 3 * count;
  for (let s = 0; s < count; s++) {
    const at = SPLAT_NUMBERS * s;
    for (let k = 0; k < 3; k++) {
      const whole = Math.round(from[at + k]! * 2 ** fractionBits);
      const to = HEADER_BYTES + 9 * s + 3 * k;
      bytes[to] = whole & 255;
      bytes[to + 1] = (whole >> 8) & 255;
      bytes[to + 2] = (whole >> 16) & 255;
      bytes[colours + 3 * s + k] = coefficientOf(from[at + 3 + k]!) * COLOUR_SCALE * 255 + 127.5;
      bytes[sizes + 3 * s + k] = (Math.log(from[at + 7 + k]!) + 10) * 16;
      bytes[turns + 3 * s + k] = from[at + 11 + k]! * 127.5 + 127.5;
    }
    bytes[opacities + s] = from[at + 6]! * 255;
  }
  const packed = new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer());
  // The header says that a comment follows it (RFC 1952).
  packed[3] = 0x10;
  return new Blob([packed.subarray(0, GZIP_HEADER_BYTES), `${MADE_BY}\0`, packed.subarray(GZIP_HEADER_BYTES)], {
    type: 'application/octet-stream',
  });
}
