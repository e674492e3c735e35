import type { DepthMap } from '../core/index.ts';
import { SAME_SHARE } from './side-colours.ts';

/** A claimed pixel keeps company with so many of its 3 × 3, or is given back. */
const COMPANY = 5;
/** and one that has so many claimed or near ones round it goes with them. */
const ENCLOSED = 6;

/** Gives back what sticks out alone. */
export function giveBack(claimed: readonly number[], { width, disparity }: DepthMap, settled: Float32Array): void {
  const lone = claimed.filter((i) => {
    const least = settled[i]! - SAME_SHARE * (settled[i]! - disparity[i]!);
    let company = 0;
    for (let v = -width; v <= width; v += width) for (let j = i + v - 1; j <= i + v + 1; j++) if (settled[j]! >= least) company++;
    return company < COMPANY;
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
        if (settled[j]! >= least || !isEnclosed(settled, j, width, least)) continue;
        if (settled[j] === disparity[j]) claimed.push(j);
        settled[j] = depth;
      }
    }
  }
}

function isEnclosed(settled: Float32Array, j: number, width: number, least: number): boolean {
  let round = 0;
  for (let v = -width; v <= width; v += width) for (let k = j + v - 1; k <= j + v + 1; k++) if (settled[k]! >= least) round++;
  return round >= ENCLOSED;
}
