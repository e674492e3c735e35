import type { DepthMap, Raster } from '../core/index.ts';
import { blurWidth } from './blur-width.ts';
import type { SettledDepth, SharpenOptions } from './heart.ts';
import { fillLevels } from './levels.ts';
import { resizeDepth } from './resize.ts';
import { blurOf, leakOf, lumaOf, measureRoughness } from './roughness.ts';
import { doubledAlong, halved, halvedPhoto } from './half.ts';
import { smoothDisparity } from './smooth.ts';
import { sharpenSteps, sweepCrumbs } from './steps.ts';

/** Noise below this, in disparity, cannot be seen in a picture. */
const CLEAN = 0.0025;
/** Smallest step that is made sharp, in disparity. */
const LEAST_STEP = 0.03;

/** A map with a larger share of ramps at its steps was blurred. */
const BLURRED = 0.3;
/** The same at half the size, where noise hides less of it: about 0.4 in a noisy crisp map, 0.8 and more in a blurred one. */
const BLURRED_IN_HALF = 0.6;
/** Photos of this size or more, in pixels along the longer side, have their noise taken out at half size. */
const HALF_FROM = 600;
/** Rounds of sweeping up what smoothing leaves at steps. */
const CRUMB_ROUNDS = 3;

/** See `sharpen` in heart.ts. */
export function sharpenDepth(depth: DepthMap, photo: Raster, options: SharpenOptions): SettledDepth {
  const { width, height } = photo;
  const map = resizeDepth(depth, width, height);
  if (options.smoothing === 0) return map;
  const { disparity } = map;
  const { noise, quantum } = measureRoughness(disparity, width, height);
  const strength = options.smoothing;
  if (options.exact && noise <= CLEAN && quantum === 0 && blurOf(disparity, width, height) < BLURRED) return map;
  if (!options.exact) {
    const luma = lumaOf(photo);
    const leak = leakOf(disparity, luma, width, height);
    if (leak !== 0) removeLeak(disparity, luma, leak);
  }
  const reach = (Math.max(width, height) / 960) * 12 * strength;
  const isNoisy = quantum === 0 && (noise > CLEAN || strength > 1);
  if (quantum > 0) {
    const isCrisp = blurOf(disparity, width, height) < BLURRED;
    fillLevels(disparity, photo, quantum);
    // Its steps are where they belong: what is left to be known lies between two levels.
    if (isCrisp) return map;
  } else if (isNoisy) {
    const level = Math.max(noise, CLEAN * (strength - 1) * 4);
    const small = halved(disparity, width, height);
    if (blurOf(small, (width + 1) >> 1, (height + 1) >> 1) >= BLURRED_IN_HALF) return denoiseBlurred(disparity, small, photo, reach, level);
    const inHalf = Math.max(width, height) >= HALF_FROM;
    return { width, height, disparity: inHalf ? denoiseInHalf(small, photo, reach, level) : denoise(disparity, photo, reach, level) };
  }
  if (quantum > 0) return { width, height, disparity: sharpenSteps(disparity, photo, LEAST_STEP) };
  return deblur(disparity, photo, disparity);
}

/** Smooths, makes steps of what was smoothed over, and sweeps up. Changes `disparity`. */
function denoise(disparity: Float32Array, photo: Raster, reach: number, level: number): Float32Array {
  const { width, height } = photo;
  smoothDisparity(disparity, width, height, reach, 0.3 * level, level * 0.8, 1);
  const steps = sharpenSteps(disparity, photo, LEAST_STEP);
  sweepCrumbs(steps, width, height, LEAST_STEP / 2, CRUMB_ROUNDS);
  return steps;
}

/** The same at half the size: a quarter of the work, and noise hides finer things anyway. The photo brings the outlines back. */
function denoiseInHalf(half: Float32Array, photo: Raster, reach: number, level: number): Float32Array {
  const small = halvedPhoto(photo);
  return doubledAlong(denoise(half, small, reach / 2, level), small, photo, LEAST_STEP);
}

/** A blurred map loses nothing at half the size but its noise; its steps are made at the photo's own. */
function denoiseBlurred(seen: Float32Array, half: Float32Array, { width, height, rgba }: Raster, reach: number, level: number): SettledDepth {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  // Half the noise is left there.
  smoothDisparity(half, w, h, reach / 4, 0.15 * level, level * 0.4, 1);
  const { disparity } = resizeDepth({ width: w, height: h, disparity: half }, width, height);
  return deblur(disparity, { width, height, rgba }, seen);
}

/** @param seen the map as it came. */
function deblur(disparity: Float32Array, photo: Raster, seen: Float32Array): SettledDepth {
  const { width, height } = photo;
  const blur = blurWidth(disparity, width, height);
  return { width, height, disparity: sharpenSteps(disparity, photo, LEAST_STEP, seen, blur), blur };
}

/** Takes the brightness out and stretches what is left to the range there was. */
function removeLeak(disparity: Float32Array, luma: Float32Array, leak: number): void {
  let low = Infinity;
  let high = -Infinity;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < disparity.length; i++) {
    const before = disparity[i]!;
    const d = before - leak * luma[i]!;
    disparity[i] = d;
    if (before < low) low = before;
    if (before > high) high = before;
    if (d < lowest) lowest = d;
    if (d > highest) highest = d;
  }
  const scale = (high - low) / Math.max(1e-6, highest - lowest);
  for (let i = 0; i < disparity.length; i++) disparity[i] = (disparity[i]! - lowest) * scale + low;
}
