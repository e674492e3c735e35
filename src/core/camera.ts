import type { Lens } from './lens.ts';

/**
 * A camera that renders a picture. Axes: x right, y up, looking along −z; the photo's own
 * camera is the identity. Pixel centres lie at (u + 0.5, v + 0.5):
 * `u = cx + fx·x/(−z)`, `v = cy − fy·y/(−z)`.
 */
export interface Camera {
  /** Width of the rendered image in pixels. */
  width: number;
  /** Height of the rendered image in pixels. */
  height: number;
  /** Horizontal focal length in pixels of the rendered image. */
  fx: number;
  /** Vertical focal length in pixels of the rendered image. */
  fy: number;
  /** Principal point in pixels from the left edge. */
  cx: number;
  /** Principal point in pixels from the top edge. */
  cy: number;
  /** Camera to photo, 4×4 in rows (16 numbers), scene units; a rigid motion. */
  c2w: readonly number[];
}

/** Camera-to-photo matrix of a camera moved to (x, y, z), in scene units, without turning. */
export function translation(x: number, y: number, z: number): number[] {
  return [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1];
}

/** The photo's own camera for a picture of `width × height` pixels with the photo's aspect. */
export function photoCamera(lens: Lens, width: number, height: number): Camera {
  const longer = Math.max(width, height);
  return {
    width,
    height,
    fx: lens.fx * longer,
    fy: lens.fy * longer,
    cx: lens.cx * longer,
    cy: lens.cy * longer,
    c2w: translation(0, 0, 0),
  };
}
