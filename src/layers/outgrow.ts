import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type DepthMap, type Layer, type Raster } from '../core/index.ts';
import { joinHidden } from './join-hidden.ts';
import { OPAQUE } from './opaque.ts';
import { fitPlane } from './plane.ts';
import { reachMap, type Reach } from './reach.ts';
import { Spread } from './spread.ts';
import { CELL, farthestNearby } from './surfaces.ts';

/** What goes on outward may come nearer, and then moves more. */
const NEARER = 1.06;
/** Never grow the border by more than this part of the longer side. */
const MAX_MARGIN = 0.2;
/** A border pixel's surface reaches out by this much more than it can move along one axis: it moves along both. */
const NEEDED = 1.2;
/** Pixels grown beyond what the eyebox needs, for filtering and rounding. */
const SPARE_PX = 3;
/** A surface with another behind it grows outward by at most this share of the square root of its visible area. */
const SIZE_SHARE = 0.5;
/** Whether something lies behind is looked up over this neighbourhood, by this parallax. */
const NEIGHBOURHOOD_PX = 40;
const BEHIND_PX = 3;
/** How far along the border a surface is looked for that reaches out where a nearer one ends. */
const ASIDE_PX = 30;
/** A border is busy where it steps so often by BEHIND_PX or more, within BUSY_PX to both sides. */
const BUSY_PX = 32;
const BUSY_STEPS = 9;
/** A slope is continued outward over this many pixels at full strength, then fades. */
const SLOPE_PX = 40;

/** Pixels by which the layers must be wider than the photo on each side. */
export function marginFor(depth: DepthMap, reach: Reach): number {
  const { width, height, disparity } = depth;
  let most = 0;
  const look = (x: number, y: number) => {
    most = Math.max(most, reach.absolute(x, y, disparity[y * width + x]!));
  };
  for (let x = 0; x < width; x++) {
    look(x, 0);
    look(x, height - 1);
  }
  for (let y = 0; y < height; y++) {
    look(0, y);
    look(width - 1, y);
  }
  return Math.min(Math.ceil(most * NEARER) + SPARE_PX, Math.round(MAX_MARGIN * Math.max(width, height)));
}

/**
 * Layer 0: the photo, its surfaces continued outward over its border as far as they can come into view.
 * @returns the layer, a map of its pixels that have no colour yet (1 = to be painted), and `reach.perDisparity` of each.
 */
export function outgrow(photo: Raster, depth: DepthMap, joins: Uint8Array, margin: number, reach: Reach, areas: Int32Array): { layer: Layer; hole: Uint8Array; perDisparity: Float32Array } {
  const { width: w, height: h } = photo;
  const width = w + 2 * margin;
  const height = h + 2 * margin;
  const layer: Layer = {
    width,
    height,
    margin,
    rgba: new Uint8ClampedArray(width * height * 4),
    disparity: new Float32Array(width * height).fill(NOTHING),
    joins: new Uint8Array(width * height),
  };
  const hole = new Uint8Array(width * height);
  const colours = pixelsOf(layer.rgba);
  const photoColours = pixelsOf(photo.rgba);
  for (let y = 0; y < h; y++) {
    const to = (y + margin) * width + margin;
    copyOpaque(photoColours, y * w, (y + 1) * w, colours, to);
    layer.disparity.set(depth.disparity.subarray(y * w, (y + 1) * w), to);
    layer.joins.set(joins.subarray(y * w, (y + 1) * w), to);
  }
  const border = borderOf(photo, depth, joins, reach, areas);
  const perDisparityAt = (s: number) => reach.perDisparity(border.x[s]!, border.y[s]!);
  const spread = new Spread(border.count, (s) => photoColours[border.y[s]! * w + border.x[s]!]!, (s) => border.d[s]! * perDisparityAt(s));
  const grown = new Int32Array(width * height - w * h);
  let count = 0;
  for (let y = 0; y < height; y++) {
    const py = y - margin;
    const rowInside = py >= 0 && py < h;
    const sy = py < 0 ? 0 : py >= h ? h - 1 : py;
    for (let x = 0; x < width; x++) {
      if (rowInside && x === margin) x += w;
      if (x >= width) break;
      const px = x - margin;
      const sx = px < 0 ? 0 : px >= w ? w - 1 : px;
      const i = y * width + x;
      const s = reachingOut(border, border.index[sy * w + sx]!, px, py);
      if (s < 0) continue;
      const ox = px - border.x[s]!;
      const oy = py - border.y[s]!;
      const out = Math.sqrt(ox * ox + oy * oy);
      const rise = border.gx[s]! * ox + border.gy[s]! * oy;
      const d = border.d[s]! + (rise * SLOPE_PX) / (SLOPE_PX + out);
      layer.disparity[i] = d < 0 ? 0 : d;
      colours[i] = border.isBusy[s] ? photoColours[mirror(py, h) * w + mirror(px, w)]! | OPAQUE : spread.at(s, out, (rise / out) * perDisparityAt(s));
      hole[i] = 1;
      grown[count++] = i;
    }
  }
  const perDisparity = reachMap(layer, reach);
  joinOutside(layer, w, h, grown.subarray(0, count), perDisparity);
  return { layer, hole, perDisparity };
}

