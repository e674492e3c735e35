import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../core/index.ts';

/** Beyond all disparities: an open end of a surface's interval. */
const OPEN = 4;
/** Pixels round a tile that must be whole for its triangles to need no test. */
const GUARD_PX = 2;

/** What the tiles of one layer hold: a node is one surface in one tile. */
export interface TileNodes {
  count: number;
  /** Tiles a row. */
  columns: number;
  /** Tile of each node, row by row. */
  tile: Int32Array;
  /** Node of each layer pixel, −1 = none. */
  of: Int32Array;
  /** 1 = a silhouette is near: the node's triangles need the test by disparity. */
  soft: Uint8Array;
  /** Disparities between which a pixel belongs to the node. */
  low: Float32Array;
  high: Float32Array;
  /** Disparity at each corner (4 a node), from the node's own pixels, and how far it can be trusted. */
  corner: Float32Array;
  cornerWeight: Float32Array;
}

class NodeList {
  count = 0;
  tile: Int32Array;
  soft: Uint8Array;
  low: Float32Array;
  high: Float32Array;
  corner: Float32Array;
  cornerWeight: Float32Array;

  constructor(capacity: number) {
    this.tile = new Int32Array(capacity);
    this.soft = new Uint8Array(capacity);
    this.low = new Float32Array(capacity);
    this.high = new Float32Array(capacity);
    this.corner = new Float32Array(capacity * 4);
    this.cornerWeight = new Float32Array(capacity * 4);
  }

  add(tile: number, soft: boolean, low: number, high: number): number {
    if (this.count === this.tile.length) this.#double();
    const n = this.count++;
    this.tile[n] = tile;
    this.soft[n] = soft ? 1 : 0;
    this.low[n] = low;
    this.high[n] = high;
    return n;
  }

  #double(): void {
    const old = { ...this };
    const capacity = this.tile.length * 2;
    for (const key of ['tile', 'soft', 'low', 'high', 'corner', 'cornerWeight'] as const) {
      const from = old[key];
      const grown = new (from.constructor as new (n: number) => typeof from)(from.length * 2);
      grown.set(from as never);
      (this as Record<string, unknown>)[key] = grown;
    }
    if (this.tile.length !== capacity) throw new RangeError('node list did not grow');
  }
}

/** Finds the surfaces in each tile of `size × size` pixels. */
export function collectNodes(layer: Layer, size: number): TileNodes {
  const { width, height, disparity } = layer;
  const columns = Math.ceil(width / size);
  const rows = Math.ceil(height / size);
  const state = tileStates(layer, size, columns, rows);
  const of = new Int32Array(width * height).fill(-1);
  const list = new NodeList(columns * rows * 2);
  const scratch = new TileScratch(size);
  for (let ty = 0; ty < rows; ty++) {
    for (let tx = 0; tx < columns; tx++) {
      const t = ty * columns + tx;
      if (!(state[t]! & HAS_PIXELS)) continue;
      const x0 = tx * size;
      const y0 = ty * size;
      const x1 = Math.min(x0 + size, width);
      const y1 = Math.min(y0 + size, height);
      if (state[t]! & IS_SOFT) {
        scratch.split(layer, x0, y0, x1, y1, t, list, of);
        continue;
      }
      const n = list.add(t, false, -OPEN, OPEN);
      for (let y = y0; y < y1; y++) of.fill(n, y * width + x0, y * width + x1);
      for (let c = 0; c < 4; c++) {
        // Whole all around, so the mean of the four pixels that meet at the corner is the surface there.
        const cx = c & 1 ? x1 : x0;
        const cy = c & 2 ? y1 : y0;
        const xa = cx > 0 ? cx - 1 : cx;
        const xb = cx < width ? cx : cx - 1;
        const ya = cy > 0 ? cy - 1 : cy;
        const yb = cy < height ? cy : cy - 1;
        list.corner[n * 4 + c] =
          (disparity[ya * width + xa]! + disparity[ya * width + xb]! + disparity[yb * width + xa]! + disparity[yb * width + xb]!) / 4;
        list.cornerWeight[n * 4 + c] = 4;
      }
    }
  }
  return { count: list.count, columns, tile: list.tile, of, soft: list.soft, low: list.low, high: list.high, corner: list.corner, cornerWeight: list.cornerWeight };
}

const HAS_PIXELS = 1;
const IS_SOFT = 2;

/** Per tile: does it hold pixels, is a tear or an end of the layer within GUARD_PX. */
function tileStates(layer: Layer, size: number, columns: number, rows: number): Uint8Array {
  const { width, height, disparity, joins } = layer;
  const state = new Uint8Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const ty = Math.floor(y / size);
    const tyA = Math.max(0, Math.floor((y - GUARD_PX) / size));
    const tyB = Math.min(rows - 1, Math.floor((y + 1 + GUARD_PX) / size));
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const here = disparity[i] !== NOTHING;
      if (here) state[ty * columns + Math.floor(x / size)]! |= HAS_PIXELS;
      const whole = here && (x + 1 === width || joins[i]! & JOINED_RIGHT) && (y + 1 === height || joins[i]! & JOINED_DOWN);
      if (whole) continue;
      const txA = Math.max(0, Math.floor((x - GUARD_PX) / size));
      const txB = Math.min(columns - 1, Math.floor((x + 1 + GUARD_PX) / size));
      for (let ty2 = tyA; ty2 <= tyB; ty2++) for (let tx = txA; tx <= txB; tx++) state[ty2 * columns + tx]! |= IS_SOFT;
    }
  }
  return state;
}

