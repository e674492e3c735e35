import type { Ellipse, Vector } from './ellipse-of.ts';

/** Numbers of a splat: place, colour, opacity, sizes, turn. */
const NUMBERS = 14;

/** Gaussian splats, growing. */
export class SplatList {
  #numbers = new Float32Array(1 << 16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /**
   * Fourteen numbers a splat: place (x right, y up, z towards the viewer), colour (three, 0..255), opacity (0..1), standard deviations (three,
   * scene units) and turn (w, x, y, z).
   */
  get numbers(): Float32Array {
    return this.#numbers.subarray(0, NUMBERS * this.#count);
  }

  add(place: Vector, colour: Vector, opacity: number, { sizes, turn }: Ellipse): void {
    const at = NUMBERS * this.#count++;
    if (at + NUMBERS > this.#numbers.length) {
      const larger = new Float32Array(2 * this.#numbers.length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers.set(place, at);
    this.#numbers.set(colour, at + 3);
    this.#numbers[at + 6] = opacity;
    this.#numbers.set(sizes, at + 7);
    this.#numbers.set(turn, at + 10);
  }
}
