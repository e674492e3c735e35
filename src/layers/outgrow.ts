import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type DepthMap, type Layer, type Raster } from '../core/index.ts';
import { fitPlane } from './plane.ts';
import type { Reach } from './reach.ts';

/** Never grow the border by more than this part of the longer side. */
const MAX_MARGIN = 0.2;
/** Pixels grown beyond what the eyebox needs, for filtering and rounding. */
const SPARE_PX = 3;
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
  return Math.min(Math.ceil(most) + SPARE_PX, Math.round(MAX_MARGIN * Math.max(width, height)));
}

/**
 * Layer 0: the photo, its surfaces continued outward over its border as far as they can come into view.
 * @returns the layer and a map of its pixels that have no colour yet (1 = to be painted).
 */
export function outgrow(photo: Raster, depth: DepthMap, joins: Uint8Array, margin: number, reach: Reach): { layer: Layer; hole: Uint8Array } {
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
  const photoColours = pixelsOf(photo.rgba).map((c) => c | OPAQUE);
  for (let y = 0; y < h; y++) {
    const to = (y + margin) * width + margin;
    colours.set(photoColours.subarray(y * w, (y + 1) * w), to);
    layer.disparity.set(depth.disparity.subarray(y * w, (y + 1) * w), to);
    layer.joins.set(joins.subarray(y * w, (y + 1) * w), to);
  }
  const slopes = borderSlopes(depth, joins, reach);
  for (let y = 0; y < height; y++) {
    const py = y - margin;
    const rowInside = py >= 0 && py < h;
    const sy = py < 0 ? 0 : py >= h ? h - 1 : py;
    for (let x = 0; x < width; x++) {
      const px = x - margin;
      if (rowInside && px === 0) x += w;
      if (x >= width) break;
      const outX = x - margin;
      const sx = outX < 0 ? 0 : outX >= w ? w - 1 : outX;
      const from = sy * w + sx;
      const s = slopes.index[from]!;
      const ox = outX - sx;
      const oy = py - sy;
      const far = Math.sqrt(ox * ox + oy * oy);
      if (far > slopes.length[s]! * 1.3) continue;
      const fade = SLOPE_PX / (SLOPE_PX + far);
      const i = y * width + x;
      const d = depth.disparity[from]! + (slopes.gx[s]! * ox + slopes.gy[s]! * oy) * fade;
      layer.disparity[i] = d < 0 ? 0 : d;
      colours[i] = photoColours[from]!;
      hole[i] = 1;
    }
  }
  joinOutside(layer, w, h, joins);
  return { layer, hole };
}

/** Alpha 255 of a pixel read as one little-endian number. */
const OPAQUE = 0xff000000;

/** The same bytes, a number a pixel. */
function pixelsOf(rgba: Uint8ClampedArray): Uint32Array {
  return rgba.byteOffset % 4 === 0 ? new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4) : new Uint32Array(rgba.slice().buffer);
}

/** How each border pixel of the photo goes on outward, and how far it can come into view. */
function borderSlopes(depth: DepthMap, joins: Uint8Array, reach: Reach) {
  const { width: w, height: h, disparity } = depth;
  const most = 2 * (w + h);
  const slopes = { index: new Int32Array(w * h), gx: new Float32Array(most), gy: new Float32Array(most), length: new Float32Array(most) };
  let count = 0;
  const add = (x: number, y: number) => {
    const i = y * w + x;
    const plane = fitPlane({ width: w, height: h, disparity, joins }, x, y, 0.02);
    slopes.index[i] = count;
    slopes.gx[count] = plane.gx;
    slopes.gy[count] = plane.gy;
    slopes.length[count++] = reach.absolute(x, y, plane.d) + SPARE_PX;
  };
  for (let x = 0; x < w; x++) {
    add(x, 0);
    if (h > 1) add(x, h - 1);
  }
  for (let y = 1; y < h - 1; y++) {
    add(0, y);
    if (w > 1) add(w - 1, y);
  }
  return slopes;
}

/** Outside, two pixels are joined as the border pixels are from which they grew. */
function joinOutside(layer: Layer, w: number, h: number, joins: Uint8Array): void {
  const { width, height, margin, disparity } = layer;
  const clampX = (x: number) => (x < margin ? 0 : x >= margin + w ? w - 1 : x - margin);
  const clampY = (y: number) => (y < margin ? 0 : y >= margin + h ? h - 1 : y - margin);
  for (let y = 0; y < height; y++) {
    const row = y >= margin && y < margin + h;
    for (let x = 0; x < width; x++) {
      // Inside, only the last row and column have neighbours outside.
      if (row && x === margin && y < margin + h - 1) x += w - 1;
      const i = y * width + x;
      if (disparity[i] === NOTHING) continue;
      const inside = row && x >= margin && x < margin + w;
      const sx = clampX(x);
      const sy = clampY(y);
      const from = sy * w + sx;
      let bits = inside ? layer.joins[i]! : 0;
      if (x + 1 < width && disparity[i + 1] !== NOTHING) {
        if (clampX(x + 1) === sx || joins[from]! & JOINED_RIGHT) bits |= JOINED_RIGHT;
      }
      if (y + 1 < height && disparity[i + width] !== NOTHING) {
        if (clampY(y + 1) === sy || joins[from]! & JOINED_DOWN) bits |= JOINED_DOWN;
      }
      layer.joins[i] = bits;
    }
  }
}
