import type { Nearness } from './nearness.ts';

/** Turns rows left to right, in place. */
export function mirrorRows(values: Float32Array, width: number): void {
  for (let row = 0; row < values.length; row += width) values.subarray(row, row + width).reverse();
}

/** Answers that agree less than this (correlation) are not two views of one scene. */
const LEAST_AGREEMENT = 0.3;

/**
 * The mean of a model's answer and its answer to the mirrored photo, turned back. As each has a scale (and, unless it is
 * inverse depth, a shift) of its own, the second is brought to the first by least squares before.
 * @param first is written to.
 * @returns false where both contradict each other; `first` is then as it was.
 */
export function averageMirrored(first: Nearness, mirrored: Nearness): boolean {
  if (first.width !== mirrored.width || first.height !== mirrored.height) return false;
  mirrorRows(mirrored.values, mirrored.width);
  const [a, b] = [first.values, mirrored.values];
  let n = 0,
    sa = 0,
    sb = 0,
    saa = 0,
    sbb = 0,
    sab = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (!Number.isFinite(x + y)) continue;
    n++;
    sa += x;
    sb += y;
    saa += x * x;
    sbb += y * y;
    sab += x * y;
  }
  const covariance = sab - (sa * sb) / n;
  const varianceA = saa - (sa * sa) / n;
  const varianceB = sbb - (sb * sb) / n;
  if (!(covariance > LEAST_AGREEMENT * Math.sqrt(varianceA * varianceB))) return false;
  const scale = first.isInverseDepth ? sab / sbb : covariance / varianceB;
  const shift = first.isInverseDepth ? 0 : (sa - scale * sb) / n;
  for (let i = 0; i < a.length; i++) {
    const other = b[i]! * scale + shift;
    if (!Number.isFinite(a[i]!)) a[i] = other;
    else if (Number.isFinite(other)) a[i] = (a[i]! + other) / 2;
  }
  return true;
}
