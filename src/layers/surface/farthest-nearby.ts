import { NOTHING, type Layer } from '../../core/index.ts';
import { CELL } from './cell.ts';

/** Whether something lies behind a surface is looked up over this neighbourhood. */
const NEIGHBOURHOOD_PX = 40;

/** Smallest disparity within about `radius` pixels of each cell; NOTHING counts as nothing. */
export function farthestNearby(
  layer: Pick<Layer, 'width' | 'height' | 'disparity'>,
  radius = NEIGHBOURHOOD_PX,
): { columns: number; rows: number; least: Float32Array } {
  const { width, height, disparity } = layer;
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  let least = new Float32Array(columns * rows).fill(Infinity);
  for (let y = 0; y < height; y++) leastOfRow(disparity, width, y, least, Math.floor(y / CELL) * columns);
  for (let pass = Math.max(1, Math.round(radius / CELL)); pass > 0; pass--) {
    const next = least.slice();
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const c = y * columns + x;
        let d = least[c]!;
        if (x > 0) d = Math.min(d, least[c - 1]!);
        if (x + 1 < columns) d = Math.min(d, least[c + 1]!);
        if (y > 0) d = Math.min(d, least[c - columns]!);
        if (y + 1 < rows) d = Math.min(d, least[c + columns]!);
        next[c] = d;
      }
    }
    least = next;
  }
  return { columns, rows, least };
}

function leastOfRow(disparity: Float32Array, width: number, y: number, least: Float32Array, cells: number): void {
  for (let x = 0, i = y * width, c = cells; x < width; c++) {
    let d = least[c]!;
    for (const end = Math.min(width, x + CELL); x < end; x++, i++) {
      const here = disparity[i]!;
      if (here < d && here !== NOTHING) d = here;
    }
    least[c] = d;
  }
}
