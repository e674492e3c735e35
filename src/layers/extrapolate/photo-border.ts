import type { DepthMap, Layer, Raster } from '../../core/index.ts';
import { CELL } from '../surface/cell.ts';
import { farthestNearby } from '../surface/farthest-nearby.ts';
import { fitPlane } from '../surface/fit-plane.ts';
import { SPARE_PX, type ParallaxBounds } from '../surface/parallax-bounds.ts';
import { goesOnBy, thingAtBorder } from './thing-at-border.ts';

/** A border pixel's surface reaches out by this much more than it can move along one axis: it moves along both. */
const BOTH_AXES = 1.2;
/** Something lies behind a surface that is nearer by this parallax than the farthest nearby. */
const SOMETHING_BEHIND_PX = 3;
/** How far along the border a surface is looked for that reaches out where a nearer one ends. */
const ASIDE_PX = 30;
/** Where a thing ends outside is the middle of what its lines say so far along the border. */
const ALONG_PX = 12;
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

export function photoBorder(photo: Raster, depth: DepthMap, joins: Uint8Array, bounds: ParallaxBounds): PhotoBorder {
  const { width: w, height: h } = photo;
  const most = 4 * (w + h);
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
  border.length.fill(-1);
  const isNear = new Uint8Array(2 * (w + h));
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
    border.length[s] = border.needed[s];
  };
  for (let x = 0; x < w; x++) add(x, 0);
  for (let y = 1; y < h; y++) add(w - 1, y);
  for (let x = w - 2; x >= 0 && h > 1; x--) add(x, h - 1);
  for (let y = h - 2; y > 0 && w > 1; y--) add(0, y);
  hangCurtain(border, isNear, bounds);
  endThings(border, isNear, surface, bounds);
  return border;
}

/** The things that have something behind them end outside, and what is behind goes on there. */
function endThings(
  border: PhotoBorder,
  isNear: Uint8Array,
  surface: Pick<Layer, 'width' | 'height' | 'disparity' | 'joins'>,
  bounds: ParallaxBounds,
): void {
  const { count, x, y, d, needed, length, isBusy } = border;
  const { width: w, height: h, joins } = surface;
  const goesOn = new Float32Array(count).fill(-1);
  const high = heights(border, bounds);
  for (let s = 0; s < count; s++) {
    if (!isNear[s] || isBusy[s]) continue;
    const i = y[s]! * w + x[s]!;
    const px = bounds.perDisparity(x[s]!, y[s]!);
    const isAcross = s < w || (s >= w + h - 1 && s < 2 * w + h - 2);
    const step = isAcross ? (y[s] === 0 ? w : -w) : x[s] === 0 ? 1 : -1;
    const reach = isAcross ? h >> 1 : w >> 1;
    const thing = thingAtBorder(surface, joins, { start: i, step, length: reach }, SOMETHING_BEHIND_PX / px, px);
    goesOn[s] = goesOnBy(thing, high[s]!);
    if (thing.behind < 0) continue;
    const at = i + thing.behind * step;
    const b = s + count;
    border.x[b] = at % w;
    border.y[b] = Math.floor(at / w);
    const plane = fitPlane(surface, border.x[b], border.y[b], 0.02);
    d[b] = plane.d;
    border.gx[b] = plane.gx;
    border.gy[b] = plane.gy;
    needed[b] = BOTH_AXES * (bounds.absolute(x[s]!, y[s]!, plane.d) + SPARE_PX);
    length[b] = needed[b]!;
  }
  for (let s = 0; s < count; s++) {
    if (goesOn[s]! < 0) continue;
    // A ragged edge says less of where the thing ends than its neighbours do.
    const around: number[] = [];
    for (let sign = -1; sign <= 1; sign += 2)
      for (let k = sign < 0 ? 1 : 0; k <= ALONG_PX; k++) {
        const o = (s + sign * k + count) % count;
        if (goesOn[o]! < 0 || Math.abs(d[o]! - d[s]!) * bounds.perDisparity(x[s]!, y[s]!) > SOMETHING_BEHIND_PX) break;
        around.push(goesOn[o]!);
      }
    around.sort((a, b) => a - b);
    length[s] = Math.min(needed[s]!, SPARE_PX + around[around.length >> 1]!);
  }
}

/** For each place of the border, how many there are of its surface side by side. */
function heights({ count, x, y, d }: PhotoBorder, bounds: ParallaxBounds): Int32Array {
  const high = new Int32Array(count);
  for (let s = 0; s < count;) {
    let end = s + 1;
    while (end < count && Math.abs(d[end]! - d[end - 1]!) * bounds.perDisparity(x[end]!, y[end]!) <= SOMETHING_BEHIND_PX) end++;
    high.fill(end - s, s, end);
    s = end;
  }
  return high;
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
  const b = start + border.count;
  if (border.length[b]! < 0) return closest;
  const ox = x - border.x[start]!;
  const oy = y - border.y[start]!;
  return Math.hypot(ox, oy) <= border.length[b]! ? b : -1;
}
