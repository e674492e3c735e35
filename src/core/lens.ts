/**
 * A pinhole lens in units of the photo's longer side, and how disparity becomes distance:
 * `1/z = d·(1/near − 1/far) + 1/far`.
 */
export interface Lens {
  /** Horizontal focal length in units of the longer side; 1 = 53.13° across it. */
  fx: number;
  /** Vertical focal length in units of the longer side. */
  fy: number;
  /** Principal point from the left edge, in units of the longer side. */
  cx: number;
  /** Principal point from the top edge, in units of the longer side. */
  cy: number;
  /** Distance of disparity 1 in scene units, `0 < near < far`. */
  near: number;
  /** Distance of disparity 0 in scene units. */
  far: number;
}

/** Nearest and farthest distance of a photo without a lens of its own: disparity 3 and 0.05, as the 2020 system scales it. */
export const DEFAULT_NEAR = 1 / 3;
/** Distance of what is farthest away, in the same units. */
export const DEFAULT_FAR = 20;

/**
 * The lens of a photo of `width × height` pixels, centred.
 * @param focalLength in units of the longer side, default 1 (53.13°).
 */
export function lensFor(width: number, height: number, focalLength = 1): Lens {
  const longer = Math.max(width, height);
  return {
    fx: focalLength,
    fy: focalLength,
    cx: width / longer / 2,
    cy: height / longer / 2,
    near: DEFAULT_NEAR,
    far: DEFAULT_FAR,
  };
}

/** Inverse distance 1/z, in 1/scene units, of a disparity in 0..1. */
export function inverseDepth(lens: Lens, disparity: number): number {
  return disparity * (1 / lens.near - 1 / lens.far) + 1 / lens.far;
}

/** Field of view in degrees across `extent` (width or height in units of the longer side) at focal length `f` (same units). */
export function fovDeg(extent: number, f: number): number {
  return (2 * Math.atan(extent / 2 / f) * 180) / Math.PI;
}
