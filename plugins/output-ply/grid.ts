import { JOINED_DOWN, JOINED_RIGHT, inverseDepth } from 'unflat/plugin';
import type { Layer, Scene } from 'unflat/plugin';

/** Where the far end is at infinity, the sky is this many times as far as the nearest thing. */
const MOST_DISTANT = 1000;

/**
 * One layer read as vertices (a pixel each) and triangles, row after row, so that files of any
 * size are written with two rows in memory.
 *
 * Positions are in the photo's camera: x right, y up, z = −distance, scene units. Programs that
 * look along −z with y up (MeshLab, CloudCompare, three.js) show the photo upright.
 */
export class LayerGrid {
  readonly rows: number;
  readonly columns: number;
  readonly #layer: Layer;
  readonly #scene: Scene;
  readonly #x0: number;
  readonly #y0: number;
  readonly #longer: number;
  readonly #leastInverse: number;
  #above: Int32Array;
  #below: Int32Array;

  /** @param margin whether the pixels outside the photo take part. */
  constructor(scene: Scene, layer: Layer, margin: boolean) {
    const skipped = margin ? 0 : layer.margin;
    this.#scene = scene;
    this.#layer = layer;
    this.#x0 = skipped;
    this.#y0 = skipped;
    this.columns = Math.max(0, layer.width - 2 * skipped);
    this.rows = Math.max(0, layer.height - 2 * skipped);
    this.#longer = Math.max(scene.width, scene.height);
    this.#leastInverse = 1 / Math.min(scene.lens.far, MOST_DISTANT * scene.lens.near);
    this.#above = new Int32Array(this.columns);
    this.#below = new Int32Array(this.columns);
  }

  /**
   * Reads the vertices of row `y` from the left: 3 numbers each into `positions`,
   * red, green, blue, alpha into `colours`.
   * @returns how many there are.
   */
  readVertices(y: number, positions: Float32Array, colours: Uint8ClampedArray): number {
    const { rgba, disparity, width, margin } = this.#layer;
    const { lens } = this.#scene;
    const v = this.#y0 + y;
    const slopeY = -((v + 0.5 - margin) / this.#longer - lens.cy) / lens.fy;
    let count = 0;
    for (let x = 0; x < this.columns; x++) {
      const u = this.#x0 + x;
      const i = v * width + u;
      const d = disparity[i]!;
      if (rgba[4 * i + 3] === 0 || !Number.isFinite(d)) continue;
      const distance = 1 / Math.max(inverseDepth(lens, d), this.#leastInverse);
      positions[3 * count] = (((u + 0.5 - margin) / this.#longer - lens.cx) / lens.fx) * distance;
      positions[3 * count + 1] = slopeY * distance;
      positions[3 * count + 2] = -distance;
      colours[4 * count] = rgba[4 * i]!;
      colours[4 * count + 1] = rgba[4 * i + 1]!;
      colours[4 * count + 2] = rgba[4 * i + 2]!;
      colours[4 * count + 3] = rgba[4 * i + 3]!;
      count++;
    }
    return count;
  }

  /**
   * Starts reading triangles from the top.
   * @param first index of the layer's first vertex in the file.
   * @returns the index after those of row 0.
   */
  startTriangles(first: number): number {
    return this.#number(0, first);
  }

  /**
   * Reads the triangles between rows `y` and `y + 1`, counter-clockwise seen from the camera:
   * three vertex indices each into `indices`.
   * @param next index of row `y + 1`'s first vertex.
   * @returns how many triangles there are, and the index after those of row `y + 1`.
   */
  readTriangles(y: number, next: number, indices: Uint32Array): { count: number; next: number } {
    [this.#above, this.#below] = [this.#below, this.#above];
    const after = this.#number(y + 1, next);
    const { joins, disparity, width } = this.#layer;
    const above = this.#above;
    const below = this.#below;
    let at = 0;
    for (let x = 0; x + 1 < this.columns; x++) {
      const i = (this.#y0 + y) * width + this.#x0 + x;
      const a = above[x]!;
      const b = above[x + 1]!;
      const c = below[x]!;
      const d = below[x + 1]!;
      const here = joins[i]!;
      const ab = a >= 0 && b >= 0 && (here & JOINED_RIGHT) !== 0;
      const ac = a >= 0 && c >= 0 && (here & JOINED_DOWN) !== 0;
      const bd = b >= 0 && d >= 0 && (joins[i + 1]! & JOINED_DOWN) !== 0;
      const cd = c >= 0 && d >= 0 && (joins[i + width]! & JOINED_RIGHT) !== 0;
      const sides = (ab ? 1 : 0) + (ac ? 1 : 0) + (bd ? 1 : 0) + (cd ? 1 : 0);
      if (sides < 2) continue;
      // The diagonal with the smaller step follows slanted edges.
      const falling = Math.abs(disparity[i]! - disparity[i + width + 1]!);
      const rising = Math.abs(disparity[i + 1]! - disparity[i + width]!);
      if (sides === 4) {
        if (falling < rising) at = push(indices, push(indices, at, a, c, d), a, d, b);
        else at = push(indices, push(indices, at, a, c, b), b, c, d);
        continue;
      }
      // A corner whose two sides are joined closes the silhouette with one triangle; where a
      // tear ends (three sides) the one with the smaller step: two would overlap.
      const corners: [boolean, number, number, number, number][] = [
        [ab && ac, a, c, b, rising],
        [cd && bd, b, c, d, rising],
        [ac && cd, a, c, d, falling],
        [ab && bd, a, d, b, falling],
      ];
      let best = -1;
      for (let k = 0; k < 4; k++) {
        if (corners[k]![0] && (best < 0 || corners[k]![4] < corners[best]![4])) best = k;
      }
      if (best >= 0) at = push(indices, at, corners[best]![1], corners[best]![2], corners[best]![3]);
    }
    return { count: at / 3, next: after };
  }

  /** Numbers the vertices of row `y` in `#below`, −1 where there is none. */
  #number(y: number, first: number): number {
    const { rgba, disparity, width } = this.#layer;
    let next = first;
    for (let x = 0; x < this.columns; x++) {
      const i = (this.#y0 + y) * width + this.#x0 + x;
      this.#below[x] = rgba[4 * i + 3] === 0 || !Number.isFinite(disparity[i]!) ? -1 : next++;
    }
    return next;
  }
}

function push(indices: Uint32Array, at: number, a: number, b: number, c: number): number {
  indices[at] = a;
  indices[at + 1] = b;
  indices[at + 2] = c;
  return at + 3;
}
