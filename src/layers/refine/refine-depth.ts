import type { DepthMap, Raster, Passes } from '../../core/index.ts';
import { estimateBlur } from './estimate-blur.ts';
import { removeBanding } from './remove-banding.ts';
import { resizeDepth } from './resize-depth.ts';
import { luminanceLeak, lumaOf } from './luminance-leak.ts';
import { measureRoughness } from './measure-roughness.ts';
import { medianAtSteps } from './median-at-steps.ts';
import { rampShare } from './ramp-share.ts';
import { jointUpsample } from './joint-upsample.ts';
import { halve, halvePhoto, shrinkPhoto } from '../../grid/index.ts';
import { domainTransform } from './domain-transform.ts';
import { sharpenEdges } from './sharpen-edges.ts';

/** Noise below this, in disparity, cannot be seen in a picture. */
const CLEAN_NOISE = 0.0025;
/** Smallest step that is made sharp, in disparity. */
const LEAST_STEP = 0.03;

/** A map with a larger share of ramps at its steps was blurred. */
const BLURRED_SHARE = 0.3;
/** The same at half the size, where noise hides less of it: about 0.4 in a noisy crisp map, 0.8 and more in a blurred one. */
const BLURRED_SHARE_IN_HALF = 0.6;
/** Photos of this size or more, in pixels along the longer side, have their noise taken out at half size. */
const HALF_FROM_PX = 600;
/**
 * A blurred map is made sharp at a size of at most so many times its own: its ramps are about two samples long, and `sharpenEdges`
 * knows ramps up to 9 pixels (LONGEST_RAMP_PX). Beyond it, ramps are left and silhouettes stay soft.
 */
const MOST_ENLARGED_TIMES = 5;
/** Rounds of sweeping up what smoothing leaves at steps. */
const CRUMB_ROUNDS = 3;

/** A depth map as `sharpen` leaves it. */
export interface SettledDepth extends DepthMap {
  /** How far it was blurred before, as a standard deviation in pixels: its silhouettes may be off by as much. Default 0. */
  blur?: number;
}

export interface SharpenOptions {
  /** 0..2: 0 = none, 1 = automatic, between them that part of it, 2 = strong. */
  smoothing: number;
  /** Its numbers mean something: it is not stretched, and left wholly alone where it is neither noisy nor blurred nor of few levels. */
  exact: boolean;
}

/** See `sharpen` in heart.ts. */
export function* refineDepth(depth: DepthMap, photo: Raster, options: SharpenOptions): Passes<SettledDepth> {
  const { width, height } = photo;
  if (options.smoothing === 0) return resizeDepth(depth, width, height);
  if (options.smoothing < 1)
    return partOfTheWay(
      resizeDepth(depth, width, height),
      yield* refineDepth(depth, photo, { ...options, smoothing: 1 }),
      options.smoothing,
    );
  const isSmall = depth.width < width && depth.height < height;
  const small = isSmall ? yield* sharpenSmall(depth, photo, options) : undefined;
  return small ?? (yield* sharpenFull(resizeDepth(depth, width, height), photo, options));
}

/** From the map as it came, 0, to what was made of it, 1: whatever was wrong with it, half the strength leaves half of that. */
function partOfTheWay(from: DepthMap, to: SettledDepth, part: number): SettledDepth {
  return { ...to, disparity: to.disparity.map((d, i) => from.disparity[i]! + part * (d - from.disparity[i]!)) };
}

/**
 * Takes noise and brightness out of a map at its own size: enlarging blends them into what looks like blur. A map
 * without either is enlarged as it is.
 * @returns undefined where it has few levels.
 */
function* sharpenSmall(depth: DepthMap, photo: Raster, options: SharpenOptions): Passes<SettledDepth | undefined> {
  const { width, height } = depth;
  const disparity = depth.disparity.slice();
  const luma = resizeDepth({ width: photo.width, height: photo.height, disparity: lumaOf(photo) }, width, height).disparity;
  yield;
  const hadLeak = !options.exact && takeLeak(disparity, luma, width, height);
  const { noise, quantum } = measureRoughness(disparity, width, height, true);
  const isNoisy = noise > CLEAN_NOISE;
  if (quantum > 0)
    return rampShare(disparity, width, height) < BLURRED_SHARE ? yield* enlargeLevels(disparity, width, height, photo, quantum) : undefined;
  if (!isNoisy && !hadLeak && options.smoothing > 1) return undefined;
  const seen = { width, height, disparity };
  if (!isNoisy) {
    if (options.exact) {
      const enlarged = resizeDepth(seen, photo.width, photo.height);
      if (rampShare(enlarged.disparity, photo.width, photo.height) < BLURRED_SHARE) return enlarged;
      yield;
    }
    return yield* deblurEnlarged(seen, photo, seen);
  }
  const reach = smoothingReach(width, height, options.smoothing);
  const level = levelOf(noise, options.smoothing);
  if (rampShare(halve(disparity, width, height), (width + 1) >> 1, (height + 1) >> 1) >= BLURRED_SHARE_IN_HALF) {
    // Half the noise is left there, as in `denoiseBlurred`.
    const smooth = disparity.slice();
    domainTransform(smooth, width, height, reach / 2, 0.3 * level, level * 0.8, 1);
    yield;
    return yield* deblurEnlarged({ width, height, disparity: smooth }, photo, seen);
  }
  const small = shrinkPhoto(photo, width, height);
  yield;
  const clean = yield* denoise(disparity, small, reach, level);
  return { width: photo.width, height: photo.height, disparity: jointUpsample(clean, small, photo, LEAST_STEP) };
}

