import type { Raster } from '../../core/index.ts';
import { rootOf, singletons } from '../../grid/index.ts';
import { findSegments, BATCH, shift, type Segments } from './find-segments.ts';
import type { LocalRanges } from './local-ranges.ts';

/** A segment lies where this share of its pixels, the inner ones counting most, is no nearer. */
const SEGMENT_SHARE = 0.6;
/** Depths that differ from their segment's by less, in least steps, stay: it may be slanted. */
const SLANT_STEPS = 0.2;
/** Segments whose depths differ by less, in least steps, are one surface. */
const EVEN_STEPS = 0.7;
/** The same once blur is taken out of them. */
const EVEN_AFTER_STEPS = 0.35;
/** Steps in which a segment's depths are sorted. */
const DEPTH_BINS = 16;

/**
 * Holds things together: a leaf, a rail or a wire, seen as a segment of one colour beside a silhouette, gets one
 * depth where its pixels were settled one by one.
 * @param settled disparity at photo size; changed where asked.
 * @param pixels where it is asked, in rising order, none of them on the photo's border.
 * @param ranges of `settled` or of the map that it was made of.
 * @param least a range below this is none, in disparity.
 * @returns the segments, those at one depth made one.
 */
export function regulariseSegments(settled: Float32Array, pixels: Int32Array, photo: Raster, ranges: LocalRanges, least: number): Segments {
  const segments = findSegments(settled, pixels, photo, ranges, least);
  const depths = depthsOf(segments, settled, photo.width);
  const surface = joinAlike(segments, depths, EVEN_STEPS * least);
  for (let from = 0; from < pixels.length; from += BATCH)
    level(segments, settled, depths, surface, SLANT_STEPS * least, from, Math.min(pixels.length, from + BATCH));
  return merged(segments, surface);
}

/** The segments of one surface as one, numbered like its first; the others are left empty. */
function merged({ count, pixels, at, size, neighbours }: Segments, surface: Int32Array): Segments {
  const total = new Int32Array(count);
  for (let p = 0; p < count; p++) total[surface[p]!]! += size[p]!;
  for (let from = 0; from < pixels.length; from += BATCH) renumber(pixels, at, surface, from, Math.min(pixels.length, from + BATCH));
  return { count, pixels, at, size: total, neighbours };
}

function renumber(pixels: Int32Array, at: Int32Array, surface: Int32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) at[pixels[k]!] = surface[at[pixels[k]!]!]!;
}

/** Lets neighbouring segments that came to lie within a little of each other be one surface again. Changes `settled`. */
export function mergeAlike(settled: Float32Array, { count, pixels, at, size, neighbours }: Segments, least: number): void {
  const own = new Float32Array(count);
  for (let from = 0; from < pixels.length; from += BATCH) sumUp(pixels, at, settled, own, from, Math.min(pixels.length, from + BATCH));
  for (let p = 0; p < count; p++) own[p] = own[p]! / Math.max(1, size[p]!);
  const depths = own.slice();
  const surface = joinAlike({ count, pixels, at, size, neighbours }, depths, EVEN_AFTER_STEPS * least);
  for (let p = 0; p < count; p++) own[p] = depths[surface[p]!]! - own[p]!;
  for (let from = 0; from < pixels.length; from += BATCH) shift(pixels, at, settled, own, from, Math.min(pixels.length, from + BATCH));
}

function sumUp(pixels: Int32Array, at: Int32Array, settled: Float32Array, sums: Float32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) sums[at[pixels[k]!]!]! += settled[pixels[k]!]!;
}

/** Each segment's depth. */
function depthsOf(segments: Segments, settled: Float32Array, width: number): Float32Array {
  const { count, pixels } = segments;
  const low = new Float32Array(count).fill(Infinity);
  const high = new Float32Array(count).fill(-Infinity);
  for (let from = 0; from < pixels.length; from += BATCH) widen(segments, settled, low, high, from, Math.min(pixels.length, from + BATCH));
  const weights = new Float32Array(DEPTH_BINS * count);
  const sums = new Float32Array(DEPTH_BINS * count);
  for (let from = 0; from < pixels.length; from += BATCH)
    weigh(segments, settled, width, low, high, weights, sums, from, Math.min(pixels.length, from + BATCH));
  return Float32Array.from(low, (_, k) => shareOf(weights, sums, DEPTH_BINS * k));
}

