/** Share of values that are not finite. */
export function unknownShare(values: Float32Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) count++;
  return count / values.length;
}

/** Gives what is not known the nearest known value of its row, and rows without any the nearest row's; in place. At least one value must be known. */
export function fillGaps(values: Float32Array, width: number): void {
  const height = values.length / width;
  const isKnown = new Uint8Array(height);
  for (let y = 0; y < height; y++) isKnown[y] = fillRow(values.subarray(y * width, (y + 1) * width)) ? 1 : 0;
  const known = Array.from(isKnown.keys()).filter((y) => isKnown[y]);
  for (let y = 0; y < height; y++) {
    if (isKnown[y]) continue;
    const from = known.reduce((best, each) => (Math.abs(each - y) < Math.abs(best - y) ? each : best));
    values.copyWithin(y * width, from * width, (from + 1) * width);
  }
}

function fillRow(row: Float32Array): boolean {
  let last = -1;
  for (let x = 0; x < row.length; x++) {
    if (!Number.isFinite(row[x]!)) continue;
    if (last < 0) row.fill(row[x]!, 0, x);
    for (let gap = last + 1; last >= 0 && gap < x; gap++) row[gap] = gap - last <= x - gap ? row[last]! : row[x]!;
    last = x;
  }
  if (last >= 0) row.fill(row[last]!, last + 1);
  return last >= 0;
}
