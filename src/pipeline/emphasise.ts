import type { SettledDepth } from '../layers/index.ts';

/** Slope of the curve at the end that is spread, for an emphasis of ±1; the other end's slope is its inverse. */
const MOST = 3;

/**
 * Spreads the depths of what is near (`emphasis` up to 1) or far (down to −1), at the other end's cost: d ↦ d / (d + k·(1 − d)),
 * k = 3^emphasis. Monotone, keeps 0 and 1, nowhere steeper than 3, so steps stay steps and slopes whole.
 * What else is known of the map stays true of it.
 * @returns the map itself where there is nothing to do, else a new one.
 */
export function emphasise(depth: SettledDepth, emphasis: number): SettledDepth {
  if (emphasis === 0) return depth;
  const k = MOST ** emphasis;
  return { ...depth, disparity: depth.disparity.map((d) => d / (d + k * (1 - d))) };
}
