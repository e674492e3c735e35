import { JOINED_DOWN, JOINED_RIGHT, type DepthMap } from '../../core/index.ts';
import type { ForegroundSamples } from './foreground-samples.ts';
import type { ParallaxBounds } from '../surface/parallax-bounds.ts';
import { CELL_BITS } from '../surface/cell.ts';

/** Tears of less, in pixels of parallax, show nothing. */
const LEAST_TEAR_PX = 1.5;
/** A silhouette is off where, of at least so many looks in and round a cell, */
const FEWEST_PROFILES = 8;
/** this share found a rim */
const OFF_SHARE = 0.5;
/** of this many pixels: one alone is a photo's usual softness, which the matte takes. */
const WIDE_RIM_PX = 2;

/** The looks outward from a silhouette, one a torn link. */
export interface SilhouetteProfiles {
  count: number;
  /** The pixels on both sides of the link. */
  near: Int32Array;
  far: Int32Array;
  /** Direction × pixels: rim found outward from this far pixel plus 1; 0 = none looked for. */
  found: Uint8Array;
  /** Cells: looks, and those that found a rim of WIDE_RIM_PX or more. */
  columns: number;
  all: Uint16Array;
  wide: Uint16Array;
}

/** Looks outward from every torn link that could show something. @param farthest pixels beyond a tear that may be of its near side. */
export function silhouetteProfiles(
  { width, height, disparity }: DepthMap,
  joins: Uint8Array,
  bounds: ParallaxBounds,
  colours: ForegroundSamples,
  farthest: number,
): SilhouetteProfiles {
  const columns = (width >> CELL_BITS) + 1;
  const cells = columns * ((height >> CELL_BITS) + 1);
  const near: number[] = [];
  const far: number[] = [];
  const found = new Uint8Array(4 * width * height);
  const all = new Uint16Array(cells);
  const wide = new Uint16Array(cells);
  const guard = farthest + colours.beyond;
  const look = (n: number, f: number): void => {
    const x = f % width;
    const y = (f - x) / width;
    if (x < guard || y < guard || x >= width - guard || y >= height - guard) return;
    const step = disparity[n]! - disparity[f]!;
    if (step * bounds.perDisparity(x, y) < LEAST_TEAR_PX || !colours.look(disparity, n, f, step)) return;
    let length = 0;
    while (length < farthest && colours.isFront(f + length * (f - n))) length++;
    if (length === farthest) return;
    found[directionOf(f - n) * width * height + f] = length + 1;
    near.push(n);
    far.push(f);
    const cell = (y >> CELL_BITS) * columns + (x >> CELL_BITS);
    all[cell]!++;
    if (length >= WIDE_RIM_PX) wide[cell]!++;
  };
  const row = (y: number): void => {
    for (let i = y * width, end = i + width; i < end; i++) {
      const bits = joins[i]!;
      if (bits === (JOINED_RIGHT | JOINED_DOWN)) continue;
      if (!(bits & JOINED_RIGHT) && i + 1 < end) disparity[i]! > disparity[i + 1]! ? look(i, i + 1) : look(i + 1, i);
      if (!(bits & JOINED_DOWN) && y + 1 < height) disparity[i]! > disparity[i + width]! ? look(i, i + width) : look(i + width, i);
    }
  };
  for (let y = 0; y < height; y++) row(y);
  return { count: near.length, near: Int32Array.from(near), far: Int32Array.from(far), found, columns, all, wide };
}

/** 0..3 for a step to the right, left, down, up. */
export function directionOf(step: number): number {
  return (Math.abs(step) === 1 ? 0 : 2) + (step > 0 ? 0 : 1);
}

/** Whether most looks in and round the cell of (x, y) found a rim. */
export function isOff({ columns, all, wide }: SilhouetteProfiles, x: number, y: number): boolean {
  let looks = 0;
  let rims = 0;
  // The guard keeps silhouettes away from the first and last cells.
  for (let v = -1; v <= 1; v++) {
    for (let u = -1, c = ((y >> CELL_BITS) + v) * columns + (x >> CELL_BITS) - 1; u <= 1; u++, c++) {
      looks += all[c]!;
      rims += wide[c]!;
    }
  }
  return looks >= FEWEST_PROFILES && rims >= OFF_SHARE * looks;
}
