import { JOINED_DOWN, JOINED_RIGHT } from 'unflat/plugin';
import type { Layer } from 'unflat/plugin';
import { hasVertex } from '../shared/has-vertex.ts';

/** What is known of one row: numbers of extra vertices (−1 = none), and the cells below it. */
interface SeamRow {
  /** Between pixel x and x + 1: that of x; that of x + 1 follows. */
  across: Int32Array;
  /** Between this row and the next at x: that of the upper pixel; that of the lower one follows. */
  down: Int32Array;
  /** In the middle of the cell, where more than two surfaces meet: that of the surface after the first torn side, those after the others follow; −1 elsewhere. */
  middle: Int32Array;
  /** OPEN, and the torn sides (LEFT…TOP) of the cell between x, x + 1 and the next row; 0 where nothing is to be done. */
  torn: Uint8Array;
}

/** Sides of a cell counter-clockwise, as its corners are: each begins at the corner of the same number. */
const LEFT = 1;
const BOTTOM = 2;
const RIGHT = 4;
const TOP = 8;
const OPEN = 16;
/** Column and row of a cell's corners, in the order of its sides. */
const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 0],
] as const;
/** Steps in disparity, times the photo's longer side, that no camera in a usual eyebox sees wider than two pixels are bridged. */
const SMALL_STEP = 33;
/** In small photos, where a pixel is much, steps up to this are bridged. */
const MOST_BRIDGED = 0.06;

/**
 * Closes a layer's tears. Between the centres of two
 * torn pixels there is a gap as wide as a pixel; both surfaces are continued, each at its own
 * depth, by the half pixel that belongs to it. So nothing shows through: the photo has no cracks from its own camera, and hidden surfaces none from others.
 * Small steps are bridged.
 */
export class Seams {
  readonly #layer: Layer;
  readonly #columns: number;
  readonly #rows: number;
  readonly #x0: number;
  readonly #y0: number;
  readonly #smallStep: number;
  #above: SeamRow;
  #below: SeamRow;

  /**
   * @param x0, y0 photo pixel of the first column and row.
   * @param longer longer side of the photo in pixels.
   */
  constructor(layer: Layer, columns: number, rows: number, x0: number, y0: number, longer: number) {
    this.#layer = layer;
    this.#columns = columns;
    this.#rows = rows;
    this.#x0 = x0;
    this.#y0 = y0;
    this.#smallStep = Math.min(MOST_BRIDGED, SMALL_STEP / longer);
    this.#above = emptyRow(columns);
    this.#below = emptyRow(columns);
  }

  /** Begins again from the top. */
  start(): void {
    this.#below.torn.fill(0);
  }

