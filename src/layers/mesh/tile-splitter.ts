import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../../core/index.ts';
import { rootOf } from '../../grid/index.ts';
import type { SewnLayer, TileNodes } from './tile-nodes.ts';

/** Beyond all disparities: the open end of a surface's interval. */
const OPEN = 4;

/** Working memory for splitting one tile, with one pixel around it, into surfaces. */
export class TileSplitter {
  readonly #side: number;
  /** Group of each pixel of the window, −1 = none. */
  readonly #group: Int16Array;
  readonly #parent: Int32Array;
  readonly #number: Int16Array;
  /** Per group: the group it is merged into, its pixels, those inside the tile, range, sums for the plane, node + 1. */
  readonly #merged: Int16Array;
  readonly #n: Float64Array;
  readonly #inside: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #sums: Float64Array;
  readonly #node: Int32Array;
  /** Groups that stay, by rising disparity. */
  readonly #kept: Int16Array;

  constructor(size: number) {
    this.#side = size + 2;
    const cells = this.#side * this.#side;
    this.#group = new Int16Array(cells);
    this.#parent = new Int32Array(cells);
    this.#number = new Int16Array(cells);
    this.#merged = new Int16Array(cells);
    this.#n = new Float64Array(cells);
    this.#inside = new Float64Array(cells);
    this.#low = new Float64Array(cells);
    this.#high = new Float64Array(cells);
    this.#sums = new Float64Array(cells * 8);
    this.#node = new Int32Array(cells);
    this.#kept = new Int16Array(cells);
  }

