import type { DepthMap, Raster } from '../../core/index.ts';
import { boxMean } from './box-mean.ts';
import { linearSteps, shrinkToPlanes } from './resample.ts';

/** Half the window's side, in samples of the small map: about as far as networks blur outlines and miss them. */
const RADIUS = 3;
/** Variance of a colour channel (0..1) up to which it counts as flat: noise leaves no trace, outlines do. */
const EPSILON = 1e-4;
/** Squared error of a window's fit, in disparity, that is as good as none. */
const TOLERANCE = 1e-5;

/**
 * Brings a depth map to the photo's size along the photo's outlines: the fast guided filter with colour guide (He and Sun,
 * "Fast Guided Filter", 2015; He et al., "Guided Image Filtering", 2013). In each window disparity is taken for affine in
 * colour; the coefficients are found on the small map and enlarged instead of depth itself. Where windows overlap, those that
 * fit better count more (Chen et al., "Weighted Aggregation for Guided Image Filtering", 2020): plain means blur outlines.
 * @param map neither side larger than the photo's.
 */
export function guidedUpsample(map: DepthMap, photo: Raster): DepthMap {
  const { width: w, height: h, disparity } = map;
  const colours = shrinkToPlanes(photo.rgba, photo.width, photo.height, 4, 3, w, h, 1 / 255);
  return apply(fit(disparity, colours, w, h), w, h, photo);
}

/** Red, green, blue and constant coefficients of each sample, weighted means over the windows it lies in. */
function fit(p: Float32Array, colours: readonly Float32Array[], w: number, h: number): Float32Array[] {
  const [r, g, b] = colours as [Float32Array, Float32Array, Float32Array];
  const buffer = new Float32Array(p.length);
  const mean = (values: Float32Array): Float32Array => boxMean(values, w, h, RADIUS);
  const product = (x: Float32Array, y: Float32Array): Float32Array => {
    for (let i = 0; i < buffer.length; i++) buffer[i] = x[i]! * y[i]!;
    return mean(buffer);
  };
  const [mr, mg, mb, mp] = [mean(r), mean(g), mean(b), mean(p)];
  const [rr, rg, rb, gg, gb, bb] = [product(r, r), product(r, g), product(r, b), product(g, g), product(g, b), product(b, b)];
  const [rp, gp, bp, pp] = [product(r, p), product(g, p), product(b, p), product(p, p)];
  const weights = buffer;
  for (let i = 0; i < p.length; i++) {
    const [x, y, z, q] = [mr[i]!, mg[i]!, mb[i]!, mp[i]!];
    const [v11, v22, v33] = [rr[i]! - x * x, gg[i]! - y * y, bb[i]! - z * z];
    const [v12, v13, v23] = [rg[i]! - x * y, rb[i]! - x * z, gb[i]! - y * z];
    const [c1, c2, c3] = [rp[i]! - x * q, gp[i]! - y * q, bp[i]! - z * q];
    const [a11, a22, a33] = [v11 + EPSILON, v22 + EPSILON, v33 + EPSILON];
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
    const left = pp[i]! - q * q - 2 * (cr * c1 + cg * c2 + cb * c3)
      + cr * cr * v11 + cg * cg * v22 + cb * cb * v33 + 2 * (cr * cg * v12 + cr * cb * v13 + cg * cb * v23);
    const weight = TOLERANCE / (Math.max(0, left) + TOLERANCE);
    weights[i] = weight;
    rp[i] = cr * weight;
    gp[i] = cg * weight;
    bp[i] = cb * weight;
    pp[i] = (q - cr * x - cg * y - cb * z) * weight;
  }
  const totals = mean(weights);
  return [rp, gp, bp, pp].map((weighted) => {
    const coefficients = mean(weighted);
    for (let i = 0; i < coefficients.length; i++) coefficients[i]! /= totals[i]!;
    return coefficients;
  });
}

/** Enlarges the coefficients bilinearly and applies them to the photo's own colours. */
function apply(coefficients: readonly Float32Array[], w: number, h: number, { width, height, rgba }: Raster): DepthMap {
  const disparity = new Float32Array(width * height);
  const across = linearSteps(w, width);
  const down = linearSteps(h, height);
  // Red, green, blue, constant of the current row, interleaved.
  const row = new Float32Array(w * 4);
  for (let y = 0; y < height; y++) {
    const top = down.index[y]! * w;
    const bottom = h > 1 ? top + w : top;
    const part = down.part[y]!;
    for (let c = 0; c < 4; c++) {
      const plane = coefficients[c]!;
      for (let x = 0; x < w; x++) row[x * 4 + c] = plane[top + x]! + part * (plane[bottom + x]! - plane[top + x]!);
    }
    const next = w > 1 ? 4 : 0;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const k = across.index[x]! * 4;
      const n = k + next;
      const t = across.part[x]!;
      const cr = row[k]! + t * (row[n]! - row[k]!);
      const cg = row[k + 1]! + t * (row[n + 1]! - row[k + 1]!);
      const cb = row[k + 2]! + t * (row[n + 2]! - row[k + 2]!);
      const rest = row[k + 3]! + t * (row[n + 3]! - row[k + 3]!);
      const value = (cr * rgba[i * 4]! + cg * rgba[i * 4 + 1]! + cb * rgba[i * 4 + 2]!) / 255 + rest;
      disparity[i] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
  }
  return { width, height, disparity };
}
