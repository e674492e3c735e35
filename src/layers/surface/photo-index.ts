import type { Layer } from '../../core/index.ts';

/** Index of the photo's pixel at layer pixel (x, y), or of its border pixel nearest to it. */
export function photoIndex(layer: Pick<Layer, 'width' | 'height' | 'margin'>, x: number, y: number): number {
  const width = layer.width - 2 * layer.margin;
  const height = layer.height - 2 * layer.margin;
  const px = Math.min(width - 1, Math.max(0, x - layer.margin));
  const py = Math.min(height - 1, Math.max(0, y - layer.margin));
  return py * width + px;
}
