import type { Raster } from '../core/index.ts';

/** Rounding of fractions of pixels. */
const EPSILON = 1e-9;

/**
 * Scales a picture down by exact area averaging while its rows arrive, so that the large
 * picture is never in memory at once. (Browsers' own "high" quality blurs below a quarter of the size.)
 */
export class AreaScaler {
  readonly #from: { width: number; height: number };
  readonly #raster: Raster;
  readonly #keepsAlpha: boolean;
  /** Weighted sum of the source rows under the current target row: red, green, blue and, where alpha is kept, alpha, which weighs the colours. */
  readonly #rows: Float32Array;
  #row = 0;
  #target = 0;

  /**
   * @param width,height at most the size of the source.
   * @param keepsAlpha straight alpha in and out. Default false: all is opaque.
   */
  constructor(from: { width: number; height: number }, width: number, height: number, keepsAlpha = false) {
    this.#from = from;
    this.#raster = { width, height, rgba: new Uint8ClampedArray(width * height * 4) };
    this.#keepsAlpha = keepsAlpha;
    this.#rows = new Float32Array(from.width * (keepsAlpha ? 4 : 3));
  }

  /** Takes whole rows of RGBA, in order from the top. */
  push(rgba: Uint8ClampedArray): void {
    const stride = this.#from.width * 4;
    for (let at = 0; at + stride <= rgba.length; at += stride) this.#pushRow(rgba.subarray(at, at + stride));
  }

  /** The scaled picture, once all rows were pushed. */
  get result(): Raster {
    return this.#raster;
  }

  #pushRow(row: Uint8ClampedArray): void {
    const top = this.#row++;
    const { height } = this.#raster;
    // The target's row ends here; as nothing is enlarged, a source row touches two target rows at most.
    const end = this.#target === height - 1 ? this.#from.height : ((this.#target + 1) * this.#from.height) / height;
    const part = Math.min(1, end - top);
    this.#add(row, part);
    if (end > top + 1 + EPSILON) return;
    this.#emit(height / this.#from.height);
    if (1 - part > EPSILON) this.#add(row, 1 - part);
  }

  #add(row: Uint8ClampedArray, weight: number): void {
    const sums = this.#rows;
    if (this.#keepsAlpha) {
      for (let i = 0; i < sums.length; i += 4) {
        const alpha = row[i + 3]! * weight;
        for (let c = i; c < i + 3; c++) sums[c] = sums[c]! + row[c]! * alpha;
        sums[i + 3] = sums[i + 3]! + alpha;
      }
      return;
    }
    for (let i = 0, o = 0; o < sums.length; i += 4, o += 3) {
      sums[o] = sums[o]! + row[i]! * weight;
      sums[o + 1] = sums[o + 1]! + row[i + 1]! * weight;
      sums[o + 2] = sums[o + 2]! + row[i + 2]! * weight;
    }
  }

  #emit(rowWeight: number): void {
    const { width, rgba } = this.#raster;
    const sums = this.#rows;
    const step = this.#from.width / width;
    const channels = this.#keepsAlpha ? 4 : 3;
    let o = this.#target * width * 4;
    for (let x = 0; x < width; x++, o += 4) {
      const left = x * step;
      const right = x === width - 1 ? this.#from.width : left + step;
      const first = Math.floor(left);
      const end = Math.min(this.#from.width, Math.ceil(right - EPSILON));
      let r = 0;
      let g = 0;
      let b = 0;
      let alpha = 0;
      for (let s = first; s < end; s++) {
        const weight = Math.min(s + 1, right) - Math.max(s, left);
        const i = s * channels;
        r += sums[i]! * weight;
        g += sums[i + 1]! * weight;
        b += sums[i + 2]! * weight;
        if (this.#keepsAlpha) alpha += sums[i + 3]! * weight;
      }
      const scale = this.#keepsAlpha ? 1 / Math.max(alpha, EPSILON) : rowWeight / step;
      rgba[o] = r * scale;
      rgba[o + 1] = g * scale;
      rgba[o + 2] = b * scale;
      rgba[o + 3] = this.#keepsAlpha ? (alpha * rowWeight) / step : 255;
    }
    sums.fill(0);
    this.#target++;
  }
}
