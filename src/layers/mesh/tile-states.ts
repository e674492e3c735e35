import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../../core/index.ts';

/** Pixels round a tile that must be whole for its triangles to need no test. */
const GUARD_PX = 2;

/** The tile holds pixels of the layer. */
export const HAS_PIXELS = 1;
/** A tear or an end of the layer lies in the tile or within GUARD_PX of it. */
export const IS_SOFT = 2;

export interface Tiles {
  size: number;
  columns: number;
  rows: number;
  /** HAS_PIXELS and IS_SOFT a tile, row by row. */
  state: Uint8Array;
  /** Pixels that are not joined to their right or lower neighbour. */
  broken: number;
}

/** Looks at each tile of `size × size` pixels: empty, whole or soft. */
export function tileStates(layer: Layer, size: number): Tiles {
  const { width, height, disparity, joins } = layer;
  const columns = Math.ceil(width / size);
  const rows = Math.ceil(height / size);
  const state = new Uint8Array(columns * rows);
  let broken = 0;
  const both = JOINED_RIGHT | JOINED_DOWN;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const states = Math.floor(y / size) * columns;
    const tyA = Math.max(0, Math.floor((y - GUARD_PX) / size));
    const tyB = Math.min(rows - 1, Math.floor((y + GUARD_PX) / size));
    for (let tx = 0, x0 = 0; tx < columns; tx++, x0 += size) {
      const x1 = Math.min(x0 + size, width);
      for (let x = x0; x < x1; x++) {
        const i = row + x;
        if (disparity[i] === NOTHING) continue;
        state[states + tx]! |= HAS_PIXELS;
        // Joined to all four neighbours; the layer's own border counts as an end.
        if (joins[i] === both && x > 0 && y > 0 && joins[i - 1]! & JOINED_RIGHT && joins[i - width]! & JOINED_DOWN) continue;
        if (joins[i] !== both) broken++;
        const txA = Math.max(0, Math.floor((x - GUARD_PX) / size));
        const txB = Math.min(columns - 1, Math.floor((x + GUARD_PX) / size));
        for (let ty2 = tyA; ty2 <= tyB; ty2++) for (let t = txA; t <= txB; t++) state[ty2 * columns + t]! |= IS_SOFT;
      }
    }
  }
  return { size, columns, rows, state, broken };
}

/** How many tiles are soft. */
export function countSoft(tiles: Tiles): number {
  let count = 0;
  for (let t = 0; t < tiles.state.length; t++) if (tiles.state[t] === (HAS_PIXELS | IS_SOFT)) count++;
  return count;
}
