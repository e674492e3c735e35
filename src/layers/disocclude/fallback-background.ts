import { NOTHING, type Layer } from '../../core/index.ts';
import type { HiddenLayer } from './hidden-layer.ts';
import { CELL } from '../surface/cell.ts';

/** The fallback background lies at least this much behind the photo, in pixels of parallax, or is left out. */
const FALLBACK_BEHIND_PX = 1;

/** This share of what is seen around is its farther part. */
const FARTHER_SHARE = 0.25;
/** Every so manyth pixel along each axis is asked for its colour. */
const COLOUR_STRIDE_PX = 3;

/**
 * Closes what is still open where many things stand one behind the other: each is too small to reach
 * far, and no layer is left for the ground behind them all. A surface without tears, as far as the
 * farthest thing seen in each cell, fills what the last layer leaves free there.
 * @param open a cell each: 1 = a surface had to stop though more of it could be seen.
 */
export function fallbackBackground(front: Layer, layers: readonly HiddenLayer[], perDisparity: Float32Array, open: Uint8Array): void {
  const { width, height } = front;
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const last = layers[layers.length - 1]!;
  const cells = withNeighbours(open, columns, rows);
  const least = new Float32Array(columns * rows).fill(NOTHING);
  const colour = new Int32Array(columns * rows);
  for (const c of cells) farthestOfCell(front, layers[0]!, c, columns, least, colour);
  const colours = new Uint32Array(front.rgba.buffer, front.rgba.byteOffset, width * height);
  for (const c of cells) colour[c] = typicalOf(front, colours, c % columns, Math.floor(c / columns), colour[c]!);
  const grown = new Int32Array(cells.length * CELL * CELL);
  const fallback: Fallback = { last, columns, rows, least, colour, grown, count: 0 };
  for (const c of cells) layCell(fallback, c, front, perDisparity);
  const pixels = new Int32Array(last.pixels.length + fallback.count);
  pixels.set(last.pixels);
  pixels.set(grown.subarray(0, fallback.count), last.pixels.length);
  last.pixels = pixels;
  last.isFallback = true;
}

interface Fallback {
  last: HiddenLayer;
  columns: number;
  rows: number;
  /** A cell each: its disparity, NOTHING where there is no fallback background. */
  least: Float32Array;
  /** A cell each: the visible pixel that lends its colour. */
  colour: Int32Array;
  /** Pixels laid so far, `count` of them. */
  grown: Int32Array;
  count: number;
}

/** Indices of the marked cells and those round them. */
function withNeighbours(open: Uint8Array, columns: number, rows: number): number[] {
  const cells: number[] = [];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let any = 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) any |= open[v * columns + u]!;
      }
      if (any) cells.push(y * columns + x);
    }
  }
  return cells;
}

/** The nearest background is likeliest to be right, so only the first hidden layer is asked beside the photo. */
function farthestOfCell(front: Layer, hidden: HiddenLayer, c: number, columns: number, least: Float32Array, colour: Int32Array): void {
  const { width, height, disparity } = front;
  const x0 = (c % columns) * CELL;
  const y0 = Math.floor(c / columns) * CELL;
  let d = Infinity;
  for (let y = y0; y < Math.min(height, y0 + CELL); y++) {
    for (let i = y * width + x0, end = y * width + Math.min(width, x0 + CELL); i < end; i++) {
      if (disparity[i] === NOTHING) continue;
      if (disparity[i]! < d) {
        d = disparity[i]!;
        colour[c] = i;
      }
      if (hidden.disparity[i] === NOTHING || hidden.disparity[i]! >= d) continue;
      d = hidden.disparity[i]!;
      colour[c] = hidden.from[i]!;
    }
  }
  if (d < Infinity) least[c] = d;
}

const depths = new Float32Array((3 * CELL) ** 2);

/**
 * The pixel of the farther part of what is seen in and round a cell whose colour is most like that part's
 * mean: the farthest itself may be a speck of sky between leaves, and a surface of its colour would shine through them all.
 */
