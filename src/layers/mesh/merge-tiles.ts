import type { Layer } from '../../core/index.ts';
import type { Corners } from './share-corners.ts';
import type { TileNodes } from './tile-nodes.ts';

/** Quads for a mesh: one over each soft node's tile, and larger ones over flat whole tiles. */
export interface Quads {
  count: number;
  /** Node of the quad's top left tile. */
  node: Int32Array;
  /** Tiles along each side. */
  span: Uint8Array;
  /** Indices into Corners.value, 4 a quad: left top, right top, left bottom, right bottom. */
  corners: Int32Array;
}

/** Tiles merged at most along each side; a power of two. */
const MAX_SPAN_TILES = 16;

/**
 * Replaces tiles without silhouettes by large quads where the surface is flat enough, and bends the
 * corners that then hang on a larger quad's side onto that side, so that no crack opens.
 * Changes `corners.value`. Soft nodes come last.
 */
export function mergeTiles(layer: Layer, nodes: TileNodes, corners: Corners, tolerance: number): Quads {
  const { columns, rows, size } = nodes.tiles;
  const { of, value } = corners;
  const whole = new Int32Array(columns * rows).fill(-1);
  for (let t = 0; t < whole.length; t++) {
    const n = nodes.first[t]!;
    if (nodes.first[t + 1]! > n && !nodes.soft[n]) whole[t] = n;
  }
  /** Index of the corner value at grid point (x, y) of a block of whole tiles. */
  const grid = (tx: number, ty: number, right: number, bottom: number): number => {
    const cx = tx < right ? tx : right - 1;
    const cy = ty < bottom ? ty : bottom - 1;
    return of[whole[cy * columns + cx]! * 4 + (tx - cx) + 2 * (ty - cy)]!;
  };
  const isFlat = (tx: number, ty: number, span: number): boolean => {
    const right = tx + span;
    const bottom = ty + span;
    // A tile cut off by the layer's end is smaller than the grid supposes.
    if (right * size > layer.width || bottom * size > layer.height) return false;
    for (let y = ty; y < bottom; y++) for (let x = tx; x < right; x++) if (whole[y * columns + x]! < 0) return false;
    const a = value[grid(tx, ty, right, bottom)]!;
    const b = value[grid(right, ty, right, bottom)]!;
    const c = value[grid(tx, bottom, right, bottom)]!;
    const d = value[grid(right, bottom, right, bottom)]!;
    for (let y = 0; y <= span; y++) {
      for (let x = 0; x <= span; x++) {
        const u = x / span;
        const v = y / span;
        // The quad's two triangles meet along right top – left bottom.
        const plane = u + v <= 1 ? a + u * (b - a) + v * (c - a) : d + (1 - u) * (c - d) + (1 - v) * (b - d);
        if (Math.abs(value[grid(tx + x, ty + y, right, bottom)]! - plane) > tolerance) return false;
      }
    }
    return true;
  };
  const quads: Quads = {
    count: 0,
    node: new Int32Array(nodes.count),
    span: new Uint8Array(nodes.count),
    corners: new Int32Array(nodes.count * 4),
  };
  const add = (node: number, span: number, a: number, b: number, c: number, d: number) => {
    const q = quads.count++;
    quads.node[q] = node;
    quads.span[q] = span;
    quads.corners[q * 4] = a;
    quads.corners[q * 4 + 1] = b;
    quads.corners[q * 4 + 2] = c;
    quads.corners[q * 4 + 3] = d;
  };
  const done = new Uint8Array(columns * rows);
  for (let span = MAX_SPAN_TILES; span > 1; span >>= 1) {
    for (let ty = 0; ty + span <= rows; ty += span) {
      for (let tx = 0; tx + span <= columns; tx += span) {
        const t = ty * columns + tx;
        if (whole[t]! < 0 || done[t] || !isFlat(tx, ty, span)) continue;
        const right = tx + span;
        const bottom = ty + span;
        for (let y = ty; y < bottom; y++) done.fill(1, y * columns + tx, y * columns + right);
        add(
          whole[t]!,
          span,
          grid(tx, ty, right, bottom),
          grid(right, ty, right, bottom),
          grid(tx, bottom, right, bottom),
          grid(right, bottom, right, bottom),
        );
      }
    }
  }
  const merged = quads.count;
  for (const soft of [0, 1]) {
    for (let n = 0; n < nodes.count; n++) {
      if (nodes.soft[n] !== soft || (!soft && done[nodes.tile[n]!])) continue;
      add(n, 1, of[n * 4]!, of[n * 4 + 1]!, of[n * 4 + 2]!, of[n * 4 + 3]!);
    }
  }
  // Larger quads come first: their sides are straight before smaller ones hang on to them.
  for (let q = 0; q < merged; q++) {
    const t = nodes.tile[quads.node[q]!]!;
    const span = quads.span[q]!;
    const tx = t % columns;
    const ty = Math.floor(t / columns);
    const right = tx + span;
    const bottom = ty + span;
    const a = value[quads.corners[q * 4]!]!;
    const b = value[quads.corners[q * 4 + 1]!]!;
    const c = value[quads.corners[q * 4 + 2]!]!;
    const d = value[quads.corners[q * 4 + 3]!]!;
    for (let k = 1; k < span; k++) {
      const s = k / span;
      value[grid(tx + k, ty, right, bottom)] = a * (1 - s) + b * s;
      value[grid(tx + k, bottom, right, bottom)] = c * (1 - s) + d * s;
      value[grid(tx, ty + k, right, bottom)] = a * (1 - s) + c * s;
      value[grid(right, ty + k, right, bottom)] = b * (1 - s) + d * s;
    }
  }
  return quads;
}
