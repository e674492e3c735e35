/** Squared RGB difference of two sides below which nothing can be told. */
const LEAST_CONTRAST_SQUARED = 100;
/** Variance of a photo's pixels, three channels together: noise and rounding. */
const NOISE_VARIANCE = 48;
/** Where the colours do not tell, a pixel is wholly of its side; how far from that it may be, as one standard deviation. */
const PRIOR_SIGMA = 0.2;
/** A pixel's depth says which side is in its middle: the near side has at least this share of its own pixels, and at most 1 − this of the far one's. */
const LEAST_OWN_ALPHA = 0.4;

/** How much of a pixel is the near side's, 0..1: what its colour says, and its side where that says little. */
export function estimateAlpha(rgba: Uint8ClampedArray, at: number, mean: Float64Array, spread: Float64Array, isNear: boolean): number {
  const side = isNear ? 1 : 0;
  let contrast = 0;
  let along = 0;
  for (let c = 0; c < 3; c++) {
    const axis = mean[c]! - mean[3 + c]!;
    contrast += axis * axis;
    along += axis * (rgba[at + c]! - mean[3 + c]!);
  }
  if (contrast < LEAST_CONTRAST_SQUARED) return side;
  const share = Math.min(1, Math.max(0, along / contrast));
  let off = 0;
  for (let c = 0; c < 3; c++) off += (rgba[at + c]! - share * mean[c]! - (1 - share) * mean[3 + c]!) ** 2;
  const variance = (NOISE_VARIANCE + spread[0]! * share + spread[1]! * (1 - share) + off) / contrast;
  const told = PRIOR_SIGMA ** 2 / (PRIOR_SIGMA ** 2 + variance);
  const mixed = told * share + (1 - told) * side;
  return isNear ? Math.max(LEAST_OWN_ALPHA, mixed) : Math.min(1 - LEAST_OWN_ALPHA, mixed);
}
