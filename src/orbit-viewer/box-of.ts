import { Fault } from './fault.ts';
import type { Box3d } from './up-axis.ts';

/** Places that are looked at, at most. */
const SAMPLES = 200_000;

/**
 * The box around points, without the outermost of them: clouds have strays that are far off.
 * @param positions `stride` numbers a point, its place first. @param part of the points that may lie outside on each side, 0..0.5.
 * @throws Fault where no point has a place.
 */
export function boxOf(positions: Float32Array, stride: number, part: number): Box3d {
  const count = Math.floor(positions.length / stride);
  const step = Math.max(1, Math.ceil(count / SAMPLES));
  const box: Box3d = { low: [0, 0, 0], high: [0, 0, 0] };
  for (let axis = 0; axis < 3; axis++) {
    const values = new Float32Array(Math.ceil(count / step));
    let size = 0;
    for (let i = 0; i < count; i += step) {
      const value = positions[i * stride + axis]!;
      if (Number.isFinite(value)) values[size++] = value;
    }
    if (!size) throw new Fault('none of its points has a place');
    const sorted = values.subarray(0, size).sort();
    const cut = Math.floor(size * part);
    box.low[axis] = sorted[cut]!;
    box.high[axis] = sorted[size - 1 - cut]!;
  }
  return box;
}
