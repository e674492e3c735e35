/** The pixel to the left, right, above or below of pixel `i`, for `side` 0..3. */
export function neighbour4(i: number, side: number, width: number): number {
  return side === 0 ? i - 1 : side === 1 ? i + 1 : side === 2 ? i - width : i + width;
}
