import { windowAround } from '../../grid/index.ts';
import { SAME_SHARE } from '../surface/same-share.ts';

/** Pixels to each side where the colours of a silhouette's two surfaces are looked for. */
export const COLOUR_RADIUS_PX = 2;
/** Beside pixels away from silhouettes, those beside one count this much: they may be mixtures. */
const MIXED_WEIGHT = 0.05;
/** Weight of pixels away from silhouettes that a side's colour must rest on. */
const LEAST_PURE = 1;

const { u: U, v: V } = windowAround(COLOUR_RADIUS_PX);
const NEARNESS = Float32Array.from(U, (u, k) => Math.exp(-(u * u + V[k]! * V[k]!) / COLOUR_RADIUS_PX ** 2));

/** Sums over the pixels of one side: weight, disparity, three colours, three squares. */
const SUMS = 8;

/** The colours of the two surfaces that meet at a silhouette, as the pixels around one place show them. */
export class ForegroundBackground {
  /** Mean red, green, blue of the near side, then of the far side. */
  readonly mean = new Float64Array(6);
  /** Mean disparity of the near and of the far side. */
  readonly depth = new Float64Array(2);
  /** Variance of the colours about their mean, three channels together: near, far. */
  readonly spread = new Float64Array(2);
  /** Whether the near side has pixels away from silhouettes here; a thin thing has none. */
  isNearPure = false;
  readonly #sums = new Float64Array(2 * SUMS);

  /**
   * Looks around pixel `i`, which must be COLOUR_RADIUS_PX pixels away from the raster's border.
   * @param isEdge 1 = beside a silhouette.
   * @param near, far the two depths that meet at the silhouette.
   * @returns false where a side has no pixels, or the far one none away from silhouettes.
   */
  look(rgba: Uint8ClampedArray, disparity: Float32Array, isEdge: Uint8Array, width: number, i: number, near: number, far: number): boolean {
    const sums = this.#sums;
    sums.fill(0);
    const same = SAME_SHARE * (near - far);
    let pureNear = 0;
    let pureFar = 0;
    for (let k = 0; k < NEARNESS.length; k++) {
      const j = i + V[k]! * width + U[k]!;
      const d = disparity[j]!;
      const isNear = Math.abs(d - near) < same;
      if (!isNear && Math.abs(d - far) >= same) continue;
      let w = NEARNESS[k]!;
      if (isEdge[j]) w *= MIXED_WEIGHT;
      else if (isNear) pureNear += w;
      else pureFar += w;
      const s = isNear ? 0 : SUMS;
      const r = rgba[j * 4]!,
        g = rgba[j * 4 + 1]!,
        b = rgba[j * 4 + 2]!;
      sums[s]! += w;
      sums[s + 1]! += w * d;
      sums[s + 2]! += w * r;
      sums[s + 3]! += w * g;
      sums[s + 4]! += w * b;
      sums[s + 5]! += w * r * r;
      sums[s + 6]! += w * g * g;
      sums[s + 7]! += w * b * b;
    }
    this.isNearPure = pureNear >= LEAST_PURE;
    if (pureFar < LEAST_PURE || sums[0] === 0) return false;
    for (let side = 0; side < 2; side++) {
      const s = side * SUMS;
      const w = sums[s]!;
      let spread = 0;
      for (let c = 0; c < 3; c++) {
        const mean = sums[s + 2 + c]! / w;
        this.mean[side * 3 + c] = mean;
        spread += Math.max(0, sums[s + 5 + c]! / w - mean * mean);
      }
      this.depth[side] = sums[s + 1]! / w;
      this.spread[side] = spread;
    }
    return true;
  }
}
