import type { Layer } from '../core/index.ts';
import type { Texture } from './texture.ts';
import { TILE, type PixelBox, type TileRuns } from './wanted-tiles.ts';

/** Texels around the picture that repeat its border, so that no look at it has to be clamped. */
export const SHARP_PAD = 3;

/** A layer's colours with a sample between each two pixels: texel (SHARP_PAD + 2·(u − x0) − 1, …) lies at layer place (u, v). */
export interface SharpTexture extends Texture {
  x0: number;
  y0: number;
}

/**
 * The layer's colours at twice its resolution by Catmull-Rom ("A class of local interpolating splines", 1974), the filter of the
 * shaders: bilinear samples of this come within a level of it, for a quarter of its work. It passes through the pixels.
 * @param runs what of the box will be looked at; the rest stays empty.
 */
export function sharpTexture(layer: Layer, box: PixelBox, runs: TileRuns): SharpTexture {
  const width = box.x1 - box.x0;
  const height = box.y1 - box.y0;
  const stride = 2 * width + 2 * SHARP_PAD - 1;
  const rows = 2 * height + 2 * SHARP_PAD - 1;
  const texels = new Uint32Array(stride * rows);
  const bytes = new Uint8ClampedArray(texels.buffer);
  for (let y = 0; y < height; y++)
    for (const [from, to] of runs[Math.floor(y / TILE)]!) doubleRow(layer, box, y, bytes, (SHARP_PAD + 2 * y) * stride, from, to);
  for (let y = 0; y < height - 1; y++) {
    const at = (k: number): number => (SHARP_PAD + 2 * Math.max(0, Math.min(height - 1, k))) * stride * 4;
    for (const [from, to] of runs[Math.floor(y / TILE)]!) {
      const first = from === 0 ? 0 : SHARP_PAD + 2 * from;
      const end = to === width ? stride : SHARP_PAD + 2 * to;
      between(
        bytes,
        at(y - 1) + 4 * first,
        at(y) + 4 * first,
        at(y + 1) + 4 * first,
        at(y + 2) + 4 * first,
        (SHARP_PAD + 2 * y + 1) * stride * 4 + 4 * first,
        4 * (end - first),
      );
    }
  }
  for (let y = 0; y < SHARP_PAD; y++) {
    texels.copyWithin(y * stride, SHARP_PAD * stride, (SHARP_PAD + 1) * stride);
    const last = rows - 1 - SHARP_PAD;
    texels.copyWithin((last + 1 + y) * stride, last * stride, (last + 1) * stride);
  }
  return { x0: box.x0, y0: box.y0, stride, rows, texels };
}

/** The pixels `from ≤ x < to` of a row of the box. */
function doubleRow(
  { rgba, width: wide }: Layer,
  { x0, x1, y0 }: PixelBox,
  y: number,
  bytes: Uint8ClampedArray,
  start: number,
  from: number,
  to: number,
): void {
  const row = ((y0 + y) * wide + x0) * 4;
  const last = (x1 - x0 - 1) * 4;
  let o = (start + SHARP_PAD + 2 * from) * 4;
  for (let x = 4 * from; x < 4 * to; x += 4, o += 8) {
    const b = row + x;
    const a = x > 0 ? b - 4 : b;
    const c = x < last ? b + 4 : b;
    const d = x + 4 < last ? b + 8 : c;
    for (let k = 0; k < 3; k++) {
      bytes[o + k] = rgba[b + k]!;
      if (x < last) bytes[o + 4 + k] = (9 * (rgba[b + k]! + rgba[c + k]!) - rgba[a + k]! - rgba[d + k]!) / 16;
    }
  }
  const first = (start + SHARP_PAD) * 4;
  const end = first + last * 2;
  for (let n = 1; n <= SHARP_PAD; n++) {
    bytes.copyWithin(first - 4 * n, first, first + 4);
    bytes.copyWithin(end + 4 * n, end, end + 4);
  }
}

function between(bytes: Uint8ClampedArray, a: number, b: number, c: number, d: number, to: number, count: number): void {
  for (let k = 0; k < count; k++) bytes[to + k] = (9 * (bytes[b + k]! + bytes[c + k]!) - bytes[a + k]! - bytes[d + k]!) / 16;
}
