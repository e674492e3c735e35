import type { Grid } from './shrink-to.ts';

/** Half lengths of the pieces of lines that are looked at, in samples of a map of some 160. */
const SPANS = [4, 8] as const;
/** Change along a piece, in parts of its middle value: less is level, and straight either way; more is no one surface. */
const LEAST_CHANGE = 0.04;
const MOST_CHANGE = 1;
/** A step that is so much larger than the piece's mean one is an edge. */
const EDGE = 2.2;
/** Fewer pieces say nothing. */
const FEWEST = 60;

/**
 * In which reading flat surfaces are straight, as they are in disparity: 1 = in the values themselves, −1 = in their inverse, so the values are
 * distances; 0 = no telling. Values of 0 or less and NaN are left out.
 */
export function straightness({ width, height, values }: Grid): number {
  const says: number[] = [];
  for (const span of SPANS) {
    const [own, inverse]: [number[], number[]] = [[], []];
    for (const [dx, dy] of [
      [1, 0],
      [0, 1],
    ] as const) {
      const stride = dx + dy * width;
      for (let y = span * dy; y < height - span * dy; y += 2) {
        for (let x = span * dx; x < width - span * dx; x += 2) {
          const middle = y * width + x;
          if (!isOneSurface(values, middle, stride, span)) continue;
          const [a, b, c] = [values[middle - span * stride]!, values[middle]!, values[middle + span * stride]!];
          own.push(Math.abs(a - 2 * b + c) / Math.abs(c - a));
          inverse.push(Math.abs(1 / a - 2 / b + 1 / c) / Math.abs(1 / c - 1 / a));
        }
      }
    }
    if (own.length < FEWEST) continue;
    const [bentAsIs, bentInverse] = [low(own), low(inverse)];
    says.push((bentInverse - bentAsIs) / (bentInverse + bentAsIs + 0.01));
  }
  return says.length ? says.reduce((sum, each) => sum + each, 0) / says.length : 0;
}

/** Whether values rise or fall along a piece of a line without a jump. */
function isOneSurface(values: Float32Array, middle: number, stride: number, span: number): boolean {
  const [a, b, c] = [values[middle - span * stride]!, values[middle]!, values[middle + span * stride]!];
  if (!(a > 0 && b > 0 && c > 0) || (b - a) * (c - b) <= 0) return false;
  const change = Math.abs(c - a) / b;
  if (change < LEAST_CHANGE || change > MOST_CHANGE) return false;
  let [all, most] = [0, 0];
  for (let k = -span; k < span; k++) {
    const step = Math.abs(values[middle + (k + 1) * stride]! - values[middle + k * stride]!);
    all += step;
    most = Math.max(most, step);
  }
  return most <= (EDGE * all) / (2 * span);
}

/** The bend of the straighter ones: curved things are left out. */
function low(bends: number[]): number {
  bends.sort((a, b) => a - b);
  return bends[Math.floor(bends.length * 0.4)]!;
}
