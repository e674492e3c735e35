import { JOINED_DOWN, JOINED_RIGHT, type Layer } from '../core/index.ts';
import type { TileNodes } from './tile-nodes.ts';

/** Disparities at tile corners; corners where a surface runs on into the next tile are one. */
export interface Corners {
  /** Index into `value` of each corner of each node (4 a node: left top, right top, left bottom, right bottom). */
  of: Int32Array;
  value: Float32Array;
}

/** Index of a quad's corner. */
const LEFT_TOP = 0, RIGHT_TOP = 1, LEFT_BOTTOM = 2, RIGHT_BOTTOM = 3;

/** Unites the corners of nodes that are joined across a tile's border and averages what each knows of them. */
export function shareCorners(layer: Layer, nodes: TileNodes, tile: number): Corners {
  const { width, height, joins } = layer;
  const parent = new Int32Array(nodes.count * 4);
  for (let i = 0; i < parent.length; i++) parent[i] = i;
  const find = (i: number): number => {
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]!]!;
      i = parent[i]!;
    }
    return i;
  };
  const unite = (a: number, b: number) => {
    const ra = find(a);
    const rb = find(b);
    if (ra !== rb) parent[Math.max(ra, rb)] = Math.min(ra, rb);
  };
  let lastA = -1;
  let lastB = -1;
  /** Both ends of the border between nodes a and b are common. */
  const link = (a: number, b: number, a0: number, a1: number, b0: number, b1: number) => {
    if (a < 0 || b < 0 || (a === lastA && b === lastB)) return;
    lastA = a;
    lastB = b;
    unite(a * 4 + a0, b * 4 + b0);
    unite(a * 4 + a1, b * 4 + b1);
  };
  for (let y = 0; y < height; y++) {
    for (let x = tile; x < width; x += tile) {
      const i = y * width + x;
      if (joins[i - 1]! & JOINED_RIGHT) link(nodes.of[i - 1]!, nodes.of[i]!, RIGHT_TOP, RIGHT_BOTTOM, LEFT_TOP, LEFT_BOTTOM);
    }
  }
  for (let y = tile; y < height; y += tile) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (joins[i - width]! & JOINED_DOWN) link(nodes.of[i - width]!, nodes.of[i]!, LEFT_BOTTOM, RIGHT_BOTTOM, LEFT_TOP, RIGHT_TOP);
    }
  }
  const value = new Float32Array(parent.length);
  const weight = new Float32Array(parent.length);
  const of = parent;
  for (let i = 0; i < parent.length; i++) {
    const root = find(i);
    of[i] = root;
    value[root]! += nodes.corner[i]! * nodes.cornerWeight[i]!;
    weight[root]! += nodes.cornerWeight[i]!;
  }
  for (let i = 0; i < parent.length; i++) if (weight[i]! > 0) value[i]! /= weight[i]!;
  return { of, value };
}
