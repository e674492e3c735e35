import type { Raster } from '../core/index.ts';
import { blurWidth } from './blur-width.ts';
import { enlarged } from './enlarged.ts';
import { findRamps } from './ramps.ts';
import { rangesAround } from './ranges.ts';
import { unblend } from './unblend.ts';
import { evenOut, holdTogether } from './whole.ts';

/** Pixels to each side in which a ramp looks for the two surfaces that it lies between; */
const RADIUS = 4;
/** where it does not find both there, as many again, each this many apart. */
const WIDE = 3;
/** Longest ramp, in pixels, that is taken for a blurred step. */
const LONGEST = 9;
/** These lengths are for maps blurred by about this much, in pixels (see `blurWidth`); for more blurred ones they are multiples, */
const USUAL_BLUR = 1.25;
/** up to this. */
const MOST_SPREAD = 4;
/** Colours that differ by this (root of the summed squares of three channels, 0..441) count as one standard deviation apart. */
const COLOUR_SIGMA = 22;
/** How much a pixel's place on the ramp counts beside its colour. */
const PLACE_WEIGHT = 2.5;
/** What lies this many pixels around a ramp is held together with it. */
const RIM = 2;

/** Offsets within the radius that are looked at: every other pixel, like a chessboard. */
const OFFSETS = Array.from({ length: (2 * RADIUS + 1) ** 2 }, (_, n) => ({ u: (n % (2 * RADIUS + 1)) - RADIUS, v: Math.floor(n / (2 * RADIUS + 1)) - RADIUS })).filter(
  ({ u, v }) => ((u + v) & 1) === 0 && (u !== 0 || v !== 0),
);
const SAMPLES = OFFSETS.length;
const U = Int8Array.from(OFFSETS, ({ u }) => u);
const V = Int8Array.from(OFFSETS, ({ v }) => v);
const NEARNESS = Float32Array.from(OFFSETS, ({ u, v }) => Math.exp(-1.125 * ((u * u + v * v) / RADIUS ** 2)));
/** Weight of a squared colour distance, by steps of 16. */
const LIKENESS = Float32Array.from({ length: 4096 }, (_, k) => Math.exp((-8 * k) / COLOUR_SIGMA ** 2) + 1e-4);

/**
 * Makes steps of the ramps that networks and scaling leave at silhouettes: a pixel in between goes to
 * the side, near or far, whose pixels around it are more like it in colour, and gets their depth.
 * Slopes, flat parts and clean steps stay as they are. A joint bilateral vote between two surfaces,
 * on ramps alone, after the weighted median filters that the field uses for depth.
 * @param disparity at photo size; a new map is returned.
 * @param least smallest step worth it, in disparity.
 * @param seen the map as it came, where it may be blurred: what blur took from thin things is given back.
 */
export function sharpenSteps(disparity: Float32Array, photo: Raster, least: number, seen?: Float32Array): Float32Array {
  const { width, height } = photo;
  const isRamp = new Uint8Array(width * height);
  const blur = seen ? blurWidth(disparity, width, height) : 0;
  const spread = Math.max(1, Math.min(MOST_SPREAD, Math.round(blur / USUAL_BLUR)));
  const ranges = rangesAround(disparity, width, height, spread);
  const ramps = findRamps(disparity, width, height, ranges, least, isRamp, spread);
  const out = disparity.slice();
  const window = new VoteWindow();
  const near = new Uint8Array(width * height);
  for (let r = 0; r < ramps.length; r++) {
    const i = ramps[r]!;
    if (window.look(disparity, photo, isRamp, i, spread) < least) {
      const range = window.look(disparity, photo, isRamp, i, WIDE * spread);
      const slope = Math.max(Math.abs(disparity[i + 1]! - disparity[i - 1]!), Math.abs(disparity[i + width]! - disparity[i - width]!)) / 2;
      // So much depth would take a slope longer than any blur: it is one, between other things.
      if (range < least || range > slope * LONGEST * spread) continue;
    }
    out[i] = window.vote(disparity[i]!);
    markRim(near, i, width, height);
  }
  const patches = holdTogether(out, marked(near, width, height), photo, ranges, least);
  // A network's wide ramps are no blur that could be taken back.
  if (seen && spread === 1 && unblend(out, seen, patches, blur, width, height)) evenOut(out, patches, least);
  return out;
}

/** The settled pixels around a ramp's pixel, with their weights. */
class VoteWindow {
  readonly #depths = new Float32Array(SAMPLES);
  readonly #weights = new Float32Array(SAMPLES);
  #count = 0;
  #low = 0;
  #high = 0;

