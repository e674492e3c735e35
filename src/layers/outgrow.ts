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
  for (let y = 0; y < h; y++) {
    const to = (y + margin) * width + margin;
    layer.rgba.set(photo.rgba.subarray(y * w * 4, (y + 1) * w * 4), to * 4);
    layer.disparity.set(depth.disparity.subarray(y * w, (y + 1) * w), to);
    layer.joins.set(joins.subarray(y * w, (y + 1) * w), to);
    for (let x = 0; x < w; x++) layer.rgba[(to + x) * 4 + 3] = 255;
  }
  const slopes = new Map<number, { gx: number; gy: number; length: number }>();
  const slopeAt = (x: number, y: number) => {
    const key = y * w + x;
    let s = slopes.get(key);
    if (!s) {
      const d = depth.disparity[key]!;
      const { gx, gy } = fitPlane({ width: w, height: h, disparity: depth.disparity, joins }, x, y, 0.02);
      s = { gx, gy, length: reach.absolute(x, y, d) + SPARE_PX };
      slopes.set(key, s);
    }
    return s;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const px = x - margin;
      const py = y - margin;
      if (px >= 0 && px < w && py >= 0 && py < h) continue;
      const sx = px < 0 ? 0 : px >= w ? w - 1 : px;
      const sy = py < 0 ? 0 : py >= h ? h - 1 : py;
      const s = slopeAt(sx, sy);
      const ox = px - sx;
      const oy = py - sy;
      const far = Math.hypot(ox, oy);
      if (far > s.length * 1.3) continue;
      const fade = SLOPE_PX / (SLOPE_PX + far);
      const i = y * width + x;
      const d = depth.disparity[sy * w + sx]! + (s.gx * ox + s.gy * oy) * fade;
      layer.disparity[i] = d < 0 ? 0 : d;
      const from = (sy * w + sx) * 4;
      for (let c = 0; c < 3; c++) layer.rgba[i * 4 + c] = photo.rgba[from + c]!;
      layer.rgba[i * 4 + 3] = 255;
      hole[i] = 1;
    }
  }
  joinOutside(layer, w, h, joins);
  return { layer, hole };
}

/** Outside, two pixels are joined as the border pixels are from which they grew. */
function joinOutside(layer: Layer, w: number, h: number, joins: Uint8Array): void {
  const { width, height, margin, disparity } = layer;
  const clampX = (x: number) => (x < margin ? 0 : x >= margin + w ? w - 1 : x - margin);
  const clampY = (y: number) => (y < margin ? 0 : y >= margin + h ? h - 1 : y - margin);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = x >= margin && y >= margin && x < margin + w && y < margin + h;
      const i = y * width + x;
      if (disparity[i] === NOTHING) continue;
      const sx = clampX(x);
      const sy = clampY(y);
      const from = sy * w + sx;
      let bits = inside ? layer.joins[i]! : 0;
      if (x + 1 < width && disparity[i + 1] !== NOTHING) {
        const same = clampX(x + 1) === sx;
        if (same || joins[from]! & JOINED_RIGHT) bits |= JOINED_RIGHT;
      }
      if (y + 1 < height && disparity[i + width] !== NOTHING) {
        const same = clampY(y + 1) === sy;
        if (same || joins[from]! & JOINED_DOWN) bits |= JOINED_DOWN;
      }
      layer.joins[i] = bits;
    }
  }
}