/** Working memory for splitting one tile, with one pixel around it, into surfaces. */
class TileScratch {
  readonly #side: number;
  readonly #group: Int16Array;
  /** Per group: pixels, those inside the tile, sums for the plane, range. */
  readonly #n: Float64Array;
  readonly #inside: Float64Array;
  readonly #sums: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #merged: Int16Array;

  constructor(size: number) {
    this.#side = size + 2;
    const cells = this.#side * this.#side;
    this.#group = new Int16Array(cells);
    this.#n = new Float64Array(cells);
    this.#inside = new Float64Array(cells);
    this.#sums = new Float64Array(cells * 8);
    this.#low = new Float64Array(cells);
    this.#high = new Float64Array(cells);
    this.#merged = new Int16Array(cells);
  }

  split(layer: Layer, x0: number, y0: number, x1: number, y1: number, tile: number, list: NodeList, of: Int32Array): void {
    const { width, height, disparity } = layer;
    const xa = Math.max(0, x0 - 1);
    const ya = Math.max(0, y0 - 1);
    const xb = Math.min(width, x1 + 1);
    const yb = Math.min(height, y1 + 1);
    const groups = this.#findGroups(layer, xa, ya, xb, yb);
    for (let g = 0; g < groups; g++) {
      this.#n[g] = 0;
      this.#inside[g] = 0;
      this.#low[g] = Infinity;
      this.#high[g] = -Infinity;
      this.#merged[g] = g;
    }
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
    const kept = this.#order(groups);
    const nodeOf = new Map<number, number>();
    for (let k = 0; k < kept.length; k++) {
      const g = kept[k]!;
      if (this.#inside[g] === 0) continue;
      const low = k > 0 ? (this.#high[kept[k - 1]!]! + this.#low[g]!) / 2 : NOTHING / 2;
      const high = k + 1 < kept.length ? (this.#high[g]! + this.#low[kept[k + 1]!]!) / 2 : OPEN;
      nodeOf.set(g, list.add(tile, true, low, high));
    }
    this.#fit(layer, xa, ya, xb, yb, groups, nodeOf, x0, y0, x1, y1, list, of);
  }

  /** Pieces by joins within the window; −1 where the layer has nothing. */
  #findGroups(layer: Layer, xa: number, ya: number, xb: number, yb: number): number {
    const { width, disparity, joins } = layer;
    const side = this.#side;
    const group = this.#group;
    const parent = this.#merged;
    let count = 0;
    const find = (g: number): number => {
      while (parent[g] !== g) g = parent[g]!;
      return g;
    };
    for (let y = ya; y < yb; y++) {
      for (let x = xa; x < xb; x++) {
        const i = y * width + x;
        const c = (y - ya) * side + x - xa;
        if (disparity[i] === NOTHING) {
          group[c] = -1;
          continue;
        }
        let g = -1;
        if (x > xa && joins[i - 1]! & JOINED_RIGHT && group[c - 1]! >= 0) g = find(group[c - 1]!);
        if (y > ya && joins[i - width]! & JOINED_DOWN && group[c - side]! >= 0) {
          const up = find(group[c - side]!);
          if (g >= 0 && g !== up) parent[Math.max(g, up)] = Math.min(g, up);
          g = g >= 0 ? Math.min(g, up) : up;
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
    const number = new Int16Array(count).fill(-1);
    for (let y = ya; y < yb; y++) {
      for (let x = xa; x < xb; x++) {
        const c = (y - ya) * side + x - xa;
        if (group[c]! < 0) continue;
        const root = find(group[c]!);
        if (number[root]! < 0) number[root] = next++;
        group[c] = number[root]!;
      }
    }
    return next;
  }

  /** Groups by rising disparity; those whose ranges overlap count as one surface. */
  #order(groups: number): number[] {
    const sorted: number[] = [];
    for (let g = 0; g < groups; g++) sorted.push(g);
    sorted.sort((a, b) => this.#low[a]! - this.#low[b]!);
    const kept: number[] = [];
    for (const g of sorted) {
      const last = kept[kept.length - 1];
      if (last !== undefined && this.#low[g]! <= this.#high[last]!) {
        this.#merged[g] = last;
        this.#n[last]! += this.#n[g]!;
        this.#inside[last]! += this.#inside[g]!;
        this.#high[last] = Math.max(this.#high[last]!, this.#high[g]!);
      } else {
        kept.push(g);
      }
    }
    return kept;
  }

  /** A plane for each node (level where pixels are few), and from it the corners. */
  #fit(
    layer: Layer, xa: number, ya: number, xb: number, yb: number, groups: number, nodeOf: Map<number, number>,
    x0: number, y0: number, x1: number, y1: number, list: NodeList, of: Int32Array,
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
        sums[s]! += u; sums[s + 1]! += v; sums[s + 2]! += d;
        sums[s + 3]! += u * u; sums[s + 4]! += u * v; sums[s + 5]! += v * v;
        sums[s + 6]! += u * d; sums[s + 7]! += v * d;
        if (x >= x0 && x < x1 && y >= y0 && y < y1) of[i] = nodeOf.get(g) ?? -1;
      }
    }
    for (const [g, node] of nodeOf) {
      const n = this.#n[g]!;
      const s = g * 8;
      const mu = sums[s]! / n, mv = sums[s + 1]! / n, md = sums[s + 2]! / n;
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
        let d = md + gu * (u - mu) + gv * (v - mv);
        let weight = 0.05 * n;
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
        if (near > 0) {
          d = sum / near;
          weight = 10 * near;
        }
        list.corner[node * 4 + c] = d;
        list.cornerWeight[node * 4 + c] = weight;
      }
    }
  }
}
