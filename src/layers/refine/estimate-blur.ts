import { STEEP } from './ramp-share.ts';

/** Farthest that a step's ends are looked for, in pixels. */
const STEP_END_PX = 6;
/** Fewer steps tell nothing. */
const FEWEST_STEPS = 50;
/** The slope in the middle of a step of 1 that is blurred by one standard deviation. */
const UNIT_SLOPE = 1 / Math.sqrt(2 * Math.PI);
/** Widths are counted in steps of this, in pixels. */
const WIDTH_BIN_PX = 0.05;
/** Every so many rows are looked at. */
const ROW_STRIDE_PX = 4;

/**
 * How far a map is blurred: standard deviation in pixels of the Gaussian that would make its steps as steep as they
 * are, the median over them; about 0.4 in a crisp map, 0 where there are too few steps to tell.
 */
export function estimateBlur(d: Float32Array, width: number, height: number): number {
  const counts = new Int32Array(256);
  for (let y = STEP_END_PX; y < height - STEP_END_PX - 1; y += ROW_STRIDE_PX) {
    measure(d, y * width + STEP_END_PX, (y + 1) * width - STEP_END_PX - 1, 1, counts);
    measure(d, y * width + STEP_END_PX, (y + 1) * width - STEP_END_PX - 1, width, counts);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < FEWEST_STEPS) return 0;
  let sum = 0;
  for (let k = 0; ; k++) {
    sum += counts[k]!;
    if (sum >= total / 2) return k * WIDTH_BIN_PX;
  }
}

/** Counts the widths of those steps of a row whose middle lies there, across or down. */
function measure(d: Float32Array, from: number, to: number, step: number, counts: Int32Array): void {
  for (let i = from; i < to; i++) {
    const jump = d[i + step]! - d[i]!;
    const slope = jump < 0 ? -jump : jump;
    if (slope < STEEP) continue;
    if (Math.abs(d[i]! - d[i - step]!) > slope || Math.abs(d[i - step]! - d[i - 2 * step]!) > slope) continue;
    if (Math.abs(d[i + 2 * step]! - d[i + step]!) > slope || Math.abs(d[i + 3 * step]! - d[i + 2 * step]!) > slope) continue;
    let a = i;
    let b = i + step;
    for (let n = 1; n < STEP_END_PX && (d[a]! - d[a - step]!) * jump > 0; n++) a -= step;
    for (let n = 1; n < STEP_END_PX && (d[b + step]! - d[b]!) * jump > 0; n++) b += step;
    const k = Math.round((Math.abs(d[b]! - d[a]!) * UNIT_SLOPE) / slope / WIDTH_BIN_PX);
    counts[k < 255 ? k : 255]!++;
  }
}
