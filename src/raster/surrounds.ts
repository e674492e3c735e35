import { NOTHING, type Layer } from '../core/index.ts';
import { TILE, type TileRuns } from './wanted-tiles.ts';

/** Pixels to each side that are looked at. */
const REACH = 2;

/** Lowest and highest disparity in the 5×5 around each pixel; −Infinity and Infinity where one of them is missing or partly covered. */
export interface Surrounds {
  low: Float32Array;
  high: Float32Array;
}

/** @param runs where they are asked for; elsewhere, and within REACH of it, they are wrong. */
export function surroundsOf({ width, height, rgba, disparity }: Layer, runs: TileRuns): Surrounds {
  const count = width * height;
  const lowAcross = new Float32Array(count);
  const highAcross = new Float32Array(count);
  for (let y = 0; y < height; y++)
    for (const [from, to] of runs[Math.floor(y / TILE)]!) {
      const row = y * width;
      for (let x = from; x < to; x++) {
        const end = row + Math.min(width - 1, x + REACH);
        let least = Infinity;
        let most = -Infinity;
        for (let i = row + Math.max(0, x - REACH); i <= end; i++) {
          const d = disparity[i]!;
          if (d === NOTHING || rgba[4 * i + 3]! < 255) {
            least = -Infinity;
            most = Infinity;
            break;
          }
          if (d < least) least = d;
          if (d > most) most = d;
        }
        lowAcross[row + x] = least;
        highAcross[row + x] = most;
      }
    }
  const low = new Float32Array(count);
  const high = new Float32Array(count);
  // Row by row: down a column each pixel would be in another line of the processor's cache.
  for (let y = 0; y < height; y++) {
    const first = Math.max(0, y - REACH) * width;
    const last = Math.min(height - 1, y + REACH) * width;
    for (const [from, to] of runs[Math.floor(y / TILE)]!) {
      for (let x = from; x < to; x++) {
        let least = Infinity;
        let most = -Infinity;
        for (let i = first + x; i <= last + x; i += width) {
          if (lowAcross[i]! < least) least = lowAcross[i]!;
          if (highAcross[i]! > most) most = highAcross[i]!;
        }
        low[y * width + x] = least;
        high[y * width + x] = most;
      }
    }
  }
  return { low, high };
}
