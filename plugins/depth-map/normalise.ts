import type { Passes } from 'unflat/plugin';
import { quantiles } from './quantiles.ts';

/** Disparity of a map that shows no depth at all. */
const FLAT = 0.5;
/** How far beyond the middle 99 % a value may lie, in their spread, before it is an outlier. */
const SLACK = 0.3;
/** How far beyond the middle 99 % the range goes where there are outliers. */
const MARGIN = 0.1;
/** Fewer 8-bit levels than this make steps that one sees. */
const COARSE_LEVELS = 16;

/** What is known of the values' type. */
export interface Scale {
  /** Smallest difference the type can hold, 0 for floating point. */
  step: number;
  /** Differences up to this are rounding or compression, not depth. */
  noise: number;
  /** How to name the map to a person. */
  what: string;
}

/**
 * Stretches values that grow with nearness to disparities 0..1. The ends are the true least and largest values, unless
 * these are outliers: then the middle 99 % and a little more. So maps that use a part of their type's range (15-bit
 * PNGs, faint ones) come out whole, and a few wild samples do not press the rest flat.
 * @param values finite.
 */
export function* normalise(values: Float32Array, { step, noise, what }: Scale, warn: (message: string) => void): Passes<Float32Array> {
  const [low = 0, high = 0] = quantiles(values, [0.005, 0.995]);
  yield;
  const [least, largest] = extremes(values);
  yield;
  if (!(largest - least > Math.max(noise, 1e-6 * Math.max(Math.abs(least), Math.abs(largest))))) {
    warn(`${what} shows no depth: it is the same everywhere. The 3D photo will be flat; use another map.`);
    return new Float32Array(values.length).fill(FLAT);
  }
  const spread = high - low;
  const bottom = spread > 0 && least < low - SLACK * spread ? low - MARGIN * spread : least;
  const top = spread > 0 && largest > high + SLACK * spread ? high + MARGIN * spread : largest;
  if (step > 0 && top - bottom < COARSE_LEVELS * step) {
    warn(
      `${what} uses only ${Math.round((top - bottom) / step) + 1} levels; depth will be coarse. A 16-bit or better contrasted map does better.`,
    );
  }
  const scale = 1 / (top - bottom);
  return values.map((value) => Math.min(1, Math.max(0, (value - bottom) * scale)));
}

/** Least and largest of finite values. */
export function extremes(values: Float32Array): [least: number, largest: number] {
  let least = Infinity;
  let largest = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  return [least, largest];
}
