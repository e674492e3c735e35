import { NOTHING, type Layer } from '../core/index.ts';
import { texelsOf } from './texture.ts';
import { TILE, type TileRuns } from './wanted-tiles.ts';

/** Pixels to each side that are looked at. */
const REACH = 2;
const ROWS = 2 * REACH + 1;

/** Lowest and highest disparity in the 5×5 around each pixel; −Infinity and Infinity where one of them is missing or partly covered. */
export interface Surrounds {
  low: Float32Array;
  high: Float32Array;
}

/** @param runs where they are asked for; elsewhere, and within REACH of it, they are wrong. */
export function surroundsOf({ width, height, rgba, disparity }: Layer, runs: TileRuns): Surrounds {
  const pixels = texelsOf(rgba);
  // Of the last rows alone: of a large layer all of them would be as large as itself.
  const rows = Array.from({ length: ROWS }, () => ({ low: new Float32Array(width), high: new Float32Array(width) }));
  const ownLow = new Float32Array(width + 2 * REACH).fill(Infinity);
  const ownHigh = new Float32Array(width + 2 * REACH).fill(-Infinity);
  const lookAcross = (y: number): void => {
    const { low, high } = rows[y % ROWS]!;
    low.fill(0);
    high.fill(0);
    for (const [from, to] of runs[Math.floor(y / TILE)]!) {
      // Beyond the border there is nothing to compare with.
      for (let x = Math.max(0, from - REACH), last = Math.min(width, to + REACH); x < last; x++) {
        const d = disparity[y * width + x]!;
        const isWhole = d !== NOTHING && pixels[y * width + x]! >>> 24 === 255;
        ownLow[x + REACH] = isWhole ? d : -Infinity;
        ownHigh[x + REACH] = isWhole ? d : Infinity;
      }
      leastOfFive(ownLow, low, from, to);
      mostOfFive(ownHigh, high, from, to);
    }
  };
  const low = new Float32Array(width * height);
  const high = new Float32Array(width * height);
  for (let y = 0; y < Math.min(REACH, height); y++) lookAcross(y);
  // Row by row: down a column each pixel would be in another line of the processor's cache.
  for (let y = 0; y < height; y++) {
    if (y + REACH < height) lookAcross(y + REACH);
    const [a, b, c, d, e] = [-2, -1, 0, 1, 2].map((by) => rows[Math.max(0, Math.min(height - 1, y + by)) % ROWS]!) as Five;
    for (const [from, to] of runs[Math.floor(y / TILE)]!) {
      for (let x = from, o = y * width + from; x < to; x++, o++) {
        low[o] = least(least(least(a.low[x]!, b.low[x]!), least(c.low[x]!, d.low[x]!)), e.low[x]!);
        high[o] = most(most(most(a.high[x]!, b.high[x]!), most(c.high[x]!, d.high[x]!)), e.high[x]!);
      }
    }
  }
  return { low, high };
}

type Five = [Surrounds, Surrounds, Surrounds, Surrounds, Surrounds];

const least = (a: number, b: number): number => (a < b ? a : b);
const most = (a: number, b: number): number => (a > b ? a : b);

function leastOfFive(values: Float32Array, to: Float32Array, from: number, end: number): void {
  for (let x = from; x < end; x++)
    to[x] = least(least(least(values[x]!, values[x + 1]!), least(values[x + 2]!, values[x + 3]!)), values[x + 4]!);
}

function mostOfFive(values: Float32Array, to: Float32Array, from: number, end: number): void {
  for (let x = from; x < end; x++)
    to[x] = most(most(most(values[x]!, values[x + 1]!), most(values[x + 2]!, values[x + 3]!)), values[x + 4]!);
}
