import type { DepthMap } from '../../core/index.ts';
import { SPARE_PX, type ParallaxBounds } from '../surface/parallax-bounds.ts';

/** What goes on outward may come nearer, and then moves more. */
const APPROACH = 1.06;
/** Never grow the border by more than this part of the longer side. */
const MAX_MARGIN_SHARE = 0.2;

/** Pixels by which the layers must be wider than the photo on each side. */
export function marginFor(depth: DepthMap, bounds: ParallaxBounds): number {
  const { width, height, disparity } = depth;
  let most = 0;
  const look = (x: number, y: number) => {
    most = Math.max(most, bounds.absolute(x, y, disparity[y * width + x]!));
  };
  for (let x = 0; x < width; x++) {
    look(x, 0);
    look(x, height - 1);
  }
  for (let y = 0; y < height; y++) {
    look(0, y);
    look(width - 1, y);
  }
  return Math.min(Math.ceil(most * APPROACH) + SPARE_PX, Math.round(MAX_MARGIN_SHARE * Math.max(width, height)));
}
