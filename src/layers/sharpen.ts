import type { DepthMap, Raster } from '../core/index.ts';
import type { SharpenOptions } from './heart.ts';
import { resizeDepth } from './resize.ts';

/** See `sharpen` in heart.ts. */
export function sharpenDepth(depth: DepthMap, photo: Raster, options: SharpenOptions): DepthMap {
  const sized = resizeDepth(depth, photo.width, photo.height);
  if (options.exact || options.smoothing === 0) return sized;
  return sized;
}
