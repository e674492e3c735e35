import type { DepthMap } from '../../core/index.ts';
import { SAME_SHARE } from '../surface/same-share.ts';

/** A claimed pixel keeps company with so many of its 3 × 3, or is given back. */
const MAJORITY = 5;
/** and one that has so many claimed or near ones round it goes with them. */
const ENCLOSED_BY = 6;

/** Gives back what sticks out alone. */
export function releaseOutvoted(claimed: readonly number[], { width, disparity }: DepthMap, settled: Float32Array): void {
  const lone = claimed.filter((i) => {
    const least = settled[i]! - SAME_SHARE * (settled[i]! - disparity[i]!);
    return votesFor(settled, i, width, least) < MAJORITY;
  });
  for (const i of lone) settled[i] = disparity[i]!;
}

/** Claims what is left over between claimed pixels. */
export function close(claimed: number[], { width, disparity }: DepthMap, settled: Float32Array): void {
  for (let n = 0, count = claimed.length; n < count; n++) {
    const i = claimed[n]!;
    const depth = settled[i]!;
    const least = depth - SAME_SHARE * (depth - disparity[i]!);
    if (least === depth) continue;
    for (let v = -width; v <= width; v += width) {
      for (let j = i + v - 1; j <= i + v + 1; j++) {
        if (settled[j]! >= least || votesFor(settled, j, width, least) < ENCLOSED_BY) continue;
        if (settled[j] === disparity[j]) claimed.push(j);
        settled[j] = depth;
      }
    }
  }
}

/** How many of a pixel's 3 × 3 have at least this disparity. */
function votesFor(settled: Float32Array, i: number, width: number, least: number): number {
  let company = 0;
  for (let v = -width; v <= width; v += width) for (let j = i + v - 1; j <= i + v + 1; j++) if (settled[j]! >= least) company++;
  return company;
}
