import type { Layer, Lens } from '../../core/index.ts';
import type { GrownLayers } from './grown-layers.ts';

/** How the pixels of a layer lie in space, see `GrownLayers`. */
export function layerPerspective({ width, height, margin }: Layer, { cx, cy, near, far }: Lens): NonNullable<GrownLayers['perspective']> {
  const longer = Math.max(width, height) - 2 * margin;
  // Pixel centres lie at half pixels.
  return { cx: cx * longer + margin - 0.5, cy: cy * longer + margin - 0.5, infinity: 1 / far / (1 / near - 1 / far) };
}
