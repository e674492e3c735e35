import { NOTHING, type Layer } from '../core/index.ts';

/** Pixels to each side that are looked at. */
const REACH = 2;

/** Lowest and highest disparity in the 5×5 around each pixel; −Infinity and Infinity where one of them is missing or partly covered. */
export interface Surrounds {
  low: Float32Array;
  high: Float32Array;
}

export function surroundsOf({ width, height, rgba, disparity }: Layer): Surrounds {
  const count = width * height;
  const low = new Float32Array(count);
  const high = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const isOpen = disparity[i] === NOTHING || rgba[4 * i + 3]! < 255;
    low[i] = isOpen ? -Infinity : disparity[i]!;
    high[i] = isOpen ? Infinity : disparity[i]!;
  }
  const lowAcross = new Float32Array(count);
  const highAcross = new Float32Array(count);
  for (let y = 0; y < height; y++) {
    spread(low, high, lowAcross, highAcross, y * width, width, 1);
  }
  for (let x = 0; x < width; x++) spread(lowAcross, highAcross, low, high, x, height, width);
  return { low, high };
}

/** Along one line of `count` pixels from `first`, `stride` apart. */
function spread(
  low: Float32Array,
  high: Float32Array,
  toLow: Float32Array,
  toHigh: Float32Array,
  first: number,
  count: number,
  stride: number,
): void {
  for (let n = 0; n < count; n++) {
    const from = first + (n > REACH ? n - REACH : 0) * stride;
    const to = first + (n + REACH < count ? n + REACH : count - 1) * stride;
    let least = Infinity;
    let most = -Infinity;
    for (let i = from; i <= to; i += stride) {
      if (low[i]! < least) least = low[i]!;
      if (high[i]! > most) most = high[i]!;
    }
    toLow[first + n * stride] = least;
    toHigh[first + n * stride] = most;
  }
}
