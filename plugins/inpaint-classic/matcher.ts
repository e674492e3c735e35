import type { Level } from './level.ts';

/** Half the side of the windows that are compared. */
const RADIUS = 2;
/** How much a pixel counts: known, painted so far, and the smooth guess (which knows the hole's far side). */
const KNOWN = 16;
const PAINTED = 8;
const GUESS = 2;
/** Squared difference of a pixel whose counterpart may not be copied. */
const OUTSIDE = 3 * 50 * 50;
/** Cost of a source at the limit of disparity. */
const DEPTH_COST = 150;

/** Says how alike the surroundings of two pixels of a level are. */
export class Matcher {
  readonly level: Level;
  private readonly weight: Uint8Array;
  private readonly window: Int32Array;
  private readonly limit: number;
  private target = -1;
  private total = 0;

  /** @param limit disparity difference beyond which nothing is copied. */
  constructor(level: Level, limit: number) {
    const { width, source, hole } = level;
    this.level = level;
    this.limit = limit;
    this.weight = new Uint8Array(hole.length);
    for (let i = 0; i < hole.length; i++) this.weight[i] = source[i] ? KNOWN : hole[i] ? GUESS : 0;
    const side = 2 * RADIUS + 1;
    this.window = new Int32Array(side * side);
    for (let k = 0; k < this.window.length; k++) this.window[k] = (Math.floor(k / side) - RADIUS) * width + (k % side) - RADIUS;
  }

  /** From now on `pixel` counts as inpainted. */
  painted(pixel: number): void {
    this.weight[pixel] = PAINTED;
    this.target = -1;
  }

  /**
   * Mean squared colour difference (sum of three channels) between the windows round `target` and
   * `from`, plus a little for another depth; `most` as soon as it cannot be below `most`.
   */
  compare(target: number, from: number, most: number): number {
    const { rgba, source, disparity } = this.level;
    const { weight, window } = this;
    const step = Math.abs(disparity[target]! - disparity[from]!) / this.limit;
    if (!(step <= 1)) return most;
    if (target !== this.target) {
      this.target = target;
      this.total = 0;
      for (let k = 0; k < window.length; k++) this.total += weight[target + window[k]!]!;
    }
    const total = this.total;
    if (total === 0) return most;
    const base = DEPTH_COST * step * step;
    const stop = (most - base) * total;
    let sum = 0;
    for (let k = 0; k < window.length; k++) {
      const q = target + window[k]!;
      const w = weight[q]!;
      if (w === 0) continue;
      const t = from + window[k]!;
      if (source[t]) {
        const r = rgba[q * 4]! - rgba[t * 4]!;
        const g = rgba[q * 4 + 1]! - rgba[t * 4 + 1]!;
        const b = rgba[q * 4 + 2]! - rgba[t * 4 + 2]!;
        sum += w * (r * r + g * g + b * b);
      } else sum += w * OUTSIDE;
      if (sum >= stop) return most;
    }
    return base + sum / total;
  }
}
