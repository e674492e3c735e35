import type { DepthMap, Raster } from '../../core/index.ts';
import { linearSteps } from '../../grid/index.ts';
import { multiplyRow, type Guide } from './guide.ts';

/** Variance of a colour channel (0..1) up to which it counts as flat: noise leaves no trace, outlines do. */
const EPSILON = 1e-4;
/** Squared error of a window's fit, in disparity, that is as good as none. */
const TOLERANCE = 1e-5;

/**
 * Brings a depth map to the photo's size along the photo's outlines: the fast guided filter with colour guide (He and Sun,
 * "Fast Guided Filter", 2015; He et al., "Guided Image Filtering", 2013). In each window disparity is taken for affine in
 * colour; the coefficients are found on the small map and enlarged instead of depth itself. Where windows overlap, those that
 * fit better count more (Chen and Wu, "Weighted Aggregation for Guided Image Filtering", 2020): plain means blur outlines.
 * @param disparity of the guide's size.
 */
export function guidedUpsample(disparity: Float32Array, guide: Guide, photo: Raster): DepthMap {
  return apply(fit(disparity, guide), guide.width, guide.height, photo);
}

/** Red, green, blue and constant coefficients of each sample, weighted means over the windows it lies in. */
function fit(p: Float32Array, guide: Guide): Float32Array[] {
  const { width, height, colours, box } = guide;
  const weights = new Float32Array(p.length);
  const product = (x: Float32Array): Float32Array => {
    for (let y = 0; y < height; y++) multiplyRow(weights, x, p, y * width, (y + 1) * width);
    return box.of(weights);
  };
  const fitted: Fit = { mean: box.of(p), parts: [product(colours[0]), product(colours[1]), product(colours[2]), product(p)], weights };
  for (let y = 0; y < height; y++) fitRow(fitted, guide, y * width, (y + 1) * width);
  const totals = box.of(weights);
  return fitted.parts.map((weighted) => {
    const coefficients = box.of(weighted);
    for (let y = 0; y < height; y++) divideRow(coefficients, totals, y * width, (y + 1) * width);
    return coefficients;
  });
}

// Rows, not whole maps, are what loops run over: an engine makes a function fast that is called often.

function divideRow(values: Float32Array, by: Float32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) values[i]! /= by[i]!;
}

/** Means over windows, before and after each is fitted. */
interface Fit {
  mean: Float32Array;
  /** Of disparity times red, green, blue and itself; then the coefficients, times the window's weight. */
  parts: readonly [Float32Array, Float32Array, Float32Array, Float32Array];
  weights: Float32Array;
}

function fitRow({ mean, parts: [rp, gp, bp, pp], weights }: Fit, { means, covariances }: Guide, from: number, to: number): void {
  const [mr, mg, mb] = means;
  const [v11s, v12s, v13s, v22s, v23s, v33s] = covariances;
  for (let i = from; i < to; i++) {
    const x = mr[i]!,
      y = mg[i]!,
      z = mb[i]!,
      q = mean[i]!;
    const v11 = v11s[i]!,
      v12 = v12s[i]!,
      v13 = v13s[i]!,
      v22 = v22s[i]!,
      v23 = v23s[i]!,
      v33 = v33s[i]!;
    const c1 = rp[i]! - x * q,
      c2 = gp[i]! - y * q,
      c3 = bp[i]! - z * q;
    const a11 = v11 + EPSILON,
      a22 = v22 + EPSILON,
      a33 = v33 + EPSILON;
    // The symmetric 3×3 system by its adjugate.
    const i11 = a22 * a33 - v23 * v23;
    const i12 = v13 * v23 - v12 * a33;
    const i13 = v12 * v23 - v13 * a22;
    const i22 = a11 * a33 - v13 * v13;
    const i23 = v12 * v13 - a11 * v23;
    const i33 = a11 * a22 - v12 * v12;
    const inverse = 1 / (a11 * i11 + v12 * i12 + v13 * i13);
    const cr = (i11 * c1 + i12 * c2 + i13 * c3) * inverse;
    const cg = (i12 * c1 + i22 * c2 + i23 * c3) * inverse;
    const cb = (i13 * c1 + i23 * c2 + i33 * c3) * inverse;
    // What the fit leaves: the variance of p, less what the coefficients explain (their own penalty taken off).
    const left = pp[i]! - q * q - (cr * c1 + cg * c2 + cb * c3) - EPSILON * (cr * cr + cg * cg + cb * cb);
    const weight = TOLERANCE / ((left > 0 ? left : 0) + TOLERANCE);
    weights[i] = weight;
    rp[i] = cr * weight;
    gp[i] = cg * weight;
    bp[i] = cb * weight;
    pp[i] = (q - cr * x - cg * y - cb * z) * weight;
  }
}

