import type { DepthMap } from '../../core/index.ts';
import { resize } from '../../grid/index.ts';

/** A depth map at `width × height`: by area where it shrinks, bilinearly where it grows. Always a new one. */
export function resizeDepth(depth: DepthMap, width: number, height: number): DepthMap {
  return { width, height, disparity: resize(depth.disparity, depth, { width, height }) };
}
