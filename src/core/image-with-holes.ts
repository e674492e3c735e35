/** How the pixels of an image with disparities lie in space. */
export interface Perspective {
  /** Column of the principal point, in pixels; 0 is the middle of the first. */
  cx: number;
  /** Row of the principal point, in pixels; 0 is the middle of the first. */
  cy: number;
  /** What a disparity lacks to the inverse depth, in units of disparity, at least 0. */
  infinity: number;
}

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
  /** How the pixels lie in space. Default: not known. */
  perspective?: Perspective;
}
