import type { DepthMap, Raster } from '../../core/index.ts';
import type { ParallaxBounds } from '../surface/parallax-bounds.ts';
import { WIDE_BLUR_PX } from '../surface/wide-blur-px.ts';
import { closePinholes } from './close-pinholes.ts';
import { correctSilhouettes } from './correct-silhouettes.ts';

/** Pixels next to those beside a tear that may be mixtures, too, where a model with wide blur placed the silhouettes. */
const SOFT_PX = 2;

/** Where a photo's silhouettes are, after all. */
export interface SettledSilhouettes {
  depth: DepthMap;
  joins: Uint8Array;
  /** Pixels next to those beside a tear that may be mixtures of both sides' colours, too; 0 = none. */
  softPx: number;
}

/** Puts the silhouettes of a widely blurred map in their places and closes its pinholes; other maps stay as they are. */
export function settleSilhouettes(
  photo: Raster,
  settled: DepthMap & { blur?: number },
  joins: Uint8Array,
  bounds: ParallaxBounds,
): SettledSilhouettes {
  const { blur = 0 } = settled;
  if (blur <= WIDE_BLUR_PX) return { depth: settled, joins, softPx: 0 };
  return { ...closePinholes(correctSilhouettes(photo, settled, joins, bounds, blur)), softPx: SOFT_PX };
}
