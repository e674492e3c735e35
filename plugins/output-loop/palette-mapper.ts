/** Colours are looked up by their upper six bits a channel. */
const BITS = 6;
const SHIFT = 8 - BITS;

/** How colours that the palette lacks are mixed: not at all, by a fixed pattern that does not flicker, or by handing the error on. */
export type Dither = 'none' | 'pattern' | 'diffusion';

/** Thresholds of ordered dithering, 0..63. Source: Bayer, "An optimum method for two-level rendition of continuous-tone pictures", 1973. */
const BAYER = [
  [0, 32, 8, 40, 2, 34, 10, 42],
  [48, 16, 56, 24, 50, 18, 58, 26],
  [12, 44, 4, 36, 14, 46, 6, 38],
  [60, 28, 52, 20, 62, 30, 54, 22],
  [3, 35, 11, 43, 1, 33, 9, 41],
  [51, 19, 59, 27, 49, 17, 57, 25],
  [15, 47, 7, 39, 13, 45, 5, 37],
  [63, 31, 55, 23, 61, 29, 53, 21],
];
/** Distance between neighbouring colours of a palette of 256 that suits a photo, in levels: the pattern spans it. */
const PATTERN_SPAN = 20;
/** Thresholds of the pattern, row by row: 8 × 8. */
const THRESHOLDS = BAYER.flat();
/** Upper bits of each level once a threshold is added: 256 for each threshold. */
const UPPER_BITS = THRESHOLDS.map((threshold) =>
  Uint8Array.from({ length: 256 }, (_, level) => upper(level + (threshold / 63 - 0.5) * PATTERN_SPAN)),
);
const PLAIN_BITS = Uint8Array.from({ length: 256 }, (_, level) => upper(level));

/** Turns pixels into numbers of a palette's colours. */
export class PaletteMapper {
  readonly #palette: readonly (readonly number[])[];
  /** Nearest colour by the six upper bits of each channel; −1 = not looked for yet. */
  readonly #nearest = new Int16Array(1 << (3 * BITS)).fill(-1);

  /** @param palette colours, red, green, blue, 0..255; 1 to 256. */
  constructor(palette: readonly (readonly number[])[]) {
    this.#palette = palette;
  }

  /** @param rgba four bytes a pixel; alpha is ignored. @returns a number a pixel. */
  map(rgba: Uint8ClampedArray, width: number, dither: Dither): Uint8Array {
    if (dither === 'diffusion') return this.#diffused(rgba, width);
    const out = new Uint8Array(rgba.length / 4);
    for (let i = 0, from = 0, x = 0, row = 0; i < out.length; i++, from += 4) {
      const bits = dither === 'none' ? PLAIN_BITS : UPPER_BITS[row + (x & 7)]!;
      const key = (bits[rgba[from]!]! << (2 * BITS)) | (bits[rgba[from + 1]!]! << BITS) | bits[rgba[from + 2]!]!;
      const known = this.#nearest[key]!;
      out[i] = known >= 0 ? known : this.#look(key);
      if (++x < width) continue;
      x = 0;
      row = (row + 8) & 63;
    }
    return out;
  }

  /** Hands each pixel's error on to its neighbours. Source: Floyd and Steinberg, "An adaptive algorithm for spatial greyscale", 1976. */
  #diffused(rgba: Uint8ClampedArray, width: number): Uint8Array {
    const out = new Uint8Array(rgba.length / 4);
    // Errors of this row and the next, with a pixel more on both sides.
    let here = new Float32Array(3 * (width + 2));
    let below = new Float32Array(3 * (width + 2));
    for (let i = 0, x = 0; i < out.length; i++) {
      const at = 3 * (x + 1);
      const wanted = [0, 1, 2].map((c) => Math.min(255, Math.max(0, rgba[4 * i + c]! + here[at + c]!)));
      const found = this.#find(wanted[0]!, wanted[1]!, wanted[2]!);
      out[i] = found;
      for (let c = 0; c < 3; c++) {
        const error = wanted[c]! - this.#palette[found]![c]!;
        here[at + 3 + c]! += (error * 7) / 16;
        below[at - 3 + c]! += (error * 3) / 16;
        below[at + c]! += (error * 5) / 16;
        below[at + 3 + c]! += error / 16;
      }
      if (++x < width) continue;
      x = 0;
      [here, below] = [below, here];
      below.fill(0);
    }
    return out;
  }

  #find(red: number, green: number, blue: number): number {
    const key = (upper(red) << (2 * BITS)) | (upper(green) << BITS) | upper(blue);
    const known = this.#nearest[key]!;
    return known >= 0 ? known : this.#look(key);
  }

  /** Looks for the nearest colour, for this time and all others. */
  #look(key: number): number {
    const [r, g, b] = [key >> (2 * BITS), (key >> BITS) & 63, key & 63].map((value) => (value << SHIFT) + (1 << (SHIFT - 1)));
    let best = 0;
    let least = Infinity;
    this.#palette.forEach((colour, index) => {
      // Green weighs most in what is seen.
      const distance = 2 * (colour[0]! - r!) ** 2 + 4 * (colour[1]! - g!) ** 2 + 3 * (colour[2]! - b!) ** 2;
      if (distance < least) [least, best] = [distance, index];
    });
    this.#nearest[key] = best;
    return best;
  }
}

function upper(value: number): number {
  return Math.min(255, Math.max(0, value)) >> SHIFT;
}
