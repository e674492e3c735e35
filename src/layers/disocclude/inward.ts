import { JOINED_DOWN, JOINED_RIGHT, type Layer } from '../../core/index.ts';

/** The pixel up to `steps` steps from `start` in direction `step` (±1 or ±width), as far as the surface goes. */
export function inward(layer: Pick<Layer, 'width' | 'height' | 'joins'>, start: number, step: number, steps: number): number {
  const { width, height, joins } = layer;
  const bit = Math.abs(step) === 1 ? JOINED_RIGHT : JOINED_DOWN;
  let i = start;
  for (let k = 0; k < steps; k++) {
    const j = i + step;
    if (j < 0 || j >= width * height || !(joins[step > 0 ? i : j]! & bit)) break;
    i = j;
  }
  return i;
}
