import { inverseDepth, type Eyebox, type Layer, type Lens } from '../../core/index.ts';

/** Pixels grown beyond what the eyebox needs, for filtering and rounding. */
export const SPARE_PX = 3;

/**
 * How far, in photo pixels, anything can move on the picture while the camera stays in the eyebox.
 * Bounds the work of every later stage: nothing is grown that no camera could see.
 */
export interface ParallaxBounds {
  /** Pixels by which two points one unit of disparity apart can shift against each other at photo pixel (x, y). */
  perDisparity(x: number, y: number): number;
  /** Pixels, along one axis, by which a point of disparity `d` at photo pixel (x, y) can shift inward from the picture's frame. */
  absolute(x: number, y: number, d: number): number;
  /** `perDisparity` a quarter of the way into the picture: one number for all of it. */
  typical: number;
}

/** @param width, height photo size in pixels. */
export function parallaxBounds(width: number, height: number, lens: Lens, eyebox: Eyebox): ParallaxBounds {
  const longer = Math.max(width, height);
  const span = 1 / lens.near - 1 / lens.far;
  const sideways = longer * Math.max(lens.fx * eyebox.x, lens.fy * eyebox.y);
  // Coming nearer by z uncovers radius·z·Δq / (1 − z·q) beside an edge; closer than half the nearest distance is not looked at.
  const zoom = eyebox.z / (1 - Math.min(0.5, eyebox.z / lens.near));
  const cx = lens.cx * longer;
  const cy = lens.cy * longer;
  const shift = (x: number, y: number, z: number): number => {
    const rx = (x + 0.5 - cx) * z;
    const ry = (y + 0.5 - cy) * z;
    return Math.sqrt(sideways * sideways + rx * rx + ry * ry);
  };
  const perDisparity = (x: number, y: number) => shift(x, y, zoom) * span;
  return {
    perDisparity,
    typical: perDisparity(width / 4, height / 4),
    // Going back shows what lies beyond the frame and makes things smaller; going sideways adds to it.
    absolute: (x, y, d) => {
      const q = inverseDepth(lens, Math.max(0, d));
      const outward = Math.max(Math.abs(x + 0.5 - cx), Math.abs(y + 0.5 - cy)) * eyebox.z;
      return Math.max(((sideways + outward) * q) / (1 + eyebox.z * q), sideways * q);
    },
  };
}

/** `bounds.perDisparity` of every layer pixel. */
export function parallaxMap(layer: Pick<Layer, 'width' | 'height' | 'margin'>, bounds: ParallaxBounds): Float32Array {
  const { width, height, margin } = layer;
  const map = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) map[y * width + x] = bounds.perDisparity(x - margin, y - margin);
  }
  return map;
}