/** Enlarges the coefficients bilinearly and applies them to the photo's own colours. */
function apply(coefficients: readonly Float32Array[], w: number, h: number, { width, height, rgba }: Raster): DepthMap {
  const disparity = new Float32Array(width * height);
  const down = linearSteps(h, height);
  const across = linearSteps(w, width);
  // The pixels between two samples of a row: there the coefficients go on in equal steps.
  const starts = firsts(across.index, Math.max(1, w - 1));
  const row = new Float32Array(w * 4);
  for (let y = 0; y < height; y++) {
    const top = down.index[y]! * w;
    for (let c = 0; c < 4; c++) mixRows(row, c, coefficients[c]!, top, h > 1 ? top + w : top, down.part[y]!, c < 3 ? 1 / 255 : 1);
    applyRow(row, starts, across.part, w, disparity, rgba, y * width, width);
  }
  return { width, height, disparity };
}

function mixRows(row: Float32Array, c: number, plane: Float32Array, top: number, bottom: number, part: number, unit: number): void {
  for (let o = c, i = 0; o < row.length; o += 4, i++) row[o] = (plane[top + i]! + part * (plane[bottom + i]! - plane[top + i]!)) * unit;
}

function applyRow(
  row: Float32Array,
  starts: Int32Array,
  parts: Float32Array,
  w: number,
  disparity: Float32Array,
  rgba: Uint8ClampedArray,
  from: number,
  width: number,
): void {
  const step = w / width;
  for (let k = 0; k < starts.length - 1; k++) {
    const o = k * 4;
    const n = w > 1 ? o + 4 : o;
    const r0 = row[o]!,
      g0 = row[o + 1]!,
      b0 = row[o + 2]!,
      c0 = row[o + 3]!;
    const dr = row[n]! - r0,
      dg = row[n + 1]! - g0,
      db = row[n + 2]! - b0,
      dc = row[n + 3]! - c0;
    const x = starts[k]!;
    const end = from + starts[k + 1]!;
    // Beyond the outermost samples' middles nothing goes on.
    const goesOn = k > 0 && k < w - 2;
    const t = goesOn ? (x + 0.5) * step - 0.5 - k : 0;
    let r = r0 + t * dr,
      g = g0 + t * dg,
      b = b0 + t * db,
      c = c0 + t * dc;
    const rStep = dr * step,
      gStep = dg * step,
      bStep = db * step,
      cStep = dc * step;
    for (let i = from + x, p = i * 4; i < end; i++, p += 4) {
      if (!goesOn) {
        const at = parts[i - from]!;
        r = r0 + at * dr;
        g = g0 + at * dg;
        b = b0 + at * db;
        c = c0 + at * dc;
      }
      const value = r * rgba[p]! + g * rgba[p + 1]! + b * rgba[p + 2]! + c;
      disparity[i] = value < 0 ? 0 : value > 1 ? 1 : value;
      r += rStep;
      g += gStep;
      b += bStep;
      c += cStep;
    }
  }
}

/** Where each of `count` values of an ascending list begins, and its end. */
function firsts(ascending: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1).fill(ascending.length);
  for (let i = ascending.length - 1; i >= 0; i--) starts[ascending[i]!] = i;
  for (let k = count - 1; k >= 0; k--) if (starts[k]! > starts[k + 1]!) starts[k] = starts[k + 1]!;
  return starts;
}
