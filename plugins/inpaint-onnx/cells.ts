import type { Passes } from 'unflat/plugin';
import type { Visibility } from './visibility.ts';

const CELL_BITS = 5;
/** Side of a cell, in pixels: holes are handed out to runs by cells. */
export const HOLE_CELL = 1 << CELL_BITS;
/** Cells round a piece of a hole in which its surroundings must be right: 64 pixels. */
export const ROUND = 2;
/** Pixels of a cell that may look otherwise to another layer. */
const TOLERANCE = 16;
/** What a pixel of each layer counts: deep ones are seen last. */
const LAYER_WEIGHTS = [1, 1, 0.5, 0.25];

/** The scene in cells of 32 × 32 pixels. */
export interface Cells {
  columns: number;
  rows: number;
  layers: number;
  /** By layer and cell: pixels to be inpainted, weighted. */
  weight: Float32Array[];
  /**
   * By pair of layers, `a · layers + b`, and cell: 1 = the two want different contents there, one sees what the other must not,
   * or both inpaint there.
   */
  differs: Uint8Array[];
}

export function* cellsOf(visibilities: readonly Visibility[], width: number, height: number): Passes<Cells> {
  const columns = Math.ceil(width / HOLE_CELL);
  const rows = Math.ceil(height / HOLE_CELL);
  const layers = visibilities.length;
  const weight: Float32Array[] = [];
  for (const [layer, { wanted }] of visibilities.entries()) {
    yield;
    const factor = LAYER_WEIGHTS[Math.min(layer, LAYER_WEIGHTS.length - 1)]!;
    const sums = new Float32Array(columns * rows);
    for (let y = 0; y < height; y++) addRow(wanted, y * width, width, sums, Math.floor(y / HOLE_CELL) * columns, factor);
    weight.push(sums);
  }
  const differs: Uint8Array[] = [];
  for (let a = 0; a < layers; a++) {
    for (let b = 0; b < layers; b++) {
      yield;
      const counts = new Uint16Array(columns * rows);
      if (a < b)
        for (let y = 0; y < height; y++)
          countRow(visibilities[a]!, visibilities[b]!, y * width, width, counts, Math.floor(y / HOLE_CELL) * columns);
      differs.push(a > b ? differs[b * layers + a]! : Uint8Array.from(counts, (count) => (count > TOLERANCE ? 1 : 0)));
    }
  }
  return { columns, rows, layers, weight, differs };
}

function addRow(wanted: Uint8Array, from: number, width: number, sums: Float32Array, cell: number, factor: number): void {
  for (let x = 0; x < width; x++) if (wanted[from + x]) sums[cell + (x >> CELL_BITS)]! += factor;
}

function countRow(a: Visibility, b: Visibility, from: number, width: number, counts: Uint16Array, cell: number): void {
  for (let x = 0, i = from; x < width; x++, i++) {
    if (a.visible[i] !== b.visible[i] || (a.wanted[i] && b.wanted[i])) counts[cell + (x >> CELL_BITS)]!++;
  }
}

/** The cells within `ROUND` of those that are set, along both axes. */
export function around(cells: Uint8Array, columns: number, rows: number): Uint8Array {
  const across = new Uint8Array(cells.length);
  const both = new Uint8Array(cells.length);
  for (let y = 0; y < rows; y++) {
    for (let x = 0, i = y * columns; x < columns; x++, i++) {
      if (!cells[i]) continue;
      for (let j = i - Math.min(ROUND, x), end = i + Math.min(ROUND, columns - 1 - x); j <= end; j++) across[j] = 1;
    }
  }
  for (let y = 0; y < rows; y++) {
    for (let x = 0, i = y * columns; x < columns; x++, i++) {
      if (!across[i]) continue;
      for (let other = Math.max(0, y - ROUND); other <= Math.min(rows - 1, y + ROUND); other++) both[other * columns + x] = 1;
    }
  }
  return both;
}
