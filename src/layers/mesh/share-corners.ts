import { JOINED_DOWN, JOINED_RIGHT, type Layer } from '../../core/index.ts';
import { rootOf, singletons } from '../../grid/index.ts';
import type { TileNodes } from './tile-nodes.ts';

/** Disparities at tile corners; corners where a surface runs on into the next tile are one. */
export interface Corners {
  /** Index into `value` of each corner of each node (4 a node: left top, right top, left bottom, right bottom). */
  of: Int32Array;
  value: Float32Array;
}

/** Index of a quad's corner. */
const LEFT_TOP = 0,
  RIGHT_TOP = 1,
  LEFT_BOTTOM = 2,
  RIGHT_BOTTOM = 3;

/** Unites the corners of nodes that are joined across a tile's border and averages what each knows of them. */
export function shareCorners(layer: Layer, nodes: TileNodes): Corners {
  const { width, height, joins } = layer;
  const { size, columns, rows } = nodes.tiles;
  // Whole tiles meet at the grid's points: those come first. Corners of soft nodes follow.
  const points = (columns + 1) * (rows + 1);
  const parent = singletons(points + nodes.count * 4);
  const unite = (a: number, b: number) => {
    const ra = rootOf(parent, a);
    const rb = rootOf(parent, b);
    if (ra < rb) parent[rb] = ra;
    else if (rb < ra) parent[ra] = rb;
  };
  const cornerId = (node: number, c: number): number => {
    if (nodes.soft[node]) return points + node * 4 + c;
    const t = nodes.tile[node]!;
    return (Math.floor(t / columns) + (c >> 1)) * (columns + 1) + (t % columns) + (c & 1);
  };
  const nodeAt = (i: number, tile: number): number => {
    const n = nodes.of[i]!;
    if (n > 0) return n - 1;
    const first = nodes.first[tile]!;
    return nodes.first[tile + 1]! > first && !nodes.soft[first] ? first : -1;
  };
  for (let ty = 0; ty < rows; ty++) {
    for (let tx = 0; tx < columns; tx++) {
      const t = ty * columns + tx;
      const first = nodes.first[t]!;
      const soft = nodes.first[t + 1]! > first && nodes.soft[first] === 1;
      const x0 = tx * size;
      const y0 = ty * size;
      if (tx > 0 && (soft || isSoft(nodes, t - 1))) {
        let lastA = -1;
        let lastB = -1;
        for (let y = y0, end = Math.min(y0 + size, height); y < end; y++) {
          const i = y * width + x0;
          if (!(joins[i - 1]! & JOINED_RIGHT)) continue;
          const a = nodeAt(i - 1, t - 1);
          const b = nodeAt(i, t);
          if (a < 0 || b < 0 || (a === lastA && b === lastB)) continue;
          lastA = a;
          lastB = b;
          unite(cornerId(a, RIGHT_TOP), cornerId(b, LEFT_TOP));
          unite(cornerId(a, RIGHT_BOTTOM), cornerId(b, LEFT_BOTTOM));
        }
      }
      if (ty > 0 && (soft || isSoft(nodes, t - columns))) {
        let lastA = -1;
        let lastB = -1;
        for (let x = x0, end = Math.min(x0 + size, width); x < end; x++) {
          const i = y0 * width + x;
          if (!(joins[i - width]! & JOINED_DOWN)) continue;
          const a = nodeAt(i - width, t - columns);
          const b = nodeAt(i, t);
          if (a < 0 || b < 0 || (a === lastA && b === lastB)) continue;
          lastA = a;
          lastB = b;
          unite(cornerId(a, LEFT_BOTTOM), cornerId(b, LEFT_TOP));
          unite(cornerId(a, RIGHT_BOTTOM), cornerId(b, RIGHT_TOP));
        }
      }
    }
  }
  const value = new Float32Array(parent.length);
  const weight = new Float32Array(parent.length);
  const of = new Int32Array(nodes.count * 4);
  for (let n = 0; n < nodes.count; n++) {
    for (let c = 0; c < 4; c++) {
      const root = rootOf(parent, cornerId(n, c));
      const k = n * 4 + c;
      of[k] = root;
      value[root]! += nodes.corner[k]! * nodes.cornerWeight[k]!;
      weight[root]! += nodes.cornerWeight[k]!;
    }
  }
  for (let i = 0; i < value.length; i++) if (weight[i]! > 0) value[i]! /= weight[i]!;
  return { of, value };
}

function isSoft(nodes: TileNodes, tile: number): boolean {
  const first = nodes.first[tile]!;
  return nodes.first[tile + 1]! > first && nodes.soft[first] === 1;
}
