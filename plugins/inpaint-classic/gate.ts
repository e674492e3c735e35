import { PAD, type Level } from './level.ts';
import type { Matches } from './matches.ts';

/** Half the side of the square over which colours are compared with the smooth fill's, coarse pixels. */
const COLOUR_RADIUS = 1;
/** Half the side of the square in which the ground must be whole, coarse pixels. */
const WHOLE_RADIUS = 6;
/** Share of the square round the source, against the one round the hole pixel itself. */
const SOURCE_SHARE = 0.2;

/** What says, coarsely, how far a pattern is to be trusted; level size. */
export interface Gate {
  /** 1 = here is a match. */
  known: Uint8Array;
  /** Three a pixel: mean colour of the pattern, less the smooth fill's. */
  shift: Float32Array;
  /** 0..1: share of what surrounds the hole that is its own surface. Little among leaves, much on a wall. */
  whole: Float32Array;
}

/** @param smooth the level's colours before anything was inpainted. */
export function gateOf(level: Level, matches: Matches, smooth: Uint8Array): Gate {
  const { width, rgba } = level;
  const { order, from } = matches;
  const known = new Uint8Array(from.length);
  const shift = new Float32Array(from.length * 3);
  const whole = new Float32Array(from.length);
  const sources = integral(level, false);
  const all = integral(level, true);
  for (let n = 0; n < order.length; n++) {
    const p = order[n]!;
    if (from[p]! < 0) continue;
    known[p] = 1;
    let r = 0,
      g = 0,
      b = 0,
      count = 0;
    for (let dy = -COLOUR_RADIUS; dy <= COLOUR_RADIUS; dy++) {
      for (let dx = -COLOUR_RADIUS; dx <= COLOUR_RADIUS; dx++) {
        const q = p + dy * width + dx;
        if (from[q]! < 0) continue;
        count++;
        r += rgba[q * 4]! - smooth[q * 4]!;
        g += rgba[q * 4 + 1]! - smooth[q * 4 + 1]!;
        b += rgba[q * 4 + 2]! - smooth[q * 4 + 2]!;
      }
    }
    shift[p * 3] = r / count;
    shift[p * 3 + 1] = g / count;
    shift[p * 3 + 2] = b / count;
    const own = boxSum(sources, level, p) + SOURCE_SHARE * boxSum(sources, level, from[p]!);
    whole[p] = own / Math.max(1, boxSum(all, level, p) + SOURCE_SHARE * boxSum(all, level, from[p]!));
  }
  return { known, shift, whole };
}

/** Summed-area table of the sources, or of all that is no hole. */
function integral(level: Level, foreign: boolean): Int32Array {
  const { width, height, source, hole } = level;
  const sums = new Int32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    const inside = y >= PAD && y < height - PAD;
    for (let x = 0, row = 0; x < width; x++) {
      const i = y * width + x;
      if (foreign) row += inside && x >= PAD && x < width - PAD && !hole[i] ? 1 : 0;
      else row += source[i]!;
      const o = (y + 1) * (width + 1) + x + 1;
      sums[o] = sums[o - width - 1]! + row;
    }
  }
  return sums;
}

function boxSum(sums: Int32Array, level: Level, i: number): number {
  const x = i % level.width;
  const y = Math.floor(i / level.width);
  const left = Math.max(0, x - WHOLE_RADIUS);
  const right = Math.min(level.width, x + WHOLE_RADIUS + 1);
  const top = Math.max(0, y - WHOLE_RADIUS) * (level.width + 1);
  const bottom = Math.min(level.height, y + WHOLE_RADIUS + 1) * (level.width + 1);
  return sums[bottom + right]! - sums[top + right]! - sums[bottom + left]! + sums[top + left]!;
}
