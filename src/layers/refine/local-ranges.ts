/** Ranges of depth around, by blocks of `BLOCK_PX` pixels. */
export interface LocalRanges {
  columns: number;
  rows: number;
  /** Highest less lowest disparity in the block and those around it. */
  range: Float32Array;
}

/** Side of a block in pixels. */
export const BLOCK_PX = 4;

/** Highest less lowest disparity in each block and those within `reach` blocks of it. */
export function localRanges(disparity: Float32Array, width: number, height: number, reach = 1): LocalRanges {
  const columns = Math.ceil(width / BLOCK_PX);
  const rows = Math.ceil(height / BLOCK_PX);
  const low = new Float32Array(columns * rows).fill(Infinity);
  const high = new Float32Array(columns * rows).fill(-Infinity);
  for (let y = 0; y < height; y++) widen(disparity, y * width, width, low, high, Math.floor(y / BLOCK_PX) * columns);
  const range = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++)
    rangesOfRow(low, high, columns, Math.max(0, row - reach), Math.min(rows - 1, row + reach), range, row * columns, reach);
  return { columns, rows, range };
}

function widen(disparity: Float32Array, from: number, width: number, low: Float32Array, high: Float32Array, row: number): void {
  for (let x = 0; x < width; x++) {
    const d = disparity[from + x]!;
    const k = row + ((x / BLOCK_PX) | 0);
    if (d < low[k]!) low[k] = d;
    if (d > high[k]!) high[k] = d;
  }
}

function rangesOfRow(
  low: Float32Array,
  high: Float32Array,
  columns: number,
  top: number,
  bottom: number,
  range: Float32Array,
  to: number,
  reach: number,
): void {
  for (let column = 0; column < columns; column++) {
    let l = Infinity;
    let h = -Infinity;
    for (let v = top; v <= bottom; v++) {
      for (let u = column > reach ? column - reach : 0; u <= column + reach && u < columns; u++) {
        const k = v * columns + u;
        if (low[k]! < l) l = low[k]!;
        if (high[k]! > h) h = high[k]!;
      }
    }
    range[to + column] = h - l;
  }
}
