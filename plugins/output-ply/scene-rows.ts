import { JOINED_DOWN, JOINED_RIGHT, inverseDepth } from 'unflat/plugin';
import type { Layer, Scene } from 'unflat/plugin';
import { hasVertex } from '../shared/has-vertex.ts';
import { Seams } from './seams.ts';

/** Where the far end is at infinity, the sky is this many times as far as the nearest thing. */
const MOST_DISTANT = 1000;

/**
 * All layers of a scene read as vertices and triangles, row after row, so that files of any size
 * are written with two rows in memory.
 *
 * A vertex a pixel, except that a hidden layer repeats a few pixels of the surface it goes on
 * from: those are one vertex, so that surfaces run on behind what covers them, and no triangle
 * comes twice. After them all come the extra vertices of seams.
 *
 * Positions are in the photo's camera: x right, y up, z = the camera's − distance, scene units. Programs that
 * look along −z with y up (MeshLab, CloudCompare, three.js) show the photo upright.
 */
export class SceneRows {
  readonly rows: number;
  readonly columns: number;
  readonly layers: readonly Layer[];
  readonly #scene: Scene;
  readonly #cameraZ: number;
  /** Photo pixel of the first row and column. */
  readonly #x0: number;
  readonly #y0: number;
  /** Vertex numbers of a row, layer after layer; −1 where there is none. */
  #above: Int32Array;
  #below: Int32Array;
  /** A layer each. */
  readonly #seams: readonly Seams[];
  #nextExtra = 0;

  /**
   * @param margin whether the pixels outside the photo take part.
   * @param cameraZ where the photo's camera is.
   */
  constructor(scene: Scene, margin: boolean, cameraZ: number) {
    this.#cameraZ = cameraZ;
    const { layers, width, height } = scene;
    const most = (value: (layer: Layer) => number): number => (margin ? Math.max(0, ...layers.map(value)) : 0);
    this.#scene = scene;
    this.layers = layers;
    this.#x0 = this.#y0 = -most((layer) => layer.margin);
    this.columns =
      Math.max(
        width,
        most((layer) => layer.width - layer.margin),
      ) - this.#x0;
    this.rows =
      Math.max(
        height,
        most((layer) => layer.height - layer.margin),
      ) - this.#y0;
    this.#above = new Int32Array(this.columns * layers.length);
    this.#below = new Int32Array(this.columns * layers.length);
    this.#seams = layers.map((layer) => new Seams(layer, this.columns, this.rows, this.#x0, this.#y0, Math.max(width, height)));
  }

  /** Vertices of one row at most. */
  get mostVertices(): number {
    return this.columns * 8 * this.layers.length;
  }

  /** Triangles between two rows at most. */
  get mostTriangles(): number {
    return this.columns * 8 * this.layers.length;
  }

