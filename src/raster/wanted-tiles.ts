import type { LayerMesh } from '../core/index.ts';

/** Columns and rows `first ≤ n < end` of a layer. */
export interface PixelBox {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** Of each row of tiles, the columns that are wanted: the first, and the one after the last, counted from the box's left edge. */
export type TileRuns = readonly (readonly (readonly [from: number, to: number])[])[];

/** Side of a tile in pixels. */
export const TILE = 16;

/**
 * The parts of a box that triangles show, in whole tiles, and the tiles around them: where a picture is small, colours are taken beside
 * a triangle, too. About half of a hidden layer is never looked at.
 * @param from first of the mesh's indices that counts.
 */
export function wantedTiles({ x0, y0, x1, y1 }: PixelBox, { vertices, indices }: LayerMesh, from = 0): TileRuns {
  const across = Math.ceil((x1 - x0) / TILE);
  const down = Math.ceil((y1 - y0) / TILE);
  const wanted = new Uint8Array(across * down);
  for (let i = from; i < indices.length; i += 3) {
    const [a, b, c] = [indices[i]! * 5, indices[i + 1]! * 5, indices[i + 2]! * 5];
    const left = Math.max(0, Math.floor((Math.min(vertices[a]!, vertices[b]!, vertices[c]!) - x0) / TILE) - 1);
    const right = Math.min(across - 1, Math.floor((Math.max(vertices[a]!, vertices[b]!, vertices[c]!) - x0) / TILE) + 1);
    const top = Math.max(0, Math.floor((Math.min(vertices[a + 1]!, vertices[b + 1]!, vertices[c + 1]!) - y0) / TILE) - 1);
    const bottom = Math.min(down - 1, Math.floor((Math.max(vertices[a + 1]!, vertices[b + 1]!, vertices[c + 1]!) - y0) / TILE) + 1);
    for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) wanted[y * across + x] = 1;
  }
  return Array.from({ length: down }, (_, row) => {
    const runs: [number, number][] = [];
    for (let n = 0; n < across; n++) {
      if (wanted[row * across + n] === 0) continue;
      const to = Math.min(x1 - x0, TILE * (n + 1));
      const last = runs.at(-1);
      if (last?.[1] === TILE * n) last[1] = to;
      else runs.push([TILE * n, to]);
    }
    return runs;
  });
}
