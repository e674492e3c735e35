import type { DepthMap, Raster } from '../../core/index.ts';
import { CELL } from '../surface/cell.ts';
import { farthestNearby } from '../surface/farthest-nearby.ts';
import { fitPlane } from '../surface/fit-plane.ts';
import { SPARE_PX, type ParallaxBounds } from '../surface/parallax-bounds.ts';

/** A border pixel's surface reaches out by this much more than it can move along one axis: it moves along both. */
const BOTH_AXES = 1.2;
/** A surface with another behind it grows outward by at most this share of the square root of its visible area. */
const OUTWARD_SIZE_SHARE = 0.5;
/** Something lies behind a surface that is nearer by this parallax than the farthest nearby. */
const SOMETHING_BEHIND_PX = 3;
/** How far along the border a surface is looked for that reaches out where a nearer one ends. */
const ASIDE_PX = 30;
/** A border is busy where it steps so often by SOMETHING_BEHIND_PX or more, within BUSY_PX to both sides. */
const BUSY_PX = 32;
const BUSY_STEPS = 9;
/** And where at least this share of it has something behind: a few twigs before the sky do not hide it. */
const BUSY_SHARE = 0.4;

/** The photo's border pixels, clockwise, and how each goes on outward. */
export interface PhotoBorder {
  count: number;
  /** Place in the ring of each border pixel of the photo. */
  index: Int32Array;
  x: Int32Array;
  y: Int32Array;
  d: Float32Array;
  gx: Float32Array;
  gy: Float32Array;
  /** Pixels outward that can come into view. */
  needed: Float32Array;
  /** Pixels outward that the surface may cover: a leaf is not a wall. */
  length: Float32Array;
  /** 1 = many things meet the border here: they go on as one surface, whose first guess is the photo's mirror image. Else foliage would become bars. */
  isBusy: Uint8Array;
}

export function photoBorder(photo: Raster, depth: DepthMap, joins: Uint8Array, bounds: ParallaxBounds, areas: Int32Array): PhotoBorder {
  const { width: w, height: h } = photo;
  const most = 2 * (w + h);
  const border: PhotoBorder = {
    count: 0,
    index: new Int32Array(w * h),
    x: new Int32Array(most),
    y: new Int32Array(most),
    d: new Float32Array(most),
    gx: new Float32Array(most),
    gy: new Float32Array(most),
    needed: new Float32Array(most),
    length: new Float32Array(most),
    isBusy: new Uint8Array(most),
  };
  const isNear = new Uint8Array(most);
  const surface = { width: w, height: h, margin: 0, disparity: depth.disparity, joins, rgba: photo.rgba };
  const far = farthestNearby(surface);
  const add = (x: number, y: number) => {
    const i = y * w + x;
    const s = border.count++;
    const plane = fitPlane(surface, x, y, 0.02);
    const least = far.least[Math.floor(y / CELL) * far.columns + Math.floor(x / CELL)]!;
    const hasBehind = (plane.d - least) * bounds.perDisparity(x, y) > SOMETHING_BEHIND_PX;
    isNear[s] = hasBehind ? 1 : 0;
    border.index[i] = s;
    border.x[s] = x;
    border.y[s] = y;
    border.d[s] = plane.d;
    border.gx[s] = plane.gx;
    border.gy[s] = plane.gy;
    border.needed[s] = BOTH_AXES * (bounds.absolute(x, y, plane.d) + SPARE_PX);
    border.length[s] = Math.min(border.needed[s], hasBehind ? SPARE_PX + OUTWARD_SIZE_SHARE * Math.sqrt(areas[i]!) : Infinity);
  };
  for (let x = 0; x < w; x++) add(x, 0);
  for (let y = 1; y < h; y++) add(w - 1, y);
  for (let x = w - 2; x >= 0 && h > 1; x--) add(x, h - 1);
  for (let y = h - 2; y > 0 && w > 1; y--) add(0, y);
  hangCurtain(border, isNear, bounds);
  return border;
}

/**
 * Where the border often steps from one depth to another, all that meets it there goes on as one surface, in the middle depth of the nearer
 * things: each alone would be a bar with gaps at its sides.
 * @param isNear a border place each: 1 = something lies behind it.
 */
function hangCurtain(border: PhotoBorder, isNear: Uint8Array, bounds: ParallaxBounds): void {
  const { count, x, y, d, gx, gy, needed, length, isBusy } = border;
  if (count <= 2 * BUSY_PX) return;
  const steps = new Int32Array(count + 1);
  for (let s = 0; s < count; s++) {
    const parallax = Math.abs(d[(s + 1) % count]! - d[s]!) * bounds.perDisparity(x[s]!, y[s]!);
    steps[s + 1] = steps[s]! + (parallax > SOMETHING_BEHIND_PX ? 1 : 0);
  }
  const upTo = (s: number) => (s < 0 ? steps[s + count]! - steps[count]! : s > count ? steps[s - count]! + steps[count]! : steps[s]!);
  const middle = new Float32Array(count);
  for (let s = 0; s < count; s++) {
    if (upTo(s + BUSY_PX) - upTo(s - BUSY_PX) < BUSY_STEPS) continue;
    const nearer: number[] = [];
    for (let k = -BUSY_PX; k <= BUSY_PX; k++) {
      const o = (s + k + count) % count;
      if (isNear[o]) nearer.push(d[o]!);
    }
    if (nearer.length < BUSY_SHARE * (2 * BUSY_PX + 1)) continue;
    isBusy[s] = 1;
    middle[s] = nearer.sort((a, b) => a - b)[nearer.length >> 1]!;
  }
  for (let s = 0; s < count; s++) {
    if (!isBusy[s]) continue;
    let sum = 0;
    let weight = 0;
    for (let k = -BUSY_PX / 2; k <= BUSY_PX / 2; k++) {
      const o = (s + k + count) % count;
      sum += middle[o]!;
      weight += isBusy[o]!;
    }
    const mean = sum / weight;
    const reach = BOTH_AXES * (bounds.absolute(x[s]!, y[s]!, mean) + SPARE_PX);
    d[s] = mean;
    gx[s] = 0;
    gy[s] = 0;
    needed[s] = reach;
    length[s] = reach;
  }
}

/**
 * The border pixel nearest to ring place `start` whose surface reaches as far out as (x, y); where
 * none does and something must be there, the one that lacks least; −1 where nothing is needed.
 */
export function reachingOut(border: PhotoBorder, start: number, x: number, y: number): number {
  let closest = start;
  let least = Infinity;
  for (let k = 0; k <= ASIDE_PX; k++) {
    for (let sign = 1; sign >= -1; sign -= 2) {
      if (k === 0 && sign < 0) continue;
      let s = start + sign * k;
      if (s < 0) s += border.count;
      else if (s >= border.count) s -= border.count;
      if (s < 0 || s >= border.count) continue;
      const ox = x - border.x[s]!;
      const oy = y - border.y[s]!;
      const squared = ox * ox + oy * oy;
      if (squared <= border.length[s]! * border.length[s]!) return s;
      if (k === 0 && squared > border.needed[s]! * border.needed[s]!) return -1;
      const lacks = Math.sqrt(squared) - border.length[s]!;
      if (lacks < least) {
        least = lacks;
        closest = s;
      }
    }
  }
  return closest;
}