/** Slopes are made of crisp stairs before enlarging blurs these. Changes `disparity`. */
function* enlargeLevels(disparity: Float32Array, width: number, height: number, photo: Raster, quantum: number): Passes<SettledDepth> {
  const small = shrinkPhoto(photo, width, height);
  yield;
  removeBanding(disparity, small, quantum);
  yield;
  return { width: photo.width, height: photo.height, disparity: jointUpsample(disparity, small, photo, LEAST_STEP) };
}

/** Pixels over which flat parts are averaged. */
function smoothingReach(width: number, height: number, strength: number): number {
  return (Math.max(width, height) / 960) * 12 * strength;
}

/** The noise that is taken out. */
function levelOf(noise: number, strength: number): number {
  return Math.max(noise, CLEAN_NOISE * (strength - 1) * 4);
}

/** Sharpens a map of the photo's size; changes it. */
function* sharpenFull(map: DepthMap, photo: Raster, options: SharpenOptions): Passes<SettledDepth> {
  const { width, height, disparity } = map;
  yield;
  if (!options.exact) takeLeak(disparity, lumaOf(photo), width, height);
  yield;
  const { noise, quantum } = measureRoughness(disparity, width, height);
  const strength = options.smoothing;
  if (options.exact && noise <= CLEAN_NOISE && quantum === 0 && rampShare(disparity, width, height) < BLURRED_SHARE) return map;
  const reach = smoothingReach(width, height, strength);
  const isNoisy = quantum === 0 && (noise > CLEAN_NOISE || strength > 1);
  if (quantum > 0) {
    const isCrisp = rampShare(disparity, width, height) < BLURRED_SHARE;
    yield;
    removeBanding(disparity, photo, quantum);
    yield;
    // Its steps are where they belong: what is left to be known lies between two levels.
    if (isCrisp) return map;
  } else if (isNoisy) {
    const level = levelOf(noise, strength);
    const small = halve(disparity, width, height);
    if (rampShare(small, (width + 1) >> 1, (height + 1) >> 1) >= BLURRED_SHARE_IN_HALF)
      return yield* denoiseBlurred(disparity, small, photo, reach, level);
    const inHalf = Math.max(width, height) >= HALF_FROM_PX;
    return {
      width,
      height,
      disparity: inHalf ? yield* denoiseInHalf(small, photo, reach, level) : yield* denoise(disparity, photo, reach, level),
    };
  }
  if (quantum > 0) return { width, height, disparity: yield* sharpenEdges(disparity, photo, LEAST_STEP) };
  return yield* deblur(disparity, photo, disparity);
}

/** Smooths, makes steps of what was smoothed over, and sweeps up. Changes `disparity`. */
function* denoise(disparity: Float32Array, photo: Raster, reach: number, level: number): Passes<Float32Array> {
  const { width, height } = photo;
  domainTransform(disparity, width, height, reach, 0.3 * level, level * 0.8, 1);
  yield;
  const steps = yield* sharpenEdges(disparity, photo, LEAST_STEP);
  yield;
  medianAtSteps(steps, width, height, LEAST_STEP / 2, CRUMB_ROUNDS);
  return steps;
}

/** The same at half the size: a quarter of the work, and noise hides finer things anyway. The photo brings the outlines back. */
function* denoiseInHalf(half: Float32Array, photo: Raster, reach: number, level: number): Passes<Float32Array> {
  const small = halvePhoto(photo);
  yield;
  const clean = yield* denoise(half, small, reach / 2, level);
  yield;
  return jointUpsample(clean, small, photo, LEAST_STEP, 0.5);
}

/** A blurred map loses nothing at half the size but its noise; its steps are made at the photo's own. */
function* denoiseBlurred(
  seen: Float32Array,
  half: Float32Array,
  { width, height, rgba }: Raster,
  reach: number,
  level: number,
): Passes<SettledDepth> {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  // Half the noise is left there.
  domainTransform(half, w, h, reach / 4, 0.15 * level, level * 0.4, 1);
  yield;
  const { disparity } = resizeDepth({ width: w, height: h, disparity: half }, width, height);
  yield;
  return yield* deblur(disparity, { width, height, rgba }, seen);
}

/** Enlarges a map and makes steps of its ramps. @param seen the map as it came, of the same size. */
function* deblurEnlarged(map: DepthMap, photo: Raster, seen: DepthMap): Passes<SettledDepth> {
  const { width, height } = photo;
  if (width > MOST_ENLARGED_TIMES * map.width) {
    const small = halvePhoto(photo);
    yield;
    const { disparity, blur = 0 } = yield* deblurEnlarged(map, small, seen);
    yield;
    return { width, height, disparity: jointUpsample(disparity, small, photo, LEAST_STEP, 0.5), blur: 2 * blur };
  }
  const { disparity } = resizeDepth(map, width, height);
  yield;
  return yield* deblur(disparity, photo, seen === map ? disparity : resizeDepth(seen, width, height).disparity);
}

/** @param seen the map as it came. */
function* deblur(disparity: Float32Array, photo: Raster, seen: Float32Array): Passes<SettledDepth> {
  const { width, height } = photo;
  const blur = estimateBlur(disparity, width, height);
  yield;
  return { width, height, disparity: yield* sharpenEdges(disparity, photo, LEAST_STEP, seen, blur), blur };
}

/** Takes the photo's brightness out of a map where it is mixed in. @returns whether it was. */
function takeLeak(disparity: Float32Array, luma: Float32Array, width: number, height: number): boolean {
  const leak = luminanceLeak(disparity, luma, width, height);
  if (leak !== 0) removeLeak(disparity, luma, leak);
  return leak !== 0;
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
