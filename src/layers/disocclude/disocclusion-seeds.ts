import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../../core/index.ts';
import { inward } from './inward.ts';
import { fitPlane } from '../surface/fit-plane.ts';
import type { ParallaxBounds } from '../surface/parallax-bounds.ts';
import { CELL } from '../surface/cell.ts';
import { farthestNearby } from '../surface/farthest-nearby.ts';
import { photoIndex } from '../surface/photo-index.ts';
import { CRUMB_PX } from '../surface/surface-areas.ts';

/** A surface with another behind it grows by at most this share of the square root of its visible area. */
const HIDDEN_SIZE_SHARE = 0.7;
/** Steps away from the tear where a side's own colour is taken; where silhouettes are soft, as many more as they are. */
const INWARD_PX = 2;
/** Instead of a speck of what is before it, what lies up to so many pixels beyond goes on. */
const BEYOND_CRUMB_PX = 12;
const JOINED = JOINED_RIGHT | JOINED_DOWN;

/** Numbers of a source, in this order, `SOURCE` of them. */
export const SOURCE = 8;
export const X = 0;
export const Y = 1;
/** Disparity and its slope a pixel to the right and down. */
export const D = 2;
export const GX = 3;
export const GY = 4;
/** Disparity of the near side at the tear: how far its edge can move away. */
export const NEAR = 5;
/** Pixels that the surface may grow at most: a leaf is not a wall. */
export const MOST = 6;

/** The visible pixels at the far sides of tears, from which surfaces go on behind the near sides. */
export interface DisocclusionSeeds {
  /** `SOURCE` numbers each. */
  sources: Float32Array;
  /** A layer pixel each, whose colour stands for the surface: a step away from the tear, where colours mix. */
  colour: Int32Array;
  /** Near pixels beside the tears, nearest source first, and the source of each. */
  seeds: Int32Array;
  origin: Int32Array;
}

/** Every torn link's far pixel with its plane; each near pixel beside it is where its front starts. */
export function disocclusionSeeds(front: Layer, bounds: ParallaxBounds, areas: Int32Array, softPx: number): DisocclusionSeeds {
  const { width, height, margin, disparity, joins } = front;
  const id = new Int32Array(width * height);
  const at: number[] = [];
  const like: number[] = [];
  const near: number[] = [];
  const colour: number[] = [];
  const seeds: number[] = [];
  const origin: number[] = [];
  const tear = (a: number, b: number) => {
    if (disparity[a] === NOTHING || disparity[b] === NOTHING) return;
    const [n, f] = disparity[a]! > disparity[b]! ? [a, b] : [b, a];
    let s = id[f]! - 1;
    if (s < 0) {
      s = at.length;
      id[f] = s + 1;
      const stands = softPx > 0 ? beyondCrumb(front, f, f - n, areas) : f;
      at.push(f);
      like.push(stands);
      near.push(disparity[n]!);
      colour.push(inward(front, stands, f - n, softPx > 0 ? INWARD_PX + 1 + softPx : INWARD_PX));
    } else if (near[s]! < disparity[n]!) {
      near[s] = disparity[n]!;
    }
    seeds.push(n);
    origin.push(s);
  };
  for (let y = 0; y < height; y++) tornInRow(joins, width, height, y, tear);
  const sources = new Float32Array(at.length * SOURCE);
  const far = farthestNearby(front);
  for (let s = 0; s < at.length; s++) {
    const i = like[s]!;
    const x = i % width;
    const y = (i - x) / width;
    const sx = at[s]! % width;
    const sy = Math.floor(at[s]! / width);
    const tolerance = 1.5 / bounds.perDisparity(x - margin, y - margin);
    const plane = fitPlane(front, x, y, tolerance);
    const least = far.least[Math.floor(y / CELL) * far.columns + Math.floor(x / CELL)]!;
    // What has nothing behind it must reach as far as anyone can look; what has is as large again as it shows.
    const most = plane.d - least < 2 * tolerance ? Infinity : Math.sqrt(areas[photoIndex(front, x, y)]!) * HIDDEN_SIZE_SHARE;
    sources.set([sx, sy, plane.d + (sx - x) * plane.gx + (sy - y) * plane.gy, plane.gx, plane.gy, near[s]!, most], s * SOURCE);
  }
  // At equal distance the nearer surface comes first: what lies behind it can still follow.
  return { sources, colour: Int32Array.from(colour), ...nearestFirst(seeds, origin, sources) };
}

/** The first pixel of something larger from `start` in direction `step`, farther than the near side; `start` itself where there is none. */
function beyondCrumb(front: Layer, start: number, step: number, areas: Int32Array): number {
  const { width, height, disparity } = front;
  const near = disparity[start - step]!;
  for (let k = 0, i = start; k < BEYOND_CRUMB_PX; k++, i += step) {
    if (i < 0 || i >= width * height || disparity[i] === NOTHING || disparity[i]! >= near) break;
    if (areas[photoIndex(front, i % width, Math.floor(i / width))]! >= CRUMB_PX) return i;
  }
  return start;
}

function tornInRow(joins: Uint8Array, width: number, height: number, y: number, tear: (a: number, b: number) => void): void {
  const isLast = y + 1 === height;
  for (let i = y * width, end = i + width; i < end; i++) {
    const bits = joins[i]!;
    if (bits === JOINED) continue;
    if (!(bits & JOINED_RIGHT) && i + 1 < end) tear(i, i + 1);
    if (!(bits & JOINED_DOWN) && !isLast) tear(i, i + width);
  }
}

/** Orders seeds by falling disparity of their sources, to a thousandth: a counting sort. */
function nearestFirst(
  seeds: readonly number[],
  origin: readonly number[],
  sources: Float32Array,
): { seeds: Int32Array; origin: Int32Array } {
  const key = (n: number) => 1000 - Math.min(1000, Math.max(0, Math.round(sources[origin[n]! * SOURCE + D]! * 1000)));
  const start = new Int32Array(1002);
  for (let n = 0; n < seeds.length; n++) start[key(n) + 1]!++;
  for (let k = 1; k < start.length; k++) start[k]! += start[k - 1]!;
  const sorted = { seeds: new Int32Array(seeds.length), origin: new Int32Array(seeds.length) };
  for (let n = 0; n < seeds.length; n++) {
    const at = start[key(n)]!++;
    sorted.seeds[at] = seeds[n]!;
    sorted.origin[at] = origin[n]!;
  }
  return sorted;
}
