import { median, quantile } from '../../grid/index.ts';

/** What is wrong with a depth map, measured on the map itself. */
export interface Roughness {
  /** Standard deviation of pixel noise, in disparity. */
  noise: number;
  /** Spacing of its grey levels where there are few, else 0. */
  quantum: number;
}

/** More grey levels than this are fine enough to count as continuous. */
const FEW_LEVELS = 48;
/** Levels closer than this are no stairs but a slope, seen from straight on. */
const FINEST_QUANTUM = 0.01;
/** Share of pixels above or below both neighbours from which on few levels are noise that was rounded; hardly any are in bands. */
const SCATTERED_SHARE = 0.05;
/** Noise that rounding makes of less than a level's, in levels. */
const ROUNDING_LEVELS = 0.5;

/**
 * Measures a map on a sample of its pixels.
 * @param isDense small things may be everywhere, as in a small map: what a quarter of the pixels is without is no noise.
 */
export function measureRoughness(disparity: Float32Array, width: number, height: number, isDense = false): Roughness {
  const noise = noiseOf(disparity, width, height, isDense);
  const quantum = quantumOf(disparity);
  // Where noise scatters the levels, rounding is a part of it; there are no bands to make slopes of.
  if (quantum > 0 && scatterOf(disparity, width, height, quantum) >= SCATTERED_SHARE)
    return { noise: Math.max(noise, ROUNDING_LEVELS * quantum), quantum: 0 };
  return { noise: quantum > 0 ? 0 : noise, quantum };
}

/**
 * Robust noise estimate from the response to Immerkær's mask ("Fast Noise Variance Estimation",
 * 1996), which plain slopes and straight edges do not excite; the median keeps the rest out.
 */
function noiseOf(d: Float32Array, width: number, height: number, isDense: boolean): number {
  const seen: number[] = [];
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 20000)));
  for (let y = 1; y < height - 1; y += step) {
    for (let x = 1; x < width - 1; x += step) {
      const i = y * width + x;
      const response =
        d[i - width - 1]! +
        d[i - width + 1]! +
        d[i + width - 1]! +
        d[i + width + 1]! -
        2 * (d[i - width]! + d[i + width]! + d[i - 1]! + d[i + 1]!) +
        4 * d[i]!;
      seen.push(Math.abs(response));
    }
  }
  // Quartiles of the normal distribution's distance from its mean.
  const noise = median(seen) / 0.6745 / 6;
  return isDense ? Math.min(noise, quantile(seen, 0.25) / 0.3186 / 6) : noise;
}

/** Level spacing, where nearly all values fall on few levels. */
function quantumOf(d: Float32Array): number {
  const bins = new Uint32Array(4096);
  const step = Math.max(1, Math.floor(d.length / 50000));
  let count = 0;
  for (let i = 0; i < d.length; i += step) {
    bins[Math.min(4095, Math.max(0, Math.round(d[i]! * 4095)))]!++;
    count++;
  }
  const order = Array.from(bins.keys())
    .filter((b) => bins[b]! > 0)
    .sort((a, b) => bins[b]! - bins[a]!);
  const levels: number[] = [];
  let covered = 0;
  for (const b of order) {
    if (covered > 0.9 * count) break;
    covered += bins[b]!;
    levels.push(b);
    if (levels.length > FEW_LEVELS) return 0;
  }
  if (levels.length < 4) return 0;
  levels.sort((a, b) => a - b);
  const spacing = median(levels.slice(1).map((b, k) => b - levels[k]!)) / 4095;
  return spacing < FINEST_QUANTUM ? 0 : spacing;
}

/** Share of pixels that lie a level or more above or below both neighbours in their row, 0..1. */
function scatterOf(d: Float32Array, width: number, height: number, quantum: number): number {
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 20000)));
  let scattered = 0;
  let count = 0;
  for (let y = 0; y < height; y += step) {
    for (let i = y * width + 1; i < (y + 1) * width - 1; i += step) {
      const left = d[i]! - d[i - 1]!;
      const right = d[i]! - d[i + 1]!;
      if (left * right > 0 && Math.min(Math.abs(left), Math.abs(right)) > quantum / 2) scattered++;
      count++;
    }
  }
  return count > 0 ? scattered / count : 0;
}
