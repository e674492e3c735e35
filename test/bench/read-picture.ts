import { readFileSync } from 'node:fs';
import { decode } from 'fast-png';
import type { Raster } from '../../src/core/index.ts';

/** A grey value 0..255; small pictures of two values come with 1 bit a pixel, several in a byte, each row anew. */
export function sample({ width, channels, depth, data }: ReturnType<typeof decode>, i: number): number {
  if (depth >= 8) return data[i * channels]!;
  const x = i % width;
  const bytesARow = Math.ceil((width * depth) / 8);
  const byte = data[((i - x) / width) * bytesARow + ((x * depth) >> 3)]!;
  const most = 2 ** depth - 1;
  return (((byte >> (8 - depth - ((x * depth) & 7))) & most) * 255) / most;
}

/** A PNG of 8 bits, opaque. */
export function picture(path: string): Raster {
  const { width, height, channels, data } = decode(readFileSync(path));
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 4; c++) rgba[i * 4 + c] = c < 3 ? data[i * channels + Math.min(c, channels - 1)]! : 255;
  return { width, height, rgba };
}