function typicalOf({ width, height, disparity }: Layer, colours: Uint32Array, column: number, row: number, farthest: number): number {
  const x0 = Math.max(0, (column - 1) * CELL);
  const x1 = Math.min(width, (column + 2) * CELL);
  const y0 = Math.max(0, (row - 1) * CELL);
  const y1 = Math.min(height, (row + 2) * CELL);
  let count = 0;
  for (let y = y0; y < y1; y += COLOUR_STRIDE_PX) {
    for (let i = y * width + x0, end = y * width + x1; i < end; i += COLOUR_STRIDE_PX)
      if (disparity[i] !== NOTHING) depths[count++] = disparity[i]!;
  }
  if (count === 0) return farthest;
  const limit = depths.subarray(0, count).sort()[Math.floor(FARTHER_SHARE * count)]!;
  let r = 0,
    g = 0,
    b = 0;
  count = 0;
  for (let y = y0; y < y1; y += COLOUR_STRIDE_PX) {
    for (let i = y * width + x0, end = y * width + x1; i < end; i += COLOUR_STRIDE_PX) {
      if (disparity[i] === NOTHING || disparity[i]! > limit) continue;
      r += colours[i]! & 255;
      g += (colours[i]! >>> 8) & 255;
      b += (colours[i]! >>> 16) & 255;
      count++;
    }
  }
  let best = farthest;
  let least = Infinity;
  for (let y = y0; y < y1; y += COLOUR_STRIDE_PX) {
    for (let i = y * width + x0, end = y * width + x1; i < end; i += COLOUR_STRIDE_PX) {
      if (disparity[i] === NOTHING || disparity[i]! > limit) continue;
      const off =
        ((colours[i]! & 255) - r / count) ** 2 +
        (((colours[i]! >>> 8) & 255) - g / count) ** 2 +
        (((colours[i]! >>> 16) & 255) - b / count) ** 2;
      if (off >= least) continue;
      least = off;
      best = i;
    }
  }
  return best;
}

/** Bilinear between the middles of the cells; a neighbour that is none counts as this one. */
function layCell(fallback: Fallback, c: number, { width, height, disparity }: Layer, perDisparity: Float32Array): void {
  const { last, columns, rows, least, colour, grown } = fallback;
  const own = least[c]!;
  if (own === NOTHING) return;
  const cx = c % columns;
  const cy = Math.floor(c / columns);
  const at = (x: number, y: number) => {
    const d = x < 0 || y < 0 || x >= columns || y >= rows ? NOTHING : least[y * columns + x]!;
    return d === NOTHING ? own : d;
  };
  for (let half = 0; half < 4; half++) {
    const sx = half & 1 ? 1 : -1;
    const sy = half & 2 ? 1 : -1;
    const beside = at(cx + sx, cy);
    const below = at(cx, cy + sy);
    const across = at(cx + sx, cy + sy);
    for (let v = 0; v < CELL / 2; v++) {
      const y = cy * CELL + (sy > 0 ? CELL / 2 + v : CELL / 2 - 1 - v);
      const ty = (v + 0.5) / CELL;
      for (let u = 0; u < CELL / 2; u++) {
        const x = cx * CELL + (sx > 0 ? CELL / 2 + u : CELL / 2 - 1 - u);
        if (x >= width || y >= height) continue;
        const i = y * width + x;
        if (last.disparity[i] !== NOTHING) continue;
        const tx = (u + 0.5) / CELL;
        const d = (own * (1 - tx) + beside * tx) * (1 - ty) + (below * (1 - tx) + across * tx) * ty;
        if (disparity[i] === NOTHING || (disparity[i]! - d) * perDisparity[i]! < FALLBACK_BEHIND_PX) continue;
        last.disparity[i] = d;
        last.state[i] = 1;
        last.from[i] = colour[c]!;
        grown[fallback.count++] = i;
      }
    }
  }
}
