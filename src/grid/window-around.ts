/**
 * Offsets from a pixel to those up to `radius` pixels away along each axis, row by row, without itself.
 * @param isChessboard every other one.
 */
export function windowAround(radius: number, isChessboard = false): { u: Int8Array; v: Int8Array } {
  const side = 2 * radius + 1;
  const offsets = Array.from({ length: side ** 2 }, (_, n) => ({ u: (n % side) - radius, v: Math.floor(n / side) - radius })).filter(
    ({ u, v }) => (u !== 0 || v !== 0) && !(isChessboard && (u + v) & 1),
  );
  return { u: Int8Array.from(offsets, ({ u }) => u), v: Int8Array.from(offsets, ({ v }) => v) };
}
