/** Bit of {@link Layer.joins}: this pixel and its right neighbour are one surface. */
export const JOINED_RIGHT = 1;
/** Bit of {@link Layer.joins}: this pixel and its lower neighbour are one surface. */
export const JOINED_DOWN = 2;

/**
 * One image-plane raster of the layered depth image, wider than the photo by `margin`
 * pixels on each side: layer pixel (x, y) lies on photo pixel (x − margin, y − margin).
 * Layer 0 is the photo; layers 1…n are what lies behind it.
 */
export interface Layer {
  /** Width in pixels, margin included. */
  width: number;
  /** Height in pixels, margin included. */
  height: number;
  /** Pixels added on each side of the photo, at least 0. */
  margin: number;
  /** `width × height × 4`, sRGB, straight alpha; alpha = coverage, 0 where the layer has nothing. */
  rgba: Uint8ClampedArray;
  /** `width × height` disparities; meaningless where alpha is 0. May leave 0..1 in grown parts. */
  disparity: Float32Array;
  /** `width × height` bit sets of JOINED_RIGHT and JOINED_DOWN. */
  joins: Uint8Array;
}
