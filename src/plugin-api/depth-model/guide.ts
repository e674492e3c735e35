import type { Raster } from '../../core/index.ts';
import { BoxMean } from './box-mean.ts';

/** Half the window's side, in samples of the small map: about as far as models blur outlines and miss them. */
const RADIUS = 3;

/** A photo as the guided filter needs it at a map's size; all of it is known before the map is. */
export interface Guide {
  width: number;
  height: number;
  /** Red, green, blue, 0..1. */
  colours: readonly [Float32Array, Float32Array, Float32Array];
  /** Their means over windows, and the covariances rr, rg, rb, gg, gb, bb there. */
  means: readonly [Float32Array, Float32Array, Float32Array];
  covariances: readonly [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  /** Means over the same windows of other maps. */
  box: BoxMean;
}

/** @param width, height at most the photo's. */
export function guideOf(photo: Raster, width: number, height: number): Guide {
  const box = new BoxMean(width, height, RADIUS);
  const colours = shrunk(photo, width, height);
  const [r, g, b] = colours;
  const means = [box.of(r), box.of(g), box.of(b)] as const;
  const buffer = new Float32Array(width * height);
  const covariance = (i: number, k: number): Float32Array => {
    const [x, y, mx, my] = [colours[i]!, colours[k]!, means[i]!, means[k]!];
    for (let row = 0; row < buffer.length; row += width) multiplyRow(buffer, x, y, row, row + width);
    const out = box.of(buffer);
    for (let row = 0; row < out.length; row += width) lessProductRow(out, mx, my, row, row + width);
    return out;
  };
  return {
    width,
    height,
    colours,
    means,
    covariances: [covariance(0, 0), covariance(0, 1), covariance(0, 2), covariance(1, 1), covariance(1, 2), covariance(2, 2)],
    box,
  };
}

/** A row at a time: an engine makes fast what is called often. */
export function multiplyRow(out: Float32Array, x: Float32Array, y: Float32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) out[i] = x[i]! * y[i]!;
}

function lessProductRow(out: Float32Array, x: Float32Array, y: Float32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) out[i] = out[i]! - x[i]! * y[i]!;
}

/** Means of whole pixels: each counts for the sample in which its middle lies. Quick, and exact enough to fit windows. */
function shrunk({ width, height, rgba }: Raster, w: number, h: number): [Float32Array, Float32Array, Float32Array] {
  const [r, g, b] = [new Float32Array(w * h), new Float32Array(w * h), new Float32Array(w * h)];
  const ends = Int32Array.from({ length: w }, (_, x) => Math.round(((x + 1) * width) / w));
  const sums = new Int32Array(w * 3);
  for (let y = 0, row = 0; y < h; y++) {
    const end = Math.round(((y + 1) * height) / h);
    const rows = end - row;
    for (; row < end; row++) addRow(sums, rgba, row * width * 4, ends);
    for (let x = 0, o = 0, k = y * w; x < w; x++, o += 3, k++) {
      const unit = 1 / (255 * rows * (ends[x]! - (x ? ends[x - 1]! : 0)));
      r[k] = sums[o]! * unit;
      g[k] = sums[o + 1]! * unit;
      b[k] = sums[o + 2]! * unit;
    }
    sums.fill(0);
  }
  return [r, g, b];
}

/** Adds a row's pixels to the sums of the samples in which they lie. */
function addRow(sums: Int32Array, rgba: Uint8ClampedArray, at: number, ends: Int32Array): void {
  let i = at;
  for (let x = 0, from = 0, o = 0; x < ends.length; x++, o += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    const to = ends[x]!;
    for (; from < to; from++, i += 4) {
      red += rgba[i]!;
      green += rgba[i + 1]!;
      blue += rgba[i + 2]!;
    }
    sums[o]! += red;
    sums[o + 1]! += green;
    sums[o + 2]! += blue;
  }
}