function widen({ pixels, at }: Segments, settled: Float32Array, low: Float32Array, high: Float32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    const i = pixels[k]!;
    const d = settled[i]!;
    const p = at[i]!;
    if (d < low[p]!) low[p] = d;
    if (d > high[p]!) high[p] = d;
  }
}

function weigh(
  { pixels, at }: Segments,
  settled: Float32Array,
  width: number,
  low: Float32Array,
  high: Float32Array,
  weights: Float32Array,
  sums: Float32Array,
  from: number,
  to: number,
): void {
  for (let k = from; k < to; k++) {
    const i = pixels[k]!;
    const p = at[i]!;
    let alike = 0;
    for (let v = -width; v <= width; v += width) for (let j = i + v - 1; j <= i + v + 1; j++) if (at[j] === p) alike++;
    const d = settled[i]!;
    const bin = DEPTH_BINS * p + Math.min(DEPTH_BINS - 1, (((d - low[p]!) / (high[p]! - low[p]! + 1e-9)) * DEPTH_BINS) | 0);
    weights[bin]! += alike * alike;
    sums[bin]! += alike * alike * d;
  }
}

/** The depth below which the share of a segment's weight lies. */
function shareOf(weights: Float32Array, sums: Float32Array, from: number): number {
  let total = 0;
  for (let n = from; n < from + DEPTH_BINS; n++) total += weights[n]!;
  let sum = 0;
  for (let n = from; n < from + DEPTH_BINS; n++) {
    sum += weights[n]!;
    if (sum >= SEGMENT_SHARE * total) return sums[n]! / weights[n]!;
  }
  return sums[from + DEPTH_BINS - 1]! / weights[from + DEPTH_BINS - 1]!;
}

/** Neighbouring segments that lie within `least` of each other take one depth between them. @returns the first segment of each one's surface, whose depth it is. */
function joinAlike({ count, size, at, neighbours }: Segments, depths: Float32Array, least: number): Int32Array {
  const parent = singletons(count);
  const total = size.slice();
  const low = depths.slice();
  const high = depths.slice();
  for (let from = 0; from < neighbours.length; from += 2 * BATCH)
    joinSome(neighbours, from, Math.min(neighbours.length, from + 2 * BATCH), at, parent, total, depths, low, high, least);
  for (let k = 0; k < count; k++) parent[k] = rootOf(parent, k);
  return parent;
}

function joinSome(
  neighbours: Int32Array,
  from: number,
  to: number,
  at: Int32Array,
  parent: Int32Array,
  size: Int32Array,
  depths: Float32Array,
  low: Float32Array,
  high: Float32Array,
  least: number,
): void {
  for (let n = from; n < to; n += 2) {
    const a = rootOf(parent, at[neighbours[n]!]!);
    const b = rootOf(parent, at[neighbours[n + 1]!]!);
    if (a === b) continue;
    const l = low[a]! < low[b]! ? low[a]! : low[b]!;
    const h = high[a]! > high[b]! ? high[a]! : high[b]!;
    if (h - l >= least) continue;
    depths[a] = (depths[a]! * size[a]! + depths[b]! * size[b]!) / (size[a]! + size[b]!);
    low[a] = l;
    high[a] = h;
    parent[b] = a;
    size[a] = size[a]! + size[b]!;
  }
}

function level(
  { pixels, at }: Segments,
  settled: Float32Array,
  depths: Float32Array,
  surface: Int32Array,
  slant: number,
  from: number,
  to: number,
): void {
  for (let k = from; k < to; k++) {
    const i = pixels[k]!;
    const depth = depths[surface[at[i]!]!]!;
    if (Math.abs(settled[i]! - depth) > slant) settled[i] = depth;
  }
}
