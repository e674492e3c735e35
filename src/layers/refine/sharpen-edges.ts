import type { Raster, Passes } from '../../core/index.ts';
import { WIDE_BLUR_PX } from '../surface/wide-blur-px.ts';
import { doubled, windowAround } from '../../grid/index.ts';
import { findRamps } from './find-ramps.ts';
import { localRanges } from './local-ranges.ts';
import { deblurSegments } from './deblur-segments.ts';
import { mergeAlike, regulariseSegments } from './regularise-segments.ts';

/** Pixels to each side in which a ramp looks for the two surfaces that it lies between; */
const VOTE_RADIUS_PX = 4;
/** where it does not find both there, as many again, each this many apart. */
const WIDE_TIMES = 3;
/** Longest ramp, in pixels, that is taken for a blurred step. */
const LONGEST_RAMP_PX = 9;
/** These lengths are for maps blurred by about this much, in pixels (see `estimateBlur`); */
const USUAL_BLUR_PX = 1.25;
/** for maps blurred by more than WIDE_BLUR_PX they are multiples, up to this. */
const MOST_SPREAD_TIMES = 4;
/** Colours that differ by this (root of the summed squares of three channels, 0..441) count as one standard deviation apart. */
const COLOUR_SIGMA = 22;
/** How much a pixel's place on the ramp counts beside its colour. */
const PLACE_WEIGHT = 2.5;
/** What lies this many pixels around a ramp is held together with it. */
const RIM_PX = 2;

/** Ramp pixels that are worked on in one go. */
const RAMPS_AT_ONCE = 1 << 16;
/** Offsets within the radius that are looked at: every other pixel, like a chessboard. */
const { u: U, v: V } = windowAround(VOTE_RADIUS_PX, true);
const SAMPLES = U.length;
const NEARNESS = Float32Array.from(U, (u, k) => Math.exp(-1.125 * ((u * u + V[k]! * V[k]!) / VOTE_RADIUS_PX ** 2)));
/** Weight of a squared colour distance, by steps of 16. */
const LIKENESS = Float32Array.from({ length: 4096 }, (_, k) => Math.exp((-8 * k) / COLOUR_SIGMA ** 2) + 1e-4);

/**
 * Makes steps of the ramps that models and scaling leave at silhouettes: a pixel in between goes to
 * the side, near or far, whose pixels around it are more like it in colour, and gets their depth.
 * Slopes, flat parts and clean steps stay as they are. A joint bilateral vote between two surfaces,
 * on ramps alone, after the weighted median filters that the field uses for depth.
 * @param disparity at photo size; a new map is returned.
 * @param least smallest step worth it, in disparity.
 * @param seen the map as it came, where it may be blurred: what blur took from thin things is given back. @param blur of the map, from `estimateBlur`, in pixels.
 */
export function* sharpenEdges(disparity: Float32Array, photo: Raster, least: number, seen?: Float32Array, blur = 0): Passes<Float32Array> {
  const { width, height } = photo;
  const isRamp = new Uint8Array(width * height);
  const spread = blur > WIDE_BLUR_PX ? Math.min(MOST_SPREAD_TIMES, Math.round(blur / USUAL_BLUR_PX)) : 1;
  const ranges = localRanges(disparity, width, height, spread);
  const ramps = findRamps(disparity, width, height, ranges, least, isRamp, spread);
  yield;
  const out = disparity.slice();
  const { buffer, byteOffset } = photo.rgba;
  const window = new VoteWindow(disparity, new Uint32Array(buffer, byteOffset, width * height), isRamp, width, height);
  const settled = new Uint8Array(width * height);
  for (let from = 0; from < ramps.length; from += RAMPS_AT_ONCE) {
    settleRamps(disparity, ramps.subarray(from, from + RAMPS_AT_ONCE), window, width, least, spread, out, settled);
    yield;
  }
  const segments = regulariseSegments(out, withRims(settled, width, height), photo, ranges, least);
  yield;
  // A model's wide ramps are no blur that could be taken back.
  if (seen && spread === 1 && deblurSegments(out, seen, segments, blur, width, height)) mergeAlike(out, segments, least);
  return out;
}

