import { JOINED_DOWN, JOINED_RIGHT, type Layer } from '../../core/index.ts';

/** A layer's pixels at every few steps: what a coarse surface is made from. */
export interface NodeGrid {
  width: number;
  height: number;
  /** Layer pixel (y × layer width + x) of each node. */
  pixels: Uint32Array;
  /** Whether a node is joined to the next one, all along the pixels between them: bits as in `Layer.joins`. */
  joins: Uint8Array;
}

/**
 * Takes every `cell`-th pixel of a layer and always the last one of a row and column.
 * @param inset pixels left out on each side.
 */
export function nodeGrid(layer: Layer, cell: number, inset: number): NodeGrid {
  const columns = places(layer.width, cell, inset);
  const rows = places(layer.height, cell, inset);
  const [width, height] = [columns.length, rows.length];
  const pixels = new Uint32Array(width * height);
  const joins = new Uint8Array(width * height);
  for (let v = 0, n = 0; v < height; v++) {
    for (let u = 0; u < width; u++, n++) {
      const i = rows[v]! * layer.width + columns[u]!;
      pixels[n] = i;
      const isWhole = (steps: number, stride: number, bit: number): boolean => {
        for (let k = 0; k < steps; k++) if (!(layer.joins[i + k * stride]! & bit)) return false;
        return true;
      };
      const right = u + 1 < width ? isWhole(columns[u + 1]! - columns[u]!, 1, JOINED_RIGHT) : (layer.joins[i]! & JOINED_RIGHT) > 0;
      const down = v + 1 < height ? isWhole(rows[v + 1]! - rows[v]!, layer.width, JOINED_DOWN) : (layer.joins[i]! & JOINED_DOWN) > 0;
      joins[n] = (right ? JOINED_RIGHT : 0) | (down ? JOINED_DOWN : 0);
    }
  }
  return { width, height, pixels, joins };
}

function places(size: number, cell: number, inset: number): number[] {
  const all: number[] = [];
  for (let at = inset; at < size - inset; at += cell) all.push(at);
  const last = size - inset - 1;
  if (all.length > 0 && all.at(-1)! < last) all.push(last);
  return all;
}
