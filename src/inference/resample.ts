import type { ModelInput, Raster } from '../core/index.ts';

/** For each place of an axis: where its pixels begin, and their weights. */
interface Taps {
  starts: Int32Array;
  /** Weights a place; the unused ones at the end are 0. */
  length: number;
  weights: Float32Array;
}

/**
 * Changes a picture's size in sRGB values, as the models' own training code does.
 * `area`: exact means of the pixels covered, along an axis that shrinks; `bicubic` along one that grows.
 * `bilinear`, `bicubic`: kernels over half-pixel centres, Keys' with a = −0.5, widened where the picture shrinks so that nothing
 * is skipped (as Pillow's `resize`; OpenCV's skips pixels), edges by weighing what is inside. Overshoot is cut at 0 and 255.
 * @returns `width × height × 3` numbers 0..255, red, green, blue; alpha is not looked at.
 */
export function resample(image: Raster, width: number, height: number, method: ModelInput['resampling']): Float32Array<ArrayBuffer> {
  const across = tapsOf(image.width, width, method);
  const rows = squeezeRows(image, width, across);
  return squeezeColumns(rows, image.height, width, height, tapsOf(image.height, height, method));
}

function tapsOf(from: number, to: number, method: ModelInput['resampling']): Taps {
  const scale = from / to;
  if (from === to) return { starts: Int32Array.from({ length: to }, (_, i) => i), length: 1, weights: new Float32Array(to).fill(1) };
  if (method === 'area' && to < from) {
    return collect(
      from,
      to,
      Math.ceil(scale) + 1,
      (i, x) => Math.max(0, Math.min((i + 1) * scale, x + 1) - Math.max(i * scale, x)),
      (i) => Math.floor(i * scale),
    );
  }
  const kernel = method === 'bilinear' ? triangle : keys;
  const wide = Math.max(1, scale);
  const reach = (method === 'bilinear' ? 1 : 2) * wide;
  const centre = (i: number): number => (i + 0.5) * scale;
  return collect(
    from,
    to,
    Math.ceil(reach * 2) + 1,
    (i, x) => kernel((x + 0.5 - centre(i)) / wide),
    (i) => Math.floor(centre(i) - reach + 0.5),
  );
}

/** Weights of each place, made to add up to 1 over the pixels that exist. */
function collect(
  from: number,
  to: number,
  length: number,
  weightOf: (i: number, x: number) => number,
  startOf: (i: number) => number,
): Taps {
  const starts = new Int32Array(to);
  const weights = new Float32Array(to * length);
  for (let i = 0; i < to; i++) {
    const start = Math.min(from - 1, Math.max(0, startOf(i)));
    const end = Math.min(from, startOf(i) + length);
    starts[i] = start;
    let sum = 0;
    const own: number[] = [];
    for (let x = start; x < end; x++) own.push(weightOf(i, x));
    // A pixel that is only touched by rounding has no area.
    for (const [k, weight] of own.entries()) sum += own[k] = Math.abs(weight) < 1e-9 ? 0 : weight;
    for (const [k, weight] of own.entries()) weights[i * length + k] = weight / sum;
  }
  return { starts, length, weights };
}

const triangle = (x: number): number => Math.max(0, 1 - Math.abs(x));

/** R. Keys, Cubic convolution interpolation for digital image processing, 1981; a = −0.5. */
function keys(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

function squeezeRows({ width: from, height, rgba }: Raster, width: number, taps: Taps): Float32Array {
  const rows = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) squeezeRow(rgba, y * from, from, rows, y * width * 3, width, taps);
  return rows;
}

/** A row at a time: called often, an engine makes it fast soon. */
function squeezeRow(
  rgba: Uint8ClampedArray,
  row: number,
  from: number,
  rows: Float32Array,
  to: number,
  width: number,
  { starts, length, weights }: Taps,
): void {
  let at = to;
  for (let x = 0; x < width; x++) {
    const start = starts[x]!;
    const count = Math.min(length, from - start);
    let pixel = (row + start) * 4;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let k = x * length; k < x * length + count; k++, pixel += 4) {
      const weight = weights[k]!;
      red += weight * rgba[pixel]!;
      green += weight * rgba[pixel + 1]!;
      blue += weight * rgba[pixel + 2]!;
    }
    rows[at++] = red;
    rows[at++] = green;
    rows[at++] = blue;
  }
}

function squeezeColumns(
  rows: Float32Array,
  from: number,
  width: number,
  height: number,
  { starts, length, weights }: Taps,
): Float32Array<ArrayBuffer> {
  const stride = width * 3;
  const result = new Float32Array(height * stride);
  for (let y = 0; y < height; y++) {
    const own = y * stride;
    const start = starts[y]!;
    for (let k = 0; k < Math.min(length, from - start); k++) {
      const weight = weights[y * length + k]!;
      if (weight !== 0) addWeighted(result, own, rows, (start + k) * stride, stride, weight);
    }
    clampRow(result, own, own + stride);
  }
  return result;
}

function addWeighted(result: Float32Array, own: number, rows: Float32Array, row: number, stride: number, weight: number): void {
  for (let i = 0; i < stride; i++) result[own + i]! += weight * rows[row + i]!;
}

function clampRow(result: Float32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) result[i] = Math.min(255, Math.max(0, result[i]!));
}
