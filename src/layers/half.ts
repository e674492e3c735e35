import type { Raster } from '../core/index.ts';

/** Means of 2×2 samples; an odd last row or column is repeated. */
export function halved(from: Float32Array, width: number, height: number): Float32Array {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) halveRow(from, 2 * y * width, Math.min(2 * y + 1, height - 1) * width, width, out, y * w, w);
  return out;
}

// Rows are functions of their own: an engine makes fast what is called often, and a map is smoothed once.

function halveRow(from: Float32Array, a: number, b: number, width: number, out: Float32Array, to: number, w: number): void {
  for (let x = 0; x < w; x++) {
    const left = 2 * x;
    const right = left + 1 < width ? left + 1 : left;
    out[to + x] = (from[a + left]! + from[a + right]! + from[b + left]! + from[b + right]!) / 4;
  }
}

/** The photo at half its size, like `halved`. */
export function halvedPhoto({ width, height, rgba }: Raster): Raster {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const out = new Uint8ClampedArray(w * h * 4);
  for (let y = 0; y < h; y++) halvePhotoRow(rgba, 2 * y * width * 4, Math.min(2 * y + 1, height - 1) * width * 4, width, out, y * w * 4, w);
  return { width: w, height: h, rgba: out };
}

function halvePhotoRow(rgba: Uint8ClampedArray, a: number, b: number, width: number, out: Uint8ClampedArray, to: number, w: number): void {
  for (let x = 0; x < w; x++) {
    const left = 8 * x;
    const right = 2 * x + 1 < width ? left + 4 : left;
    const o = to + x * 4;
    for (let c = 0; c < 3; c++) out[o + c] = (rgba[a + left + c]! + rgba[a + right + c]! + rgba[b + left + c]! + rgba[b + right + c]! + 2) >> 2;
    out[o + 3] = 255;
  }
}

/** Squared colour distance that a sample farther away must be nearer in, to be preferred. */
const FARTHER = 150;

/**
 * The way back from `halved`: bilinear on a surface; where two meet, a pixel takes the depth of that
 * one of the four samples round it whose colour is most like its own (joint bilateral upsampling,
 * Kopf et al. 2007, with a choice in place of a mean, so that steps stay steps).
 * @param from depth at half size, with `small`, the photo at that size.
 * @param least samples that differ by less are one surface.
 */
export function doubledAlong(from: Float32Array, small: Raster, photo: Raster, least: number): Float32Array {
  const { width, height } = photo;
  const h = small.height;
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    // Sample centres lie at 2y + 1: a quarter of the way to the next one, up or down.
    const far = Math.min(h - 1, Math.max(0, (y >> 1) + (y & 1 ? 1 : -1)));
    doubleRow(from, (y >> 1) * small.width, far * small.width, small, photo.rgba, out, y * width, width, least);
  }
  return out;
}

function doubleRow(from: Float32Array, near: number, far: number, small: Raster, rgba: Uint8ClampedArray, out: Float32Array, to: number, width: number, least: number): void {
  const { width: w, rgba: colours } = small;
  for (let x = 0; x < width; x++) {
    const k = x >> 1;
    const other = x & 1 ? (k + 1 < w ? k + 1 : k) : k > 0 ? k - 1 : k;
    const a = from[near + k]!;
    const b = from[near + other]!;
    const c = from[far + k]!;
    const d = from[far + other]!;
    const i = to + x;
    if (Math.abs(b - a) < least && Math.abs(c - a) < least && Math.abs(d - a) < least) {
      out[i] = 0.5625 * a + 0.1875 * (b + c) + 0.0625 * d;
      continue;
    }
    let best = distance(rgba, i, colours, near + k);
    let value = a;
    const toB = distance(rgba, i, colours, near + other) + FARTHER;
    if (toB < best) {
      best = toB;
      value = b;
    }
    const toC = distance(rgba, i, colours, far + k) + FARTHER;
    if (toC < best) {
      best = toC;
      value = c;
    }
    if (distance(rgba, i, colours, far + other) + 1.5 * FARTHER < best) value = d;
    out[i] = value;
  }
}

/** Squared distance in RGB of pixel `i` of one picture and `j` of another. */
function distance(one: Uint8ClampedArray, i: number, other: Uint8ClampedArray, j: number): number {
  const r = one[i * 4]! - other[j * 4]!;
  const g = one[i * 4 + 1]! - other[j * 4 + 1]!;
  const b = one[i * 4 + 2]! - other[j * 4 + 2]!;
  return r * r + g * g + b * b;
}