  /**
   * Reads the vertices of row `y`, layer by layer from the left: 3 numbers each into `positions`,
   * red, green, blue, alpha into `colours`.
   * @returns how many there are.
   */
  readVertices(y: number, positions: Float32Array, colours: Uint8ClampedArray): number {
    this.#number(y, 0);
    let count = 0;
    let at = 0;
    for (const layer of this.layers) {
      for (let x = 0; x < this.columns; x++, at++) {
        if (this.#below[at] !== count) continue;
        this.#place(layer, x, y, 0, 0, count++, positions, colours);
      }
    }
    return count;
  }

  /** Starts reading the extra vertices from the top. */
  startExtras(): void {
    for (const seams of this.#seams) seams.start();
  }

  /** Reads the extra vertices of row `y` and of those below it as `readVertices` does; rows must come in order. */
  readExtras(y: number, positions: Float32Array, colours: Uint8ClampedArray): number {
    let count = 0;
    for (const [k, layer] of this.layers.entries())
      this.#seams[k]!.advance(y, 0, (px, py, dx, dy) => this.#place(layer, px, py, dx, dy, count++, positions, colours));
    return count;
  }

  /** Puts down vertex `n`: pixel (x, y) of a layer, moved by (dx, dy) pixels on the picture at its own depth. */
  #place(layer: Layer, x: number, y: number, dx: number, dy: number, n: number, positions: Float32Array, colours: Uint8ClampedArray): void {
    const { lens, width, height } = this.#scene;
    const longer = Math.max(width, height);
    const i = this.#pixel(layer, x, y);
    const distance = 1 / Math.max(inverseDepth(lens, layer.disparity[i]!), 1 / Math.min(lens.far, MOST_DISTANT * lens.near));
    positions[3 * n] = (((this.#x0 + x + 0.5 + dx) / longer - lens.cx) / lens.fx) * distance;
    positions[3 * n + 1] = (-((this.#y0 + y + 0.5 + dy) / longer - lens.cy) / lens.fy) * distance;
    positions[3 * n + 2] = this.#cameraZ - distance;
    colours[4 * n] = layer.rgba[4 * i]!;
    colours[4 * n + 1] = layer.rgba[4 * i + 1]!;
    colours[4 * n + 2] = layer.rgba[4 * i + 2]!;
    colours[4 * n + 3] = layer.rgba[4 * i + 3]!;
  }

  /**
   * Starts reading triangles from the top.
   * @param firstExtra number of the first extra vertex.
   * @returns the number after those of row 0's vertices.
   */
  startTriangles(firstExtra: number): number {
    this.startExtras();
    this.#nextExtra = this.#advance(0, firstExtra);
    return this.#number(0, 0);
  }

  /** The number after the last extra vertex, when all triangles have been read. */
  get nextExtra(): number {
    return this.#nextExtra;
  }

  /**
   * Reads the triangles between rows `y` and `y + 1`, counter-clockwise seen from the camera:
   * three vertex numbers each into `indices`.
   * @param next number of row `y + 1`'s first vertex.
   * @returns how many triangles there are, and the number after those of row `y + 1`'s vertices.
   */
  readTriangles(y: number, next: number, indices: Uint32Array): { count: number; next: number } {
    [this.#above, this.#below] = [this.#below, this.#above];
    const after = this.#number(y + 1, next);
    this.#nextExtra = this.#advance(y + 1, this.#nextExtra);
    let end = 0;
    const emit = (a: number, b: number, c: number): void => void (end = push(indices, end, end, a, b, c));
    for (let x = 0; x + 1 < this.columns; x++) {
      const cell = end;
      for (let k = 0, at = x; k < this.layers.length; k++, at += this.columns) {
        if (this.#seams[k]!.isOpen(x))
          this.#seams[k]!.readCell(x, [this.#above[at]!, this.#below[at]!, this.#below[at + 1]!, this.#above[at + 1]!], emit);
        else end = this.#readCell(k, x, y, indices, cell, end);
      }
    }
    return { count: end / 3, next: after };
  }

  #advance(y: number, first: number): number {
    let next = first;
    for (const seams of this.#seams) next = seams.advance(y, next);
    return next;
  }

  /** Triangles of layer `k` between pixel (x, y) and its right and lower neighbours; `cell` is where those of the layers before begin. */
  #readCell(k: number, x: number, y: number, indices: Uint32Array, cell: number, end: number): number {
    const at = k * this.columns + x;
    const a = this.#above[at]!;
    const b = this.#above[at + 1]!;
    const c = this.#below[at]!;
    const d = this.#below[at + 1]!;
    // Two missing corners leave no triangle.
    if ((a < 0 ? 1 : 0) + (b < 0 ? 1 : 0) + (c < 0 ? 1 : 0) + (d < 0 ? 1 : 0) > 1) return end;
    const layer = this.layers[k]!;
    const { joins, disparity, width } = layer;
    const i = this.#pixel(layer, x, y);
    const ab = a >= 0 && b >= 0 && (joins[i]! & JOINED_RIGHT) !== 0;
    const ac = a >= 0 && c >= 0 && (joins[i]! & JOINED_DOWN) !== 0;
    const bd = b >= 0 && d >= 0 && (joins[i + 1]! & JOINED_DOWN) !== 0;
    const cd = c >= 0 && d >= 0 && (joins[i + width]! & JOINED_RIGHT) !== 0;
    // The diagonal with the smaller step follows slanted edges.
    const falling = Math.abs(disparity[i]! - disparity[i + width + 1]!);
    const rising = Math.abs(disparity[i + 1]! - disparity[i + width]!);
    if (ab && ac && bd && cd) {
      // Where the layer goes on from another one, that one has chosen.
      const chosen = end === cell ? 0 : diagonalOf(indices, cell, end, a, b, c, d);
      if (chosen < 0 || (chosen === 0 && falling < rising)) return push(indices, cell, push(indices, cell, end, a, c, d), a, d, b);
      return push(indices, cell, push(indices, cell, end, a, c, b), b, c, d);
    }
    // A corner whose two sides are joined closes the silhouette with one triangle; where a tear
    // ends (three sides) the one with the smaller step, as two would overlap.
    if (ab && ac && !(bd && falling < rising) && !(cd && falling < rising)) return push(indices, cell, end, a, c, b);
    if (bd && cd && !(ab && falling < rising) && !(ac && falling < rising)) return push(indices, cell, end, b, c, d);
    if (ac && cd) return push(indices, cell, end, a, c, d);
    if (ab && bd) return push(indices, cell, end, a, d, b);
    return end;
  }

  /** Numbers the vertices of row `y` in `#below` from `first` on. @returns the number after the last. */
  #number(y: number, first: number): number {
    const { columns, layers } = this;
    const numbers = this.#below;
    let next = first;
    for (let k = 0; k < layers.length; k++) {
      const layer = layers[k]!;
      const row = this.#y0 + y + layer.margin;
      const from = -this.#x0 - layer.margin;
      const inside = row >= 0 && row < layer.height;
      for (let x = 0; x < columns; x++) {
        const at = k * columns + x;
        const u = x - from;
        numbers[at] = -1;
        if (!inside || u < 0 || u >= layer.width) continue;
        const i = row * layer.width + u;
        if (!hasVertex(layer, i)) continue;
        numbers[at] = k === 0 ? next++ : this.#sameAs(k, i, x, y);
        if (numbers[at] < 0) numbers[at] = next++;
      }
    }
    return next;
  }

  /** The vertex of an earlier layer that pixel `i` of layer `k` repeats, or −1. */
  #sameAs(k: number, i: number, x: number, y: number): number {
    const layer = this.layers[k]!;
    for (let j = 0; j < k; j++) {
      const number = this.#below[j * this.columns + x]!;
      if (number < 0) continue;
      const other = this.layers[j]!;
      const o = this.#pixel(other, x, y);
      if (other.disparity[o] !== layer.disparity[i]) continue;
      const [p, q] = [other.rgba, layer.rgba];
      if (p[4 * o] === q[4 * i] && p[4 * o + 1] === q[4 * i + 1] && p[4 * o + 2] === q[4 * i + 2] && p[4 * o + 3] === q[4 * i + 3])
        return number;
    }
    return -1;
  }

  /** Index of the layer's pixel at column `x` of row `y`. */
  #pixel(layer: Layer, x: number, y: number): number {
    return (this.#y0 + y + layer.margin) * layer.width + this.#x0 + x + layer.margin;
  }
}

/** Appends a triangle unless it is among those from `cell` on. @returns the new end. */
function push(indices: Uint32Array, cell: number, end: number, a: number, b: number, c: number): number {
  if (holds(indices, cell, end, a, b, c)) return end;
  indices[end] = a;
  indices[end + 1] = b;
  indices[end + 2] = c;
  return end + 3;
}

/** Whether triangle (a, b, c) is there; those of one cell that begin elsewhere have other corners. */
function holds(indices: Uint32Array, cell: number, end: number, a: number, b: number, c: number): boolean {
  for (let t = cell; t < end; t += 3) {
    const [p, q, r] = [indices[t]!, indices[t + 1]!, indices[t + 2]!];
    if ((p === a || q === a || r === a) && (p === b || q === b || r === b) && (p === c || q === c || r === c)) return true;
  }
  return false;
}

/** Which diagonal of quad a b / c d the triangles from `cell` on have: 1 = b–c, −1 = a–d, 0 = they have none of its triangles. */
function diagonalOf(indices: Uint32Array, cell: number, end: number, a: number, b: number, c: number, d: number): number {
  if (holds(indices, cell, end, a, c, b) || holds(indices, cell, end, b, c, d)) return 1;
  return holds(indices, cell, end, a, c, d) || holds(indices, cell, end, a, d, b) ? -1 : 0;
}
