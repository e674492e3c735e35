import { knotsOf, type PaletteName } from '../shared/palette-names.ts';

/** Cells of the colour cube, a side; each remembers the piece of the curve that is nearest to its middle. */
const CELLS = 64;

/** Finds the nearest point of a palette's curve for any colour. */
export class PaletteCurve {
  /** Distance of the last colour asked for from the curve, in levels of 255. */
  distance = 0;
  /** For each piece: position, length in positions, first colour, its difference to the next one, 1 / (squared length). */
  readonly #pieces: Float64Array;
  readonly #count: number;
  readonly #nearestPiece = new Int8Array(CELLS ** 3).fill(-1);

  constructor(name: PaletteName) {
    const knots = knotsOf(name);
    this.#count = knots.length - 1;
    this.#pieces = new Float64Array(this.#count * 9);
    for (let i = 0; i < this.#count; i++) {
      const [from, to] = [knots[i], knots[i + 1]];
      if (!from || !to) continue;
      const step = to.colour.map((value, c) => value - (from.colour[c] ?? 0));
      const squared = step.reduce((sum, value) => sum + value * value, 0);
      this.#pieces.set([from.at, to.at - from.at, ...from.colour, ...step, 1 / Math.max(squared, 1e-9)], i * 9);
    }
  }

  /** @returns the position of the nearest colour, 0 to 255; its distance stands in `distance`. */
  nearest(red: number, green: number, blue: number): number {
    const cell = ((red >> 2) * CELLS + (green >> 2)) * CELLS + (blue >> 2);
    let piece = this.#nearestPiece[cell] ?? -1;
    if (piece < 0) {
      piece = this.#search((red & 252) + 1.5, (green & 252) + 1.5, (blue & 252) + 1.5, 0, this.#count - 1).piece;
      this.#nearestPiece[cell] = piece;
    }
    const { at, squared } = this.#search(red, green, blue, Math.max(0, piece - 1), Math.min(this.#count - 1, piece + 1));
    this.distance = Math.sqrt(squared);
    return at;
  }

  #search(red: number, green: number, blue: number, first: number, last: number): { piece: number; at: number; squared: number } {
    const best = { piece: first, at: 0, squared: Infinity };
    const p = this.#pieces;
    for (let piece = first, o = first * 9; piece <= last; piece++, o += 9) {
      const r = red - p[o + 2]!;
      const g = green - p[o + 3]!;
      const b = blue - p[o + 4]!;
      const along = Math.min(1, Math.max(0, (r * p[o + 5]! + g * p[o + 6]! + b * p[o + 7]!) * p[o + 8]!));
      const squared = (r - along * p[o + 5]!) ** 2 + (g - along * p[o + 6]!) ** 2 + (b - along * p[o + 7]!) ** 2;
      if (squared >= best.squared) continue;
      best.piece = piece;
      best.at = p[o]! + along * p[o + 1]!;
      best.squared = squared;
    }
    return best;
  }
}