  /**
   * Goes on to row `y`, numbering its extra vertices and those between it and the next from `next` on.
   * @param take gets each in the order of its number: the pixel it belongs to, and where it lies from that pixel's centre.
   * @returns the number after the last.
   */
  advance(y: number, next: number, take?: (x: number, y: number, dx: number, dy: number) => void): number {
    [this.#above, this.#below] = [this.#below, this.#above];
    const row = this.#below;
    for (let x = 0; x < this.#columns; x++) row.torn[x] = this.#tornSides(x, y);
    let number = next;
    for (let x = 0; x < this.#columns; x++) {
      row.across[x] = row.down[x] = -1;
      if (((row.torn[x]! & TOP) | (this.#above.torn[x]! & BOTTOM)) !== 0) {
        row.across[x] = number;
        number += 2;
        take?.(x, y, 0.5, 0);
        take?.(x + 1, y, -0.5, 0);
      }
      if (((row.torn[x]! & LEFT) | ((x > 0 ? row.torn[x - 1]! : 0) & RIGHT)) !== 0) {
        row.down[x] = number;
        number += 2;
        take?.(x, y, 0, 0.5);
        take?.(x, y + 1, 0, -0.5);
      }
      row.middle[x] = -1;
      if (sides(row.torn[x]!) > 2) {
        row.middle[x] = number;
        for (let k = 0; k < 4; k++) {
          if ((row.torn[x]! & (1 << k)) === 0) continue;
          const [u, v] = CORNERS[(k + 1) & 3]!;
          number++;
          take?.(x + u, y + v, 0.5 - u, 0.5 - v);
        }
      }
    }
    return number;
  }

  /** Whether the cell right below the row before the last is closed by `readCell`. */
  isOpen(x: number): boolean {
    return this.#above.torn[x] !== 0;
  }

  /**
   * Triangles of an open cell: of each of its surfaces the corners it has and the halves of its torn sides.
   * @param corners vertex numbers of the cell's corners, counter-clockwise from the upper left one.
   */
  readCell(x: number, corners: readonly [number, number, number, number], emit: (a: number, b: number, c: number) => void): void {
    const torn = this.#above.torn[x]!;
    const [a, b, c, d] = corners;
    if (sides(torn) < 2) {
      // A small step, or a tear's end.
      emit(a, b, d);
      emit(d, b, c);
      return;
    }
    let middle = this.#above.middle[x]!;
    for (let k = 0; k < 4; k++) {
      if ((torn & (1 << k)) === 0) continue;
      // A surface begins after torn side k and goes on to the next torn side.
      const first = (k + 1) & 3;
      const before = this.#half(x, k, true);
      let last = corners[first]!;
      let side = first;
      while ((torn & (1 << side)) === 0) {
        side = (side + 1) & 3;
        if (last !== corners[first]) emit(corners[first]!, last, corners[side]!);
        last = corners[side]!;
      }
      const after = this.#half(x, side, false);
      if (last !== corners[first]) emit(corners[first]!, last, after);
      if (middle < 0) emit(corners[first]!, after, before);
      else {
        emit(corners[first]!, after, middle);
        emit(corners[first]!, middle++, before);
      }
    }
  }

  /** The extra vertex on side `k` of the cell: of the corner where the side ends, or where it begins. */
  #half(x: number, k: number, ofEnd: boolean): number {
    // Left and top are numbered from their upper and left pixel, which is where left begins and top ends.
    if (k === 0) return this.#above.down[x]! + (ofEnd ? 1 : 0);
    if (k === 1) return this.#below.across[x]! + (ofEnd ? 1 : 0);
    if (k === 2) return this.#above.down[x + 1]! + (ofEnd ? 0 : 1);
    return this.#above.across[x]! + (ofEnd ? 0 : 1);
  }

  #tornSides(x: number, y: number): number {
    if (x + 1 >= this.#columns || y + 1 >= this.#rows) return 0;
    const torn = this.#sidesOf(this.#layer, x, y);
    return torn <= 0 ? 0 : OPEN | this.#bridged(this.#layer, torn, x, y);
  }

  /** The torn sides that are left when small steps are bridged. */
  #bridged(layer: Layer, torn: number, x: number, y: number): number {
    const { width, margin, disparity } = layer;
    const i = (this.#y0 + y + margin) * width + this.#x0 + x + margin;
    const [a, b, c, d] = [disparity[i]!, disparity[i + width]!, disparity[i + width + 1]!, disparity[i + 1]!];
    let left = torn;
    [a - b, b - c, c - d, d - a].forEach((step, k) => {
      if (Math.abs(step) < this.#smallStep) left &= ~(1 << k);
    });
    return left;
  }

  /** Torn sides of a layer's cell, −1 where a corner is missing. */
  #sidesOf(layer: Layer, x: number, y: number): number {
    const { width, height, margin, joins } = layer;
    const u = this.#x0 + x + margin;
    const v = this.#y0 + y + margin;
    if (u < 0 || v < 0 || u + 1 >= width || v + 1 >= height) return -1;
    const i = v * width + u;
    const here = joins[i]!;
    const torn =
      (here & JOINED_DOWN ? 0 : LEFT) |
      (joins[i + width]! & JOINED_RIGHT ? 0 : BOTTOM) |
      (joins[i + 1]! & JOINED_DOWN ? 0 : RIGHT) |
      (here & JOINED_RIGHT ? 0 : TOP);
    return hasVertex(layer, i) && hasVertex(layer, i + 1) && hasVertex(layer, i + width) && hasVertex(layer, i + width + 1) ? torn : -1;
  }
}

function sides(torn: number): number {
  return (torn & 1) + ((torn >> 1) & 1) + ((torn >> 2) & 1) + ((torn >> 3) & 1);
}

function emptyRow(columns: number): SeamRow {
  return { across: new Int32Array(columns), down: new Int32Array(columns), middle: new Int32Array(columns), torn: new Uint8Array(columns) };
}
