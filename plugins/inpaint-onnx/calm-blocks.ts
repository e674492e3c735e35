/**
 * Makes means of sums by blocks, and carries them on into those that have none, slowly falling to nothing away from all that is known.
 * @param fewest counts below which a block says nothing.
 */
export function calmBlocks(off: Float32Array, count: Float32Array, fewest: number, columns: number, rows: number): void {
  for (let b = 0; b < off.length; b++) off[b] = count[b]! >= fewest ? off[b]! / count[b]! : 0;
  const known = Uint8Array.from(count, (each) => (each >= fewest ? 1 : 0));
  for (let round = 0; round < 24; round++) {
    for (let b = 0; b < off.length; b++) {
      const x = b % columns;
      let sum = 0,
        weight = 0;
      const add = (j: number, there: boolean): void => {
        if (!there) return;
        sum += off[j]!;
        weight++;
      };
      add(b - 1, x > 0);
      add(b + 1, x + 1 < columns);
      add(b - columns, b >= columns);
      add(b + columns, b + columns < columns * rows);
      const mean = weight > 0 ? sum / weight : 0;
      off[b] = known[b] ? 0.7 * off[b]! + 0.3 * mean : 0.98 * mean;
    }
  }
}

/** The field at a place in blocks, between their middles. */
export function between(off: Float32Array, columns: number, rows: number, x: number, y: number): number {
  const sx = Math.min(columns - 1, Math.max(0, x - 0.5));
  const sy = Math.min(rows - 1, Math.max(0, y - 0.5));
  const left = Math.floor(sx);
  const top = Math.floor(sy);
  const right = Math.min(columns - 1, left + 1);
  const bottom = Math.min(rows - 1, top + 1);
  const u = sx - left;
  const v = sy - top;
  return (
    (off[top * columns + left]! * (1 - u) + off[top * columns + right]! * u) * (1 - v) +
    (off[bottom * columns + left]! * (1 - u) + off[bottom * columns + right]! * u) * v
  );
}
