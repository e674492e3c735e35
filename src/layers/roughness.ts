import type { Raster } from '../core/index.ts';

/** What is wrong with a depth map, measured on the map itself. */
export interface Roughness {
  /** Standard deviation of pixel noise, in disparity. */
  noise: number;
  /** Spacing of its grey levels where there are few, else 0. */
  quantum: number;
}

/** Brightness steps from here on are looked at for leaks. */
const LUMA_STEP = 0.12;
/** and from here on for faint texture. */
const FAINT_STEP = 0.015;
/** More grey levels than this are fine enough to count as continuous. */
const FEW_LEVELS = 48;
/** Levels closer than this are no stairs but a slope, seen from straight on. */
const FINE_LEVELS = 0.01;
/** Share of pixels above or below both neighbours from which on few levels are noise that was rounded; hardly any are in bands. */
const SCATTERED = 0.05;
/** Noise that rounding makes of less than a level's, in levels. */
const ROUNDING = 0.5;

/** Brightness of the photo, 0..1, a value a pixel. */
export function lumaOf(photo: Raster): Float32Array {
  const luma = new Float32Array(photo.width * photo.height);
  for (let i = 0; i < luma.length; i++) {
    luma[i] = (0.299 * photo.rgba[i * 4]! + 0.587 * photo.rgba[i * 4 + 1]! + 0.114 * photo.rgba[i * 4 + 2]!) / 255;
  }
  return luma;
}

/** Measures a map of the photo's size, on a sample of its pixels. */
export function measureRoughness(disparity: Float32Array, width: number, height: number): Roughness {
  const noise = noiseOf(disparity, width, height);
  const quantum = quantumOf(disparity);
  // Where noise scatters the levels, rounding is a part of it; there are no bands to make slopes of.
  if (quantum > 0 && scatterOf(disparity, width, height, quantum) >= SCATTERED) return { noise: Math.max(noise, ROUNDING * quantum), quantum: 0 };
  return { noise: quantum > 0 ? 0 : noise, quantum };
}

/**
 * Robust noise estimate from the response to Immerkær's mask ("Fast Noise Variance Estimation",
 * 1996), which plain slopes and straight edges do not excite; the median keeps the rest out.
 */
function noiseOf(d: Float32Array, width: number, height: number): number {
  const seen: number[] = [];
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 20000)));
  for (let y = 1; y < height - 1; y += step) {
    for (let x = 1; x < width - 1; x += step) {
      const i = y * width + x;
      const response =
        d[i - width - 1]! + d[i - width + 1]! + d[i + width - 1]! + d[i + width + 1]! -
        2 * (d[i - width]! + d[i + width]! + d[i - 1]! + d[i + 1]!) + 4 * d[i]!;
      seen.push(Math.abs(response));
    }
  }
  return median(seen) / 0.6745 / 6;
}

/** Steps below this, in disparity a pixel, may be slopes. */
const STEEP = 0.02;
/** A neighbouring step of at least this share makes a ramp of a step. */
const RAMP_SHARE = 0.25;

/** Share of a map's steep places where depth goes on the same way on one side at least, 0..1: about 0.1 in a rendered map, about 1 in a blurred one. */
export function blurOf(d: Float32Array, width: number, height: number): number {
  let steep = 0;
  let ramps = 0;
  const look = (i: number, step: number) => {
    const jump = d[i + step]! - d[i]!;
    if (Math.abs(jump) < STEEP) return;
    steep++;
    // A step the same way, and steep enough beside this one.
    const least = RAMP_SHARE * jump * jump;
    if ((d[i]! - d[i - step]!) * jump > least || (d[i + 2 * step]! - d[i + step]!) * jump > least) ramps++;
  };
  for (let y = 1; y < height - 2; y += 2) {
    for (let x = 1; x < width - 2; x++) {
      look(y * width + x, 1);
      look(y * width + x, width);
    }
  }
  return steep > 0 ? ramps / steep : 0;
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
  const order = Array.from(bins.keys()).filter((b) => bins[b]! > 0).sort((a, b) => bins[b]! - bins[a]!);
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
  return spacing < FINE_LEVELS ? 0 : spacing;
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

/**
 * How much of the photo's brightness (0..1) is mixed into a map of its size; 0 where none is.
 * Where brightness changes abruptly, depth mostly does not (print, tiles, shadows): a median ratio
 * of both that is clearly not 0 is a leak. Dark things before something bright give such a ratio too;
 * a leak shows in faint texture as well, where depth has no reason to change.
 */
export function leakOf(d: Float32Array, luma: Float32Array, width: number, height: number): number {
  const ratios: number[] = [];
  const faint: number[] = [];
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 100000)));
  for (let y = 1; y < height - 2; y += step) {
    for (let x = 1; x < width - 2; x++) {
      const i = y * width + x;
      compare(luma[i + 1]! - luma[i - 1]!, d[i + 1]! - d[i - 1]!, ratios, faint);
      compare(luma[i + width]! - luma[i - width]!, d[i + width]! - d[i - width]!, ratios, faint);
    }
  }
  if (ratios.length < 200 || faint.length < 200) return 0;
  const middle = median(ratios);
  if (Math.abs(middle) < 0.02) return 0;
  const spread = median(ratios.map((r) => Math.abs(r - middle)));
  const there = median(faint) / middle;
  return spread < Math.abs(middle) && there > 0.5 && there < 1.5 ? middle : 0;
}

function compare(brightness: number, depth: number, ratios: number[], faint: number[]): void {
  const change = Math.abs(brightness);
  if (change > LUMA_STEP) ratios.push(depth / brightness);
  else if (change > FAINT_STEP && change < LUMA_STEP / 2) faint.push(depth / brightness);
}

/** The middle value, by quickselect (Hoare, "Algorithm 65: Find", 1961): sorting noise takes far longer than sorting what is smooth. */
function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const v = Float64Array.from(values);
  const middle = v.length >> 1;
  for (let low = 0, high = v.length - 1; low < high; ) {
    const pivot = v[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (v[i]! < pivot) i++;
      while (v[j]! > pivot) j--;
      if (i > j) break;
      const swapped = v[i]!;
      v[i++] = v[j]!;
      v[j--] = swapped;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else break;
  }
  return v[middle]!;
}
