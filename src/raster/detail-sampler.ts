import { bilinear } from './bilinear.ts';
import { mixTexels } from './mix-texels.ts';
import { DETAIL_ENDS, DETAIL_FADES, type PreparedDetail } from './prepared-detail.ts';
import { SHARP_PAD, type SharpTexture } from './sharp-texture.ts';

/** Puts the photo at its own resolution where it is magnified. */
export class DetailSampler {
  readonly #detail: PreparedDetail;
  /** Of the photo, in texels of the sharp texture times 65536. */
  readonly #left: number;
  readonly #top: number;
  readonly #width: number;
  readonly #height: number;
  readonly #border: number;
  /** Parts of 256: how much of it is used, and of that how much is of the coarser level. */
  #share = 0;
  #coarser = 0;
  #fine = 0;

  constructor(detail: PreparedDetail, { x0, y0, scale }: SharpTexture, margin: number, width: number, height: number) {
    this.#detail = detail;
    this.#left = (SHARP_PAD + scale * (margin - x0 - 0.5)) * 65536;
    this.#top = (SHARP_PAD + scale * (margin - y0 - 0.5)) * 65536;
    this.#width = scale * width * 65536;
    this.#height = scale * height * 65536;
    this.#border = BORDER * scale * 65536;
  }

  /**
   * Settles how much of it a triangle shows.
   * @param steps of u and v to the right and down, a sample.
   */
  set(steps: Float64Array, samples: number): boolean {
    const [ux, uy, vx, vy] = [steps[0]!, steps[1]!, steps[2]!, steps[3]!];
    const size = samples * Math.sqrt(Math.max(ux * ux + vx * vx, uy * uy + vy * vy));
    if (size >= DETAIL_ENDS) return false;
    const fading = Math.max(0, (size - DETAIL_FADES) / (DETAIL_ENDS - DETAIL_FADES));
    this.#share = Math.round(256 * (1 - fading * fading * (3 - 2 * fading)));
    if (this.#share === 0) return false;
    const { levels, scale } = this.#detail;
    const level = Math.min(levels.length - 1, Math.max(0, Math.log2(size * scale)));
    this.#fine = Math.floor(level);
    this.#coarser = Math.round(256 * (level - this.#fine));
    return true;
  }

  /** The colour with what the detail photo has there. @param s, t place in texels of the sharp texture times 65536. */
  over(colour: number, s: number, t: number): number {
    const x = s - this.#left;
    const y = t - this.#top;
    // Not at the photo's border: there it fades out over two pixels.
    const inside = Math.min(x, y, this.#width - x, this.#height - y);
    if (inside <= 0) return colour;
    let share = this.#share;
    if (inside < this.#border) {
      const part = inside / this.#border;
      share = (share * part * part * (3 - 2 * part)) | 0;
    }
    let fine = this.#at(this.#fine, x, y);
    if (this.#coarser > 0) fine = mixTexels(fine, this.#at(this.#fine + 1, x, y), this.#coarser);
    return share === 256 ? fine : mixTexels(colour, fine, share);
  }

  #at(level: number, x: number, y: number): number {
    const { texels, stride, rows } = this.#detail.levels[level]!;
    const s = Math.min((stride - 1) * 65536 - 1, Math.max(0, ((x / this.#width) * stride - 0.5) * 65536)) | 0;
    const t = Math.min((rows - 1) * 65536 - 1, Math.max(0, ((y / this.#height) * rows - 0.5) * 65536)) | 0;
    return bilinear(texels, stride, s, t);
  }
}

/** Layer pixels. */
const BORDER = 2;
