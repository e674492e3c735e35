import type { Layer } from '../core/index.ts';
import { texelsOf, type Texture } from './texture.ts';
import { TILE, type PixelBox, type TileRuns } from './wanted-tiles.ts';

/** Texels around the picture that repeat its border, so that no look at it has to be clamped. */
export const SHARP_PAD = 3;

/** A layer's colours: texel (SHARP_PAD + scale·(u − x0 − ½), …) lies at layer place (u, v). */
export interface SharpTexture extends Texture {
  x0: number;
  y0: number;
  scale: SharpScale;
}

/** Texels a layer pixel along each axis: 2 = with a sample between each two pixels, 1 = the pixels alone, for a quarter of the memory. */
export type SharpScale = 1 | 2;

/** Bytes of the texture of so many pixels. */
export function sharpBytes(width: number, height: number, scale: SharpScale): number {
  return (scale * (width - 1) + 1 + 2 * SHARP_PAD) * (scale * (height - 1) + 1 + 2 * SHARP_PAD) * 4;
}

/**
 * The layer's colours, at scale 2 by Catmull-Rom ("A class of local interpolating splines", 1974), the filter of the
 * shaders: bilinear samples of this come within a level of it, for a quarter of its work. It passes through the pixels.
 * @param runs what of the box will be looked at; the rest stays empty.
 */
export function sharpTexture(layer: Layer, box: PixelBox, runs: TileRuns, scale: SharpScale): SharpTexture {
  if (scale === 1) return plainTexture(layer, box, runs);
  const width = box.x1 - box.x0;
  const height = box.y1 - box.y0;
  const stride = 2 * width + 2 * SHARP_PAD - 1;
  const rows = 2 * height + 2 * SHARP_PAD - 1;
  const texels = new Uint32Array(stride * rows);
  const pixels = texelsOf(layer.rgba);
  for (let y = 0; y < height; y++) {
    const row = (box.y0 + y) * layer.width + box.x0;
    for (const [from, to] of runs[Math.floor(y / TILE)]!)
      doubleRow(pixels.subarray(row, row + width), texels, (SHARP_PAD + 2 * y) * stride, from, to);
  }
  for (let y = 0; y < height - 1; y++) {
    const at = (k: number): number => (SHARP_PAD + 2 * Math.max(0, Math.min(height - 1, k))) * stride;
    for (const [from, to] of runs[Math.floor(y / TILE)]!) {
      const first = from === 0 ? 0 : SHARP_PAD + 2 * from;
      const count = (to === width ? stride : SHARP_PAD + 2 * to) - first;
      const [a, b, c, d] = [at(y - 1) + first, at(y) + first, at(y + 1) + first, at(y + 2) + first];
      const o = (SHARP_PAD + 2 * y + 1) * stride + first;
      for (let n = 0; n < count; n++) texels[o + n] = between(texels[a + n]!, texels[b + n]!, texels[c + n]!, texels[d + n]!);
    }
  }
  repeatRows(texels, stride, rows);
  return { x0: box.x0, y0: box.y0, scale, stride, rows, texels };
}

function plainTexture({ rgba, width: wide }: Layer, { x0, y0, x1, y1 }: PixelBox, runs: TileRuns): SharpTexture {
  const stride = x1 - x0 + 2 * SHARP_PAD;
  const rows = y1 - y0 + 2 * SHARP_PAD;
  const texels = new Uint32Array(stride * rows);
  const pixels = texelsOf(rgba);
  for (let y = 0; y < y1 - y0; y++) {
    const start = (SHARP_PAD + y) * stride;
    const row = (y0 + y) * wide + x0;
    for (const [from, to] of runs[Math.floor(y / TILE)]!) texels.set(pixels.subarray(row + from, row + to), start + SHARP_PAD + from);
    texels.fill(pixels[row]!, start, start + SHARP_PAD);
    texels.fill(pixels[row + x1 - x0 - 1]!, start + stride - SHARP_PAD, start + stride);
  }
  repeatRows(texels, stride, rows);
  return { x0, y0, scale: 1, stride, rows, texels };
}

function repeatRows(texels: Uint32Array, stride: number, rows: number): void {
  for (let y = 0; y < SHARP_PAD; y++) {
    texels.copyWithin(y * stride, SHARP_PAD * stride, (SHARP_PAD + 1) * stride);
    const last = rows - 1 - SHARP_PAD;
    texels.copyWithin((last + 1 + y) * stride, last * stride, (last + 1) * stride);
  }
}

/** Of a row's pixels those `from ≤ x < to`, and what lies between them. */
function doubleRow(pixels: Uint32Array, texels: Uint32Array, start: number, from: number, to: number): void {
  const last = pixels.length - 1;
  let o = start + SHARP_PAD + 2 * from;
  for (let x = from; x < to; x++, o += 2) {
    const b = pixels[x]!;
    texels[o] = b;
    if (x === last) break;
    const c = pixels[x + 1]!;
    texels[o + 1] = between(x > 0 ? pixels[x - 1]! : b, b, c, x + 1 < last ? pixels[x + 2]! : c);
  }
  texels.fill(pixels[0]!, start, start + SHARP_PAD);
  const end = start + SHARP_PAD + 2 * last;
  texels.fill(pixels[last]!, end + 1, end + 1 + SHARP_PAD);
}

/** A word has room for red and blue at sixteen times their size: these keep both above 0, and round. */
const BIAS = 64 * 16 + 8;
const BIASES = (BIAS << 16) | BIAS;

/** What lies in the middle of four colours in a row, without alpha. */
function between(a: number, b: number, c: number, d: number): number {
  const redBlue = 9 * ((b & 0xff00ff) + (c & 0xff00ff)) - (a & 0xff00ff) - (d & 0xff00ff) + BIASES;
  const green = ((9 * (((b >>> 8) & 255) + ((c >>> 8) & 255)) - ((a >>> 8) & 255) - ((d >>> 8) & 255) + BIAS) >> 4) - 64;
  const red = ((redBlue & 0xffff) >> 4) - 64;
  const blue = (redBlue >>> 20) - 64;
  if (((red | green | blue) & ~255) === 0) return red | (green << 8) | (blue << 16);
  return toByte(red) | (toByte(green) << 8) | (toByte(blue) << 16);
}

function toByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
