import { OPAQUE } from '../surface/opaque.ts';

/** Neighbours on the border whose disparities differ by so much, in pixels of parallax, are of two surfaces. */
const SURFACE_STEP_PX = 1.5;
/** Where ground comes nearer on its way out, its pattern grows: the mean is taken over this share of the way to both sides, */
const PATTERN_SHARE = 0.4;
/** in full from this slope on, in pixels of parallax a pixel. A wall's lines go straight on. */
const FULL_SLOPE = 0.15;

/** Mean colours along a ring of border pixels, never across surfaces; any of them at the cost of one. */
export class BorderColours {
  readonly #sums: Float64Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;

  /** @param colourAt a border place's RGBA as one little-endian number. @param parallaxAt its disparity in pixels of parallax. */
  constructor(count: number, colourAt: (s: number) => number, parallaxAt: (s: number) => number) {
    this.#sums = new Float64Array(3 * (count + 1));
    this.#first = new Int32Array(count);
    this.#last = new Int32Array(count);
    for (let s = 0, first = 0, before = 0; s < count; s++) {
      const colour = colourAt(s);
      for (let c = 0; c < 3; c++) this.#sums[(s + 1) * 3 + c] = this.#sums[s * 3 + c]! + ((colour >>> (8 * c)) & 255);
      const parallax = parallaxAt(s);
      if (Math.abs(parallax - before) > SURFACE_STEP_PX) first = s;
      before = parallax;
      this.#first[s] = first;
    }
    for (let s = count - 1, last = s; s >= 0; s--) {
      this.#last[s] = last;
      if (this.#first[s] === s) last = s - 1;
    }
  }

  /** Opaque colour `out` pixels outward from border place `s`. @param slope of its surface that way, in pixels of parallax a pixel. */
  at(s: number, out: number, slope: number): number {
    const away = Math.round(PATTERN_SHARE * out * Math.min(1, Math.abs(slope) / FULL_SLOPE));
    const from = Math.max(this.#first[s]!, s - away);
    const to = Math.min(this.#last[s]!, s + away) + 1;
    let colour = OPAQUE;
    for (let c = 0; c < 3; c++) colour |= Math.round((this.#sums[to * 3 + c]! - this.#sums[from * 3 + c]!) / (to - from)) << (8 * c);
    return colour >>> 0;
  }
}
