/**
 * Relative disparity (inverse depth): 1 = nearest, 0 = farthest. The only depth type inside
 * the project; everything else is converted at the door. May be smaller than its photo.
 */
export interface DepthMap {
  /** Samples a row, at least 1. */
  width: number;
  /** Rows, at least 1, from the top. */
  height: number;
  /** `width × height` finite values in 0..1. */
  disparity: Float32Array;
}
