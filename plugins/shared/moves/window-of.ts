/** Where a magnified part lies in the frame, −1..1 (−1 = at the left or top edge), as far as it fits. @param middle its middle, 0..1. @param zoom magnification. */
export function windowOf(middle: number, zoom: number): number {
  if (zoom <= 1) return 0;
  return Math.min(1, Math.max(-1, (2 * (middle - 0.5 / zoom)) / (1 - 1 / zoom) - 1));
}
