import type { Raster } from '../../core/index.ts';
import { SAME_SHARE } from '../surface/same-share.ts';

/** Distances from the tear, in pixels, at which the near side's colours are taken; so many of them must be there. */
const INSIDE_PX = [1, 3, 6, 9];
const FEWEST_INSIDE = 2;
/** The far side's colours are those of so many pixels beyond the farthest that may be of the near one. */
const BEYOND_PX = 5;
/** A pixel beyond the tear that reaches forward by more than this share of the step is of another thing. */
const FORWARD_SHARE = 0.5;
/** The near side must differ by so many times as much from the mean of the far side's colours as the most different of these does. */
const CLEAR_TIMES = 2;
/** Colours that differ by less (root of the summed squares of three channels, 0..441) are the same; */
const SAME_COLOUR = 12;
/** sides that do have no mixtures. */
const LEAST_SIDES_APART = 30;
/** A colour is the near side's if it is not farther from it than this many times from the far one's; */
const NEARER_FRONT = 1.2;
/** or a mixture with at least this share of it, off by no more than this share of how much the two differ. */
const LEAST_MIXED = 0.12;
const MOST_OFF_SHARE = 0.4;
/** Noise, as squared distance. */
const NOISE_SQUARED = 25;

/** The colours on both sides of a torn link as samples, not means: feathers are black and white. */
export class ForegroundSamples {
  /** Pixels beyond the rim that a look needs. */
  readonly beyond = BEYOND_PX;
  readonly #rgba: Uint8ClampedArray;
  readonly #farthest: number;
  readonly #front = new Float64Array(3 * INSIDE_PX.length);
  readonly #behind = new Float64Array(3 * BEYOND_PX);
  /** Numbers in `#front` that count. */
  #count = 0;

  /** @param farthest pixels beyond a tear that may be of its near side. */
  constructor(photo: Raster, farthest: number) {
    this.#rgba = photo.rgba;
    this.#farthest = farthest;
  }

  /**
   * Takes the colours round the link from near pixel `n` to far pixel `f`, `farthest + beyond` pixels or more from the photo's border.
   * @param step by how much their disparities differ. @returns false where the two sides cannot be told apart.
   */
  look(disparity: Float32Array, n: number, f: number, step: number): boolean {
    const out = f - n;
    const most = disparity[n]! - FORWARD_SHARE * step;
    const end = this.#farthest + BEYOND_PX;
    for (let k = 1, j = f + out; k <= end; k++, j += out) if (disparity[j]! > most) return false;
    this.#count = 0;
    const least = disparity[n]! - SAME_SHARE * step;
    for (let k = 0; k < INSIDE_PX.length; k++) {
      const j = n - INSIDE_PX[k]! * out;
      if (disparity[j]! < least) break;
      this.#take(j, this.#front, this.#count);
      this.#count += 3;
    }
    if (this.#count < 3 * FEWEST_INSIDE) return false;
    for (let k = 0; k < BEYOND_PX; k++) this.#take(f + (this.#farthest + 1 + k) * out, this.#behind, k * 3);
    return this.#isClear(n) && this.isFront(n);
  }

  #take(i: number, to: Float64Array, at: number): void {
    to[at] = this.#rgba[i * 4]!;
    to[at + 1] = this.#rgba[i * 4 + 1]!;
    to[at + 2] = this.#rgba[i * 4 + 2]!;
  }

  #isClear(n: number): boolean {
    const behind = this.#behind;
    let r = 0;
    let g = 0;
    let b = 0;
    for (let k = 0; k < behind.length; k += 3) {
      r += behind[k]! / BEYOND_PX;
      g += behind[k + 1]! / BEYOND_PX;
      b += behind[k + 2]! / BEYOND_PX;
    }
    let most = 0;
    for (let k = 0; k < behind.length; k += 3) {
      const off = distance(behind[k]!, behind[k + 1]!, behind[k + 2]!, r, g, b);
      if (off > most) most = off;
    }
    return distance(this.#rgba[n * 4]!, this.#rgba[n * 4 + 1]!, this.#rgba[n * 4 + 2]!, r, g, b) >= CLEAR_TIMES * CLEAR_TIMES * most;
  }

  /** Whether pixel `i` has a colour of the near side, or a mixture of both; not one of the far side, or another. */
  isFront(i: number): boolean {
    const r = this.#rgba[i * 4]!;
    const g = this.#rgba[i * 4 + 1]!;
    const b = this.#rgba[i * 4 + 2]!;
    const toBehind = nearest(this.#behind, this.#behind.length, r, g, b);
    if (toBehind < SAME_COLOUR * SAME_COLOUR) return false;
    return nearest(this.#front, this.#count, r, g, b) < NEARER_FRONT * NEARER_FRONT * toBehind || this.#isMixture(r, g, b);
  }

  #isMixture(r: number, g: number, b: number): boolean {
    const front = this.#front;
    const behind = this.#behind;
    const count = this.#count;
    let least = Infinity;
    let share = 0;
    for (let p = 0; p < behind.length; p += 3) {
      const br = behind[p]!;
      const bg = behind[p + 1]!;
      const bb = behind[p + 2]!;
      for (let q = 0; q < count; q += 3) {
        const ar = front[q]! - br;
        const ag = front[q + 1]! - bg;
        const ab = front[q + 2]! - bb;
        const contrast = ar * ar + ag * ag + ab * ab;
        if (contrast < LEAST_SIDES_APART ** 2) continue;
        const along = clampShare((ar * (r - br) + ag * (g - bg) + ab * (b - bb)) / contrast);
        const off = (distance(r, g, b, br + along * ar, bg + along * ag, bb + along * ab) + NOISE_SQUARED) / contrast;
        if (off >= least) continue;
        least = off;
        share = along;
      }
    }
    return least < MOST_OFF_SHARE ** 2 && share >= LEAST_MIXED;
  }
}

function distance(r: number, g: number, b: number, r2: number, g2: number, b2: number): number {
  return (r - r2) * (r - r2) + (g - g2) * (g - g2) + (b - b2) * (b - b2);
}

function clampShare(share: number): number {
  return share < 0 ? 0 : share > 1 ? 1 : share;
}

/** Squared distance of a colour to the nearest of those in the first `count` numbers. */
function nearest(colours: Float64Array, count: number, r: number, g: number, b: number): number {
  let least = Infinity;
  for (let k = 0; k < count; k += 3) {
    const off = distance(colours[k]!, colours[k + 1]!, colours[k + 2]!, r, g, b);
    if (off < least) least = off;
  }
  return least;
}
