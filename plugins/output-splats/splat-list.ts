import type { Ellipse, Vector } from './ellipse-of.ts';

/** Numbers of a splat: place, colour, opacity, sizes, turn. */
export const SPLAT_NUMBERS = 14;
/** Zeroth spherical harmonic, by which viewers multiply a colour's coefficient. */
const HARMONIC = 0.5 / Math.sqrt(Math.PI);

/** The coefficient of a spherical harmonic that viewers turn into a colour's channel, 0..255. */
export const coefficientOf = (channel: number): number => (channel / 255 - 0.5) / HARMONIC;

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
    return this.#numbers.subarray(0, SPLAT_NUMBERS * this.#count);
  }

  add(place: Vector, colour: Vector, opacity: number, { sizes, turn }: Ellipse): void {
    const at = SPLAT_NUMBERS * this.#count++;
    if (at + SPLAT_NUMBERS > this.#numbers.length) {
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