function copyOpaque(from: Uint32Array, start: number, end: number, to: Uint32Array, at: number): void {
  for (let i = start; i < end; i++) to[at++] = from[i]! | OPAQUE;
}

/** The same bytes, a number a pixel. */
function pixelsOf(rgba: Uint8ClampedArray): Uint32Array {
  return rgba.byteOffset % 4 === 0 ? new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4) : new Uint32Array(rgba.slice().buffer);
}

/** The photo's border pixels, clockwise, and how each goes on outward. */
interface Border {
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
  /** 1 = one of many things that meet the border here: its first guess is the photo's mirror image, so that foliage does not become bars. */
  isBusy: Uint8Array;
}

/** A picture's row or column outside it, mirrored into it: −1 is 0, and so on. */
function mirror(at: number, size: number): number {
  return Math.min(size - 1, Math.max(0, at < 0 ? -1 - at : at >= size ? 2 * size - 1 - at : at));
}

/** Leaves busy only those places of the border round which it often steps from one depth to another. */
function keepBusy({ count, x, y, d, isBusy }: Border, reach: Reach): void {
  const steps = new Int32Array(count + 1);
  for (let s = 0; s < count; s++) {
    const parallax = Math.abs(d[(s + 1) % count]! - d[s]!) * reach.perDisparity(x[s]!, y[s]!);
    steps[s + 1] = steps[s]! + (parallax > BEHIND_PX ? 1 : 0);
  }
  const upTo = (s: number) => (s < 0 ? steps[s + count]! - steps[count]! : s > count ? steps[s - count]! + steps[count]! : steps[s]!);
  for (let s = 0; s < count; s++) {
    if (count <= 2 * BUSY_PX || upTo(s + BUSY_PX) - upTo(s - BUSY_PX) < BUSY_STEPS) isBusy[s] = 0;
  }
}

function borderOf(photo: Raster, depth: DepthMap, joins: Uint8Array, reach: Reach, areas: Int32Array): Border {
  const { width: w, height: h } = photo;
  const most = 2 * (w + h);
  const border: Border = {
    count: 0, index: new Int32Array(w * h), x: new Int32Array(most), y: new Int32Array(most),
    d: new Float32Array(most), gx: new Float32Array(most), gy: new Float32Array(most), needed: new Float32Array(most), length: new Float32Array(most), isBusy: new Uint8Array(most),
  };
  const surface = { width: w, height: h, margin: 0, disparity: depth.disparity, joins, rgba: photo.rgba };
  const far = farthestNearby(surface, NEIGHBOURHOOD_PX);
  const add = (x: number, y: number) => {
    const i = y * w + x;
    const s = border.count++;
    const plane = fitPlane(surface, x, y, 0.02);
    const least = far.least[Math.floor(y / CELL) * far.columns + Math.floor(x / CELL)]!;
    const hasBehind = (plane.d - least) * reach.perDisparity(x, y) > BEHIND_PX;
    border.isBusy[s] = hasBehind ? 1 : 0;
    border.index[i] = s;
    border.x[s] = x;
    border.y[s] = y;
    border.d[s] = plane.d;
    border.gx[s] = plane.gx;
    border.gy[s] = plane.gy;
    border.needed[s] = NEEDED * (reach.absolute(x, y, plane.d) + SPARE_PX);
    border.length[s] = Math.min(border.needed[s]!, hasBehind ? SPARE_PX + SIZE_SHARE * Math.sqrt(areas[i]!) : Infinity);
  };
  for (let x = 0; x < w; x++) add(x, 0);
  for (let y = 1; y < h; y++) add(w - 1, y);
  for (let x = w - 2; x >= 0 && h > 1; x--) add(x, h - 1);
  for (let y = h - 2; y > 0 && w > 1; y--) add(0, y);
  keepBusy(border, reach);
  return border;
}

/**
 * The border pixel nearest to ring place `start` whose surface reaches as far out as (x, y); where
 * none does and something must be there, the one that lacks least; −1 where nothing is needed.
 */
function reachingOut(border: Border, start: number, x: number, y: number): number {
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

/** Outside, neighbours of like disparity are joined; so are they across the photo's border. */
function joinOutside(layer: Layer, w: number, h: number, grown: Int32Array, perDisparity: Float32Array): void {
  const { width, margin, disparity, joins } = layer;
  const outside = joinHidden(disparity, grown, perDisparity, width);
  for (let n = 0; n < grown.length; n++) joins[grown[n]!] = outside[grown[n]!]!;
  const rim: number[] = [];
  for (let x = margin; x < margin + w; x++) rim.push((margin + h - 1) * width + x);
  for (let y = margin; y < margin + h; y++) rim.push(y * width + margin + w - 1);
  const across = joinHidden(disparity, Int32Array.from(rim), perDisparity, width);
  for (const i of rim) {
    const x = i % width;
    if (x === margin + w - 1) joins[i]! |= across[i]! & JOINED_RIGHT;
    if (Math.floor(i / width) === margin + h - 1) joins[i]! |= across[i]! & JOINED_DOWN;
  }
}
