/**
 * An image of which some pixels are hidden by what stands in front. Several surfaces may surround a hole; look only at those that `context`
 * allows, and prefer those whose `disparity` is like the hole's.
 */
export interface ImageWithHoles {
  /** Pixels a row. */
  width: number;
  /** Rows. */
  height: number;
  /** `width × height × 4`, sRGB; alpha is ignored. Under `hole` stands a first guess: the nearest colour of the surface that goes on there. */
  rgba: Uint8ClampedArray;
  /** `width × height`: 1 = inpaint this pixel. */
  hole: Uint8Array;
  /**
   * `width × height` trust: 0 = not to be looked at (unknown, or in front of a hole), 255 = the
   * visible part of a surface that a hole continues; between: mixed with another surface's colour.
   */
  context: Uint8Array;
  /** `width × height` disparities of known pixels and of the surface to inpaint in the holes. */
  disparity: Float32Array;
  /** Neighbours whose disparities differ by less are one surface. */
  sameSurface: number;
}
