import { finerIndex, type Matches } from './matches.ts';
import type { Level } from './level.ts';

/** Every so manyth pixel of the level above gives a patch. */
const STRIDE = 2;
/** A patch reaches so far to the left and up, and one more to the right and down: 8 × 8 pixels. */
const REACH = 3;

/** What the patches that cover a pixel say of it, summed; level size. */
export interface Votes {
  /** Three a pixel. */
  rgb: Float32Array;
  /** Match cost. */
  cost: Float32Array;
  /** 0 = no patch. */
  weight: Float32Array;
}

/**
 * Lays overlapping patches on the holes of the finest level, as the matches of the next coarser one say,
 * heaviest in their middle (after Wexler, Shechtman and Irani, "Space-time video completion", 2007).
 */
export function vote(level: Level, coarse: Level, matches: Matches): Votes {
  const { width, hole, source, rgba } = level;
  const rgb = new Float32Array(hole.length * 3);
  const cost = new Float32Array(hole.length);
  const weight = new Float32Array(hole.length);
  for (let n = 0; n < matches.order.length; n++) {
    const p = matches.order[n]!;
    const s = matches.from[p]!;
    if (s < 0 || (p % coarse.width) % STRIDE !== 0 || Math.floor(p / coarse.width) % STRIDE !== 0) continue;
    const target = finerIndex(p, coarse.width, width);
    const from = finerIndex(s, coarse.width, width);
    const c = matches.cost[p]!;
    for (let dy = -REACH; dy <= REACH + 1; dy++) {
      const wy = REACH + 1 - Math.abs(dy - 0.5);
      for (let dx = -REACH; dx <= REACH + 1; dx++) {
        const q = target + dy * width + dx;
        const t = from + dy * width + dx;
        if (!hole[q] || !source[t]) continue;
        const w = wy * (REACH + 1 - Math.abs(dx - 0.5));
        rgb[q * 3]! += w * rgba[t * 4]!;
        rgb[q * 3 + 1]! += w * rgba[t * 4 + 1]!;
        rgb[q * 3 + 2]! += w * rgba[t * 4 + 2]!;
        cost[q]! += w * c;
        weight[q]! += w;
      }
    }
  }
  return { rgb, cost, weight };
}