/** Sends each of the ramps' pixels to one of the two surfaces; `settled` is set to 1 where that could be told. */
function settleRamps(
  disparity: Float32Array,
  ramps: Int32Array,
  window: VoteWindow,
  width: number,
  least: number,
  spread: number,
  out: Float32Array,
  settled: Uint8Array,
): void {
  for (let r = 0; r < ramps.length; r++) {
    const i = ramps[r]!;
    if (window.look(i, spread) < least) {
      const range = window.look(i, WIDE_TIMES * spread);
      const slope = Math.max(Math.abs(disparity[i + 1]! - disparity[i - 1]!), Math.abs(disparity[i + width]! - disparity[i - width]!)) / 2;
      // So much depth would take a slope longer than any blur: it is one, between other things.
      if (range < least || range > slope * LONGEST_RAMP_PX * spread) continue;
    }
    out[i] = window.vote(disparity[i]!);
    settled[i] = 1;
  }
}

/** The settled pixels around a ramp's pixel, with their weights. */
class VoteWindow {
  readonly #disparity: Float32Array;
  readonly #colours: Uint32Array;
  readonly #isRamp: Uint8Array;
  readonly #width: number;
  readonly #height: number;
  readonly #depths = new Float32Array(SAMPLES);
  readonly #weights = new Float32Array(SAMPLES);
  #count = 0;
  #low = 0;
  #high = 0;

  /** @param colours the photo's pixels as numbers, red lowest. */
  constructor(disparity: Float32Array, colours: Uint32Array, isRamp: Uint8Array, width: number, height: number) {
    this.#disparity = disparity;
    this.#colours = colours;
    this.#isRamp = isRamp;
    this.#width = width;
    this.#height = height;
  }

  /** Takes what lies round pixel `i`, in steps of `spacing` pixels; returns the range of its depths. */
  look(i: number, spacing: number): number {
    const disparity = this.#disparity;
    const colours = this.#colours;
    const isRamp = this.#isRamp;
    const depths = this.#depths;
    const weights = this.#weights;
    const width = this.#width;
    const height = this.#height;
    const x = i % width;
    const y = (i - x) / width;
    const own = colours[i]!;
    const red = own & 255;
    const green = (own >> 8) & 255;
    const blue = (own >> 16) & 255;
    const reach = VOTE_RADIUS_PX * spacing;
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
      const colour = colours[j]!;
      const dr = (colour & 255) - red;
      const dg = ((colour >> 8) & 255) - green;
      const db = ((colour >> 16) & 255) - blue;
      const distance = (dr * dr + dg * dg + db * db) >> 4;
      const d = disparity[j]!;
      weights[count] = LIKENESS[distance < 4095 ? distance : 4095]! * NEARNESS[k]!;
      depths[count++] = d;
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
    let near = 0,
      nearSum = 0,
      nearCount = 0,
      far = 0,
      farSum = 0;
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

/** The marked pixels and those within their rims in rising order, without the photo's border. Widens the marks along the rows. */
function withRims(isMarked: Uint8Array, width: number, height: number): Int32Array {
  for (let y = 0; y < height; y++) widen(isMarked, y * width, width);
  let pixels = new Int32Array(1 << 12);
  let count = 0;
  const rows: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    while (count + width > pixels.length) pixels = doubled(pixels);
    for (let v = -RIM_PX; v <= RIM_PX; v++) rows[v + RIM_PX] = Math.min(height - 1, Math.max(0, y + v)) * width;
    count = listRow(isMarked, rows, y * width, width, pixels, count);
  }
  return pixels.subarray(0, count);
}

/** Marks what lies up to RIM_PX pixels beside marks of a row. */
function widen(isMarked: Uint8Array, from: number, width: number): void {
  let last = -RIM_PX - 1;
  for (let x = 0; x < width; x++) {
    if (isMarked[from + x] === 1) {
      for (let k = Math.max(last + 1, x - RIM_PX, 0); k < x; k++) isMarked[from + k] = 2;
      last = x;
    } else if (x - last <= RIM_PX) {
      isMarked[from + x] = 2;
    }
  }
}

function listRow(isMarked: Uint8Array, rows: readonly number[], row: number, width: number, pixels: Int32Array, known: number): number {
  let count = known;
  const [a, b, c, d, e] = rows as [number, number, number, number, number];
  for (let x = 1; x < width - 1; x++)
    if ((isMarked[a + x]! | isMarked[b + x]! | isMarked[c + x]! | isMarked[d + x]! | isMarked[e + x]!) !== 0) pixels[count++] = row + x;
  return count;
}