  /** Takes what lies round pixel `i`, in steps of `spacing` pixels; returns the range of its depths. */
  look(disparity: Float32Array, { width, height, rgba }: Raster, isRamp: Uint8Array, i: number, spacing: number): number {
    const x = i % width;
    const y = (i - x) / width;
    const red = rgba[i * 4]!;
    const green = rgba[i * 4 + 1]!;
    const blue = rgba[i * 4 + 2]!;
    const reach = RADIUS * spacing;
    const isInside = x >= reach && x < width - reach && y >= reach && y < height - reach;
    let count = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let k = 0; k < SAMPLES; k++) {
      const u = U[k]! * spacing;
      const v = V[k]! * spacing;
      if (!isInside && (x + u < 0 || x + u >= width || y + v < 0 || y + v >= height)) continue;
      const j = i + v * width + u;
      if (isRamp[j] === 1) continue;
      const dr = rgba[j * 4]! - red;
      const dg = rgba[j * 4 + 1]! - green;
      const db = rgba[j * 4 + 2]! - blue;
      const distance = (dr * dr + dg * dg + db * db) >> 4;
      const d = disparity[j]!;
      this.#weights[count] = LIKENESS[distance < 4095 ? distance : 4095]! * NEARNESS[k]!;
      this.#depths[count++] = d;
      if (d < low) low = d;
      if (d > high) high = d;
    }
    this.#count = count;
    this.#low = low;
    this.#high = high;
    return high - low;
  }

  /** The depth of the side that a pixel of this depth belongs to. */
  vote(here: number): number {
    const middle = (this.#low + this.#high) / 2;
    let near = 0, nearSum = 0, nearCount = 0, far = 0, farSum = 0;
    for (let k = 0; k < this.#count; k++) {
      const w = this.#weights[k]!;
      const d = this.#depths[k]!;
      if (d > middle) {
        near += w;
        nearSum += w * d;
        nearCount++;
      } else {
        far += w;
        farSum += w * d;
      }
    }
    const place = (2 * (here - this.#low)) / (this.#high - this.#low) - 1;
    // Means, not sums: the larger side is not the likelier one.
    const odds = Math.log((near * (this.#count - nearCount)) / (far * nearCount)) + PLACE_WEIGHT * place;
    return odds > 0 ? nearSum / near : farSum / far;
  }
}

/** The marked pixels in rising order, without the photo's border. */
function marked(isIn: Uint8Array, width: number, height: number): Int32Array {
  let pixels = new Int32Array(1 << 12);
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    while (count + width > pixels.length) pixels = enlarged(pixels);
    count = listRow(isIn, y * width + 1, (y + 1) * width - 1, pixels, count);
  }
  return pixels.subarray(0, count);
}

function markRim(isNear: Uint8Array, i: number, width: number, height: number): void {
  const x = i % width;
  const y = (i - x) / width;
  const left = x > RIM ? x - RIM : 0;
  const right = x + RIM < width ? x + RIM : width - 1;
  const bottom = y + RIM < height ? y + RIM : height - 1;
  for (let v = y > RIM ? y - RIM : 0; v <= bottom; v++) isNear.fill(1, v * width + left, v * width + right + 1);
}

function listRow(isIn: Uint8Array, from: number, to: number, pixels: Int32Array, known: number): number {
  let count = known;
  for (let i = from; i < to; i++) if (isIn[i] === 1) pixels[count++] = i;
  return count;
}

/**
 * Takes single pixels and thin crumbs that smoothing left at steps of a rough map to the surface that
 * surrounds them: rounds of a 3×3 median where depth jumps. Changes `disparity`.
 */
export function sweepCrumbs(disparity: Float32Array, width: number, height: number, least: number, rounds: number): void {
  const jumps: number[] = [];
  for (let y = 1; y < height - 1; y++) findJumps(disparity, y * width + 1, (y + 1) * width - 1, width, least, jumps);
  const swept = new Float32Array(jumps.length);
  const nine = new Float32Array(9);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < jumps.length; k++) swept[k] = medianAround(disparity, jumps[k]!, width, nine);
    for (let k = 0; k < jumps.length; k++) disparity[jumps[k]!] = swept[k]!;
  }
}

function findJumps(disparity: Float32Array, from: number, to: number, width: number, least: number, jumps: number[]): void {
  for (let i = from; i < to; i++) {
    const here = disparity[i]!;
    const across = Math.max(Math.abs(disparity[i - 1]! - here), Math.abs(disparity[i + 1]! - here));
    if (across >= least || Math.abs(disparity[i - width]! - here) >= least || Math.abs(disparity[i + width]! - here) >= least) jumps.push(i);
  }
}

function medianAround(disparity: Float32Array, i: number, width: number, nine: Float32Array): number {
  let n = 0;
  for (let v = -width; v <= width; v += width) {
    for (let j = i + v - 1, end = j + 3; j < end; j++) {
      const value = disparity[j]!;
      let m = n++;
      while (m > 0 && nine[m - 1]! > value) {
        nine[m] = nine[m - 1]!;
        m--;
      }
      nine[m] = value;
    }
  }
  return nine[4]!;
}