  /** Adds a node to `nodes` for each surface of the tile [x0, x1) × [y0, y1), and one that joins them all where the layer is sewn. */
  split(layer: SewnLayer, x0: number, y0: number, x1: number, y1: number, tile: number, nodes: TileNodes): void {
    const { width, height, disparity } = layer;
    const xa = Math.max(0, x0 - 1);
    const ya = Math.max(0, y0 - 1);
    const xb = Math.min(width, x1 + 1);
    const yb = Math.min(height, y1 + 1);
    const groups = this.#findGroups(layer, xa, ya, xb, yb);
    this.#n.fill(0, 0, groups);
    this.#inside.fill(0, 0, groups);
    this.#low.fill(Infinity, 0, groups);
    this.#high.fill(-Infinity, 0, groups);
    for (let y = ya; y < yb; y++) {
      for (let x = xa; x < xb; x++) {
        const g = this.#group[(y - ya) * this.#side + x - xa]!;
        if (g < 0) continue;
        const d = disparity[y * width + x]!;
        this.#n[g]!++;
        if (x >= x0 && x < x1 && y >= y0 && y < y1) this.#inside[g]!++;
        if (d < this.#low[g]!) this.#low[g] = d;
        if (d > this.#high[g]!) this.#high[g] = d;
      }
    }
    const kept = this.#merge(groups);
    for (let k = 0; k < kept; k++) {
      const g = this.#kept[k]!;
      this.#node[g] = 0;
      if (this.#inside[g] === 0) continue;
      const low = k > 0 ? (this.#high[this.#kept[k - 1]!]! + this.#low[g]!) / 2 : NOTHING / 2;
      const high = k + 1 < kept ? (this.#high[g]! + this.#low[this.#kept[k + 1]!]!) / 2 : OPEN;
      this.#node[g] = nodes.add(tile, true, low, high) + 1;
    }
    this.#fit(layer, xa, ya, xb, yb, x0, y0, x1, y1, groups, kept, nodes);
    if (layer.isSewn && kept > 1) sew(layer, [x0, x1], [y0, y1], tile, nodes);
  }

  /** Pieces by joins within the window; returns how many. */
  #findGroups(layer: Layer, xa: number, ya: number, xb: number, yb: number): number {
    const { width, disparity, joins } = layer;
    const side = this.#side;
    const group = this.#group;
    const parent = this.#parent;
    let count = 0;
    for (let y = ya; y < yb; y++) {
      for (let x = xa; x < xb; x++) {
        const i = y * width + x;
        const c = (y - ya) * side + x - xa;
        if (disparity[i] === NOTHING) {
          group[c] = -1;
          continue;
        }
        let g = -1;
        if (x > xa && joins[i - 1]! & JOINED_RIGHT && group[c - 1]! >= 0) {
          g = rootOf(parent, group[c - 1]!);
        }
        if (y > ya && joins[i - width]! & JOINED_DOWN && group[c - side]! >= 0) {
          const up = rootOf(parent, group[c - side]!);
          if (g < 0) g = up;
          else if (g < up) parent[up] = g;
          else if (up < g) {
            parent[g] = up;
            g = up;
          }
        }
        if (g < 0) {
          g = count++;
          parent[g] = g;
        }
        group[c] = g;
      }
    }
    // Roots get consecutive numbers.
    let next = 0;
    this.#number.fill(-1, 0, count);
    for (let y = ya; y < yb; y++) {
      for (let c = (y - ya) * side, end = c + xb - xa; c < end; c++) {
        if (group[c]! < 0) continue;
        const g = rootOf(parent, group[c]!);
        if (this.#number[g]! < 0) this.#number[g] = next++;
        group[c] = this.#number[g]!;
      }
    }
    return next;
  }

  /** Orders groups by rising disparity and counts those whose ranges overlap as one; returns how many stay. */
  #merge(groups: number): number {
    const sorted = this.#number;
    for (let g = 0; g < groups; g++) {
      let k = g;
      while (k > 0 && this.#low[sorted[k - 1]!]! > this.#low[g]!) {
        sorted[k] = sorted[k - 1]!;
        k--;
      }
      sorted[k] = g;
    }
    let kept = 0;
    for (let k = 0; k < groups; k++) {
      const g = sorted[k]!;
      const last = kept > 0 ? this.#kept[kept - 1]! : -1;
      if (last >= 0 && this.#low[g]! <= this.#high[last]!) {
        this.#merged[g] = last;
        this.#n[last]! += this.#n[g]!;
        this.#inside[last]! += this.#inside[g]!;
        if (this.#high[g]! > this.#high[last]!) this.#high[last] = this.#high[g]!;
      } else {
        this.#merged[g] = g;
        this.#kept[kept++] = g;
      }
    }
    return kept;
  }

  /** A plane for each node (level where pixels are few), and from it the corners. */
  #fit(
    layer: Layer,
    xa: number,
    ya: number,
    xb: number,
    yb: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    groups: number,
    kept: number,
    nodes: TileNodes,
  ): void {
    const { width, disparity } = layer;
    const sums = this.#sums;
    sums.fill(0, 0, groups * 8);
    for (let y = ya; y < yb; y++) {
      for (let x = xa; x < xb; x++) {
        const piece = this.#group[(y - ya) * this.#side + x - xa]!;
        if (piece < 0) continue;
        const g = this.#merged[piece]!;
        const i = y * width + x;
        const u = x + 0.5 - x0;
        const v = y + 0.5 - y0;
        const d = disparity[i]!;
        const s = g * 8;
        sums[s]! += u;
        sums[s + 1]! += v;
        sums[s + 2]! += d;
        sums[s + 3]! += u * u;
        sums[s + 4]! += u * v;
        sums[s + 5]! += v * v;
        sums[s + 6]! += u * d;
        sums[s + 7]! += v * d;
        if (x >= x0 && x < x1 && y >= y0 && y < y1) nodes.of[i] = this.#node[g]!;
      }
    }
    for (let k = 0; k < kept; k++) {
      const g = this.#kept[k]!;
      const node = this.#node[g]! - 1;
      if (node < 0) continue;
      const n = this.#n[g]!;
      const s = g * 8;
      const mu = sums[s]! / n,
        mv = sums[s + 1]! / n,
        md = sums[s + 2]! / n;
      const ridge = 2;
      const cuu = sums[s + 3]! - n * mu * mu + ridge;
      const cvv = sums[s + 5]! - n * mv * mv + ridge;
      const cuv = sums[s + 4]! - n * mu * mv;
      const cud = sums[s + 6]! - mu * sums[s + 2]!;
      const cvd = sums[s + 7]! - mv * sums[s + 2]!;
      const det = cuu * cvv - cuv * cuv;
      const gu = (cud * cvv - cvd * cuv) / det;
      const gv = (cvd * cuu - cud * cuv) / det;
      for (let c = 0; c < 4; c++) {
        const u = c & 1 ? x1 - x0 : 0;
        const v = c & 2 ? y1 - y0 : 0;
        // The node's own pixels at the corner know better than the plane.
        let near = 0;
        let sum = 0;
        for (let q = 0; q < 4; q++) {
          const x = x0 + u - 1 + (q & 1);
          const y = y0 + v - 1 + (q >> 1);
          if (x < xa || x >= xb || y < ya || y >= yb) continue;
          const piece = this.#group[(y - ya) * this.#side + x - xa]!;
          if (piece < 0 || this.#merged[piece] !== g) continue;
          sum += disparity[y * width + x]! - gu * (x + 0.5 - x0 - u) - gv * (y + 0.5 - y0 - v);
          near++;
        }
        nodes.corner[node * 4 + c] = near > 0 ? sum / near : md + gu * (u - mu) + gv * (v - mv);
        nodes.cornerWeight[node * 4 + c] = near > 0 ? 10 * near : 0.05 * n;
      }
    }
  }
}

/** All of a tile as one surface, through the farthest of the pixels that meet at each of its corners. */
function sew(
  { width, height, disparity }: Layer,
  across: readonly [number, number],
  down: readonly [number, number],
  tile: number,
  nodes: TileNodes,
): void {
  const node = nodes.add(tile, true, NOTHING / 2, OPEN);
  const farthest = (xa: number, xb: number, ya: number, yb: number): number => {
    let least = Infinity;
    for (let y = Math.max(0, ya); y < Math.min(height, yb); y++) {
      for (let x = Math.max(0, xa); x < Math.min(width, xb); x++) {
        const d = disparity[y * width + x]!;
        if (d !== NOTHING && d < least) least = d;
      }
    }
    return least;
  };
  const all = farthest(...across, ...down);
  for (let c = 0; c < 4; c++) {
    const x = across[c & 1]!;
    const y = down[c >> 1]!;
    const least = farthest(x - 1, x + 1, y - 1, y + 1);
    nodes.corner[node * 4 + c] = least < Infinity ? least : all;
    nodes.cornerWeight[node * 4 + c] = 1;
  }
}
