import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../core/index.ts';
import type { Reach } from './reach.ts';

/** Grown neighbours that shift by less than this against each other, in pixels, are one surface. */
const TEAR_PX = 3;

/** Joins of a hidden layer: by disparity alone, since it was made smooth. */
export function joinHidden(disparity: Float32Array, front: Layer, reach: Reach): Uint8Array {
  const { width, height, margin } = front;
  const joins = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const d = disparity[i]!;
      if (d === NOTHING) continue;
      const limit = TEAR_PX / reach.perDisparity(x - margin, y - margin);
      if (x + 1 < width && Math.abs(disparity[i + 1]! - d) < limit) joins[i]! |= JOINED_RIGHT;
      if (y + 1 < height && Math.abs(disparity[i + width]! - d) < limit) joins[i]! |= JOINED_DOWN;
    }
  }
  return joins;
}
