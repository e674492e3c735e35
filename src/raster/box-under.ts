import type { Layer, LayerMesh } from '../core/index.ts';
import type { PixelBox } from './wanted-tiles.ts';

/** The layer's pixels under the mesh: hidden layers often fill a part of the picture only. */
export function boxUnder({ width, height }: Pick<Layer, 'width' | 'height'>, { vertices }: LayerMesh): PixelBox {
  if (vertices.length === 0) return { x0: 0, y0: 0, x1: 1, y1: 1 };
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (let n = 0; n < vertices.length; n += 5) {
    x0 = Math.min(x0, vertices[n]!);
    y0 = Math.min(y0, vertices[n + 1]!);
    x1 = Math.max(x1, vertices[n]!);
    y1 = Math.max(y1, vertices[n + 1]!);
  }
  return {
    x0: Math.max(0, Math.floor(x0)),
    y0: Math.max(0, Math.floor(y0)),
    x1: Math.min(width, Math.ceil(x1)),
    y1: Math.min(height, Math.ceil(y1)),
  };
}
