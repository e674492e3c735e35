/** PSNR and SSIM over parts of a picture, as the ground truth's own script computes them. */
import type { Raster } from '../../src/core/index.ts';

export interface Sums {
  squared: number;
  ssim: number;
  pixels: number;
}

/**
 * Squared error and SSIM (Wang et al., "Image quality assessment: from error visibility to structural similarity",
 * 2004: Gaussian 11×11 window, sigma 1.5, mean of three channels), summed over the pixels for which `part` is true.
 */
export function score(truth: Raster, ours: Raster, parts: Record<string, (i: number) => boolean>): Record<string, Sums> {
  const { width, height } = truth;
  const ssim = new Float64Array(width * height);
  for (let c = 0; c < 3; c++) {
    const a = new Float64Array(width * height);
    const b = new Float64Array(width * height);
    for (let i = 0; i < a.length; i++) {
      a[i] = truth.rgba[i * 4 + c]!;
      b[i] = ours.rgba[i * 4 + c]!;
    }
    const ma = blur(a, width, height);
    const mb = blur(b, width, height);
    const aa = blur(
      a.map((v) => v * v),
      width,
      height,
    );
    const bb = blur(
      b.map((v) => v * v),
      width,
      height,
    );
    const ab = blur(
      a.map((v, i) => v * b[i]!),
      width,
      height,
    );
    const c1 = (0.01 * 255) ** 2;
    const c2 = (0.03 * 255) ** 2;
    for (let i = 0; i < a.length; i++) {
      const va = aa[i]! - ma[i]! ** 2;
      const vb = bb[i]! - mb[i]! ** 2;
      const cov = ab[i]! - ma[i]! * mb[i]!;
      ssim[i]! += ((2 * ma[i]! * mb[i]! + c1) * (2 * cov + c2)) / ((ma[i]! ** 2 + mb[i]! ** 2 + c1) * (va + vb + c2)) / 3;
    }
  }
  const result: Record<string, Sums> = {};
  for (const [name, isIn] of Object.entries(parts)) {
    const sums = { squared: 0, ssim: 0, pixels: 0 };
    for (let i = 0; i < ssim.length; i++) {
      if (!isIn(i)) continue;
      for (let c = 0; c < 3; c++) sums.squared += (truth.rgba[i * 4 + c]! - ours.rgba[i * 4 + c]!) ** 2;
      sums.ssim += ssim[i]!;
      sums.pixels++;
    }
    result[name] = sums;
  }
  return result;
}

/** Decibels of the pooled error, three channels of 8 bits. */
export function psnr({ squared, pixels }: Sums): number {
  return 10 * Math.log10((255 ** 2 * 3 * pixels) / squared);
}

const KERNEL = (() => {
  const k = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2)));
  const sum = k.reduce((s, v) => s + v, 0);
  return k.map((v) => v / sum);
})();

/** Separable Gaussian, the border mirrored. */
function blur(from: Float64Array, width: number, height: number): Float64Array {
  const mirror = (i: number, n: number) => (i < 0 ? -i - 1 : i >= n ? 2 * n - i - 1 : i);
  const rows = new Float64Array(from.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -5; k <= 5; k++) sum += KERNEL[k + 5]! * from[y * width + mirror(x + k, width)]!;
      rows[y * width + x] = sum;
    }
  }
  const out = new Float64Array(from.length);
  for (let y = 0; y < height; y++) {
    for (let k = -5; k <= 5; k++) {
      const row = mirror(y + k, height) * width;
      for (let x = 0; x < width; x++) out[y * width + x]! += KERNEL[k + 5]! * rows[row + x]!;
    }
  }
  return out;
}
