import type { Camera, Scene } from 'unflat/plugin';
import { shotOf, type ShotOptions } from '../shared/moves/shot.ts';

/**
 * The cameras of a wiggle: views side by side, left to right and back again, held by what lies at the focus. The first and the last view
 * are shown once, the others twice, so that every step is one view.
 * @param views 2..9. @param amount 1 = as far apart as the ends of the arc.
 */
export function wiggleCameras(scene: Scene, views: number, options: Omit<ShotOptions, 'frames'>): { cameras: Camera[]; shrunkBy: number } {
  const steps = 2 * (views - 1);
  const { cameras, shrunkBy } = shotOf('arc', scene, { ...options, frames: 2 });
  const [left, right] = cameras as [Camera, Camera];
  const between = (part: number): Camera => {
    const mix = (a: number, b: number): number => a + (b - a) * part;
    return { ...left, cx: mix(left.cx, right.cx), cy: mix(left.cy, right.cy), c2w: left.c2w.map((value, i) => mix(value, right.c2w[i]!)) };
  };
  const numbers = Array.from({ length: steps }, (_, i) => (i < views ? i : steps - i));
  return { cameras: numbers.map((n) => between(n / (views - 1))), shrunkBy };
}
