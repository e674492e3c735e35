import { inverseDepth } from 'unflat/plugin';
import type { Camera, Raster, Scene } from 'unflat/plugin';

/** Places that are tried, across and down, in the middle part of the photo where a label fits. */
const TRIED = { across: 24, down: 18, from: 0.14, to: 0.86 };
/** A place is compared by its surroundings of so many parts of the width to each side. */
const WINDOW_PART = 0.012;
/** Places whose depth differs more than this within the surroundings lie on an edge. */
const FLAT = 0.04;
/** Least spread of brightness of the surroundings, in levels: what is plain is found anywhere. */
const LEAST_SPREAD = 6;

/** Where both eyes see the same thing, in pixels. */
export interface Match {
  leftX: number;
  rightX: number;
  y: number;
}

/** Something near and something far, found in both pictures by looking at them. */
export interface DepthCheck {
  near: Match;
  far: Match;
  /** Whether the near one lies further right in the left eye's picture than in the right one's, by more than the far one does. */
  isRight: boolean;
}

/**
 * Compares the pictures of both eyes; undefined where nothing can be told, as in a plain picture.
 * @param camera the left eye's. @param mostPx largest disparity that is looked for, to both sides.
 */
export function depthCheck(scene: Scene, camera: Camera, left: Raster, right: Raster, mostPx: number): DepthCheck | undefined {
  const places = placesOf(scene, camera, left).sort((a, b) => a.disparity - b.disparity);
  const far = firstFound(places, left, right, mostPx);
  const near = firstFound(places.reverse(), left, right, mostPx);
  if (!far || !near || near.disparity - far.disparity < FLAT) return undefined;
  const shift = ({ leftX, rightX }: Match): number => leftX - rightX;
  return { near: near.match, far: far.match, isRight: shift(near.match) > shift(far.match) };
}

interface Place {
  x: number;
  y: number;
  disparity: number;
}

/** Places of even depth with something to be seen, in the picture of one eye. */
function placesOf(scene: Scene, { fx, fy, cx, cy, c2w }: Camera, picture: Raster): Place[] {
  const { depth, lens, width, height } = scene;
  const longer = Math.max(width, height);
  const reach = Math.max(2, Math.round(width * WINDOW_PART));
  const found: Place[] = [];
  for (let row = 0; row < TRIED.down; row++) {
    for (let column = 0; column < TRIED.across; column++) {
      const part = (n: number, of: number): number => TRIED.from + ((TRIED.to - TRIED.from) * n) / (of - 1);
      const [px, py] = [Math.floor(part(column, TRIED.across) * width), Math.floor(part(row, TRIED.down) * height)];
      const [low, high] = rangeOf(depth.disparity, depth.width, depth.height, px, py, reach);
      if (!(high - low < FLAT)) continue;
      const inverse = inverseDepth(lens, (low + high) / 2);
      const x = Math.round(cx + fx * (((px + 0.5) / longer - lens.cx) / lens.fx - c2w[3]! * inverse));
      const y = Math.round(cy + fy * (((py + 0.5) / longer - lens.cy) / lens.fy + c2w[7]! * inverse));
      if (spreadOf(picture, x, y, windowPx(picture)) >= LEAST_SPREAD) found.push({ x, y, disparity: (low + high) / 2 });
    }
  }
  return found;
}

const windowPx = ({ width }: Raster): number => Math.max(3, Math.round(width * WINDOW_PART));

function rangeOf(values: Float32Array, width: number, height: number, x: number, y: number, reach: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
    for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) {
      low = Math.min(low, values[v * width + u]!);
      high = Math.max(high, values[v * width + u]!);
    }
  }
  return [low, high];
}

/** Standard deviation of brightness; −1 outside. */
function spreadOf({ width, height, rgba }: Raster, x: number, y: number, reach: number): number {
  if (x < reach || y < reach || x >= width - reach || y >= height - reach) return -1;
  let [sum, squares, count] = [0, 0, 0];
  for (let v = y - reach; v <= y + reach; v++) {
    for (let u = x - reach; u <= x + reach; u++) {
      const at = 4 * (v * width + u);
      const value = (rgba[at]! + 2 * rgba[at + 1]! + rgba[at + 2]!) / 4;
      sum += value;
      squares += value * value;
      count++;
    }
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** The first place that is found in the other picture, without a doubt. */
function firstFound(places: readonly Place[], left: Raster, right: Raster, mostPx: number): (Place & { match: Match }) | undefined {
  for (const place of places) {
    const shift = shiftAt(left, right, place.x, place.y, mostPx);
    if (shift !== undefined) return { ...place, match: { leftX: place.x, rightX: place.x - shift, y: place.y } };
  }
  return undefined;
}

/** By how many pixels the surroundings of a place lie further left in the right picture; undefined where several places are alike. */
function shiftAt(left: Raster, right: Raster, x: number, y: number, most: number): number | undefined {
  const { width } = left;
  const reach = windowPx(left);
  const costs = new Map<number, number>();
  for (let shift = -most; shift <= most; shift++) {
    if (x - shift < reach || x - shift >= width - reach) continue;
    let cost = 0;
    for (let v = y - reach; v <= y + reach; v++) {
      for (let u = x - reach; u <= x + reach; u++) {
        for (let c = 0; c < 3; c++) cost += (left.rgba[4 * (v * width + u) + c]! - right.rgba[4 * (v * width + u - shift) + c]!) ** 2;
      }
    }
    costs.set(shift, cost);
  }
  const [best, least] = [...costs].reduce((a, b) => (b[1] < a[1] ? b : a), [0, Infinity]);
  const others = [...costs].filter(([shift]) => Math.abs(shift - best) > reach).map(([, cost]) => cost);
  return least < 0.5 * Math.min(...others) ? best : undefined;
}
