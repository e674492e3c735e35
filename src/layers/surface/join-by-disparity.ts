import { JOINED_DOWN, JOINED_RIGHT, NOTHING } from '../../core/index.ts';

/** Grown neighbours that shift by less than this against each other, in pixels, are one surface. */
const TEAR_PX = 3;

/**
 * Joins of a hidden layer: by disparity alone, since it was made smooth.
 * @param pixels indices of the layer's pixels. @param perDisparity pixels of parallax a unit of disparity.
 * @param limitPx parallax up to which neighbours are joined. Default 3; Infinity makes a surface without tears.
 */
export function joinByDisparity(
  disparity: Float32Array,
  pixels: Int32Array,
  perDisparity: Float32Array,
  width: number,
  limitPx = TEAR_PX,
): Uint8Array {
  const joins = new Uint8Array(disparity.length);
  for (let n = 0; n < pixels.length; n++) {
    const i = pixels[n]!;
    const d = disparity[i]!;
    const limit = limitPx / perDisparity[i]!;
    const right = disparity[i + 1];
    const down = disparity[i + width];
    if ((i + 1) % width !== 0 && right !== NOTHING && Math.abs(right! - d) < limit) joins[i]! |= JOINED_RIGHT;
    if (down !== undefined && down !== NOTHING && Math.abs(down - d) < limit) joins[i]! |= JOINED_DOWN;
  }
  return joins;
}
