import type { Layer } from '../core/index.ts';
import type { Corners } from './share-corners.ts';
import type { TileNodes } from './tile-nodes.ts';

/** A quad over `span × span` tiles; its top left tile is that of `node`. */
export interface Quad {
  node: number;
  span: number;
  /** Indices into Corners.value: left top, right top, left bottom, right bottom. */
  corners: [number, number, number, number];
}

/** Tiles merged at most along each side; a power of two. */
const MAX_SPAN = 8;

/**
 * Replaces tiles without silhouettes by large quads where the surface is flat enough, and bends the
 * corners that then hang on a larger quad's side onto that side, so that no crack opens.
 * Changes `corners.value`.
 */
export function mergeTiles(layer: Layer, nodes: TileNodes, corners: Corners, tile: number, tolerance: number): Quad[] {
  const columns = nodes.columns;
  const rows = Math.ceil(layer.height / tile);
  const whole = new Int32Array(columns * rows).fill(-1);
  for (let n = 0; n < nodes.count; n++) if (!nodes.soft[n]) whole[nodes.tile[n]!] = n;
  const { of, value } = corners;
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
    if (right * tile > layer.width || bottom * tile > layer.height) return false;
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
  const quads: Quad[] = [];
  const done = new Uint8Array(columns * rows);
  for (let span = MAX_SPAN; span > 1; span >>= 1) {
    for (let ty = 0; ty + span <= rows; ty += span) {
      for (let tx = 0; tx + span <= columns; tx += span) {
        if (done[ty * columns + tx] || !isFlat(tx, ty, span)) continue;
        const right = tx + span;
        const bottom = ty + span;
        for (let y = ty; y < bottom; y++) done.fill(1, y * columns + tx, y * columns + right);
        const at = [grid(tx, ty, right, bottom), grid(right, ty, right, bottom), grid(tx, bottom, right, bottom), grid(right, bottom, right, bottom)] as const;
        quads.push({ node: whole[ty * columns + tx]!, span, corners: [...at] });
      }
    }
  }
  for (let n = 0; n < nodes.count; n++) {
    if (!nodes.soft[n] && done[nodes.tile[n]!]) continue;
    quads.push({ node: n, span: 1, corners: [of[n * 4]!, of[n * 4 + 1]!, of[n * 4 + 2]!, of[n * 4 + 3]!] });
  }
  // Larger quads come first: their sides are straight before smaller ones hang on to them.
  for (const { node, span, corners: [a, b, c, d] } of quads) {
    if (span === 1) break;
    const tx = nodes.tile[node]! % columns;
    const ty = Math.floor(nodes.tile[node]! / columns);
    const right = tx + span;
    const bottom = ty + span;
    for (let k = 1; k < span; k++) {
      const t = k / span;
      value[grid(tx + k, ty, right, bottom)] = value[a]! * (1 - t) + value[b]! * t;
      value[grid(tx + k, bottom, right, bottom)] = value[c]! * (1 - t) + value[d]! * t;
      value[grid(tx, ty + k, right, bottom)] = value[a]! * (1 - t) + value[c]! * t;
      value[grid(right, ty + k, right, bottom)] = value[b]! * (1 - t) + value[d]! * t;
    }
  }
  return quads;
}
