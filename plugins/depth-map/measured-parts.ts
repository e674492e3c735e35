/** What pictures of distances look like, as depth cameras write them (Kinect, RealSense; TUM RGB-D and others). */
import type { Passes } from 'unflat/plugin';
import { quantiles } from './quantiles.ts';
import type { RawDepth } from './raw-depth.ts';
import { shrinkTo } from './shrink-to.ts';
import { straightness } from './straightness.ts';

/** Longest side of the small copy in which flat surfaces are looked for. */
const PROBE = 160;
/** Straightness below which a map that may be stretched is distances all the same, and above which none is: no depth camera's has reached .1. */
const CLEARLY_DISTANCES = -0.25;
const CLEARLY_LEVELS = 0.1;
/** Nearest distance that depth cameras measure, in millimetres. */
const NEAREST_MM = 100;
/** Where values come nearer to the type's largest than this part of it, that is a value like others. */
const BELOW_TOP = 0.8;
/** A map of fewer levels was painted by hand, and its white is as good as any other. */
const MEASURED_LEVELS = 16;
/** Least part of a map that places without a value take. */
const LEAST_GAP = 1 / 1000;

/** A map as a depth camera's file is to be understood. */
export interface Measured {
  /** With 0, unknown, wherever nothing was measured or it is farther than the type can say. */
  measured: RawDepth;
  /** With 0 only where nothing was measured: what is too far to say stays far. */
  distances: RawDepth;
}

/**
 * Depth cameras' files often have the type's largest value, with nothing near it: where nothing was measured (7-Scenes, 2D-3D-Semantics), or,
 * where 0 stands for that, what is farther than the type can say (KITTI's sky).
 * @returns the same map twice where there is no such value.
 */
export function measuredParts(map: RawDepth): Measured {
  if (map.kind !== 'picture' || map.fullScale !== 65_535) return { measured: map, distances: map };
  let top = 0;
  let most = 0;
  const levels = new Set<number>();
  for (const value of map.values) {
    if (value === map.fullScale) top++;
    else if (value > most) most = value;
    if (levels.size < MEASURED_LEVELS) levels.add(value);
  }
  if (top <= map.values.length * LEAST_GAP || most > BELOW_TOP * map.fullScale || levels.size < MEASURED_LEVELS)
    return { measured: map, distances: map };
  const measured = { ...map, values: map.values.map((value) => (value === map.fullScale ? 0 : value)) };
  return { measured, distances: hasGap(map) ? map : measured };
}

/** Whether a picture may hold distances: these are 16-bit, begin well above 0, as 0 means "unknown", and use the type's range as it comes. */
export function* isMillimetres(map: RawDepth): Passes<boolean> {
  if (map.fullScale !== 65_535) return false;
  let least = Infinity;
  for (const value of map.values) if (value > 0 && value < least) least = value;
  const [high = 0] = quantiles(map.values, [0.99], isNotZero);
  if (least < NEAREST_MM || high <= 1.2 * least) return false;
  yield;
  const straight = straightness(shrinkTo(map, PROBE, isNotZero));
  yield;
  return mayBeStretched(map) ? hasGap(map) && straight < CLEARLY_DISTANCES : straight < CLEARLY_LEVELS;
}

/** Stretched maps end at the largest value of 16 or 15 bits; so do, at 65 m, distances of a wide view. */
export function mayBeStretched({ values, fullScale }: RawDepth): boolean {
  if (values.some((value) => value === fullScale)) return true;
  // A look through a window or at the sky ends at the type's largest value: few pixels there say nothing of the scale.
  const [high = 0] = quantiles(values, [0.99], isNotZero);
  return high > 60_000 || (high > 32_000 && values.every((value) => !(value > 32_768)));
}

/** Zeros with nothing near them. */
export function hasGap({ values }: RawDepth): boolean {
  return values.reduce((zeros, value) => zeros + Number(value === 0), 0) > values.length * LEAST_GAP;
}

export function isNotZero(value: number): boolean {
  return value !== 0 && Number.isFinite(value);
}
