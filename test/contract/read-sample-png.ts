import { inflateSync } from 'node:zlib';
import { UnflatError, type Raster, type SourceFile } from '../../src/core/index.ts';

/** Channels by a PNG's colour type, as far as the suite writes them. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 6: 4 };

/**
 * Decodes the PNG files that the suite makes: 8 or 16 bits, rows without filters. It stands for a browser's decoders.
 * @throws UnflatError `not-an-image` for all other files, `unreadable-image` for one that is cut off.
 */
export function readSamplePng({ name, bytes }: SourceFile): Raster {
  if (bytes[0] !== 0x89 || bytes[1] !== 0x50)
    throw new UnflatError('not-an-image', `${name} is not an image that can be read: use a JPEG, PNG or WebP.`);
  try {
    return decoded(bytes);
  } catch (cause) {
    throw new UnflatError('unreadable-image', `${name} is damaged: copy it again.`, { cause });
  }
}

function decoded(bytes: Uint8Array): Raster {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const wide = bytes[24] === 16 ? 2 : 1;
  const channels = CHANNELS[bytes[25] ?? -1] ?? 0;
  const parts: Uint8Array[] = [];
  for (let at = 8; at < bytes.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const raw = inflateSync(Uint8Array.from(parts.flatMap((part) => [...part])));
  const stride = 1 + width * channels * wide;
  if (channels === 0 || raw.length !== stride * height) throw new RangeError('not a PNG of the suite');
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const at = Math.floor(i / width) * stride + 1 + (i % width) * channels * wide;
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = raw[at + (channels < 3 ? 0 : c) * wide]!;
    if (channels === 4) rgba[i * 4 + 3] = raw[at + 3 * wide]!;
  }
  return { width, height, rgba };
}
