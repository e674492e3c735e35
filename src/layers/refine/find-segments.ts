import type { Raster } from '../../core/index.ts';
import { rootOf, singletons } from '../../grid/index.ts';
import { BLOCK_PX, type LocalRanges } from './local-ranges.ts';

/** Segments larger than this, in pixels of a photo 640 pixels long, are cut: only their rims lie at a silhouette. */
const LARGEST_PX_AT_640 = 150;
/** Smaller ones go with the neighbour that is most like them. */
const SMALLEST_PX = 8;
/** How unlike neighbours in one segment may be, times its pixels: small segments forgive more (Felzenszwalb and Huttenlocher's k). */
const SIZE_TOLERANCE = 150;
/** Pairs that are more unlike are never in one segment; root of the summed squares of three channels. */
const MOST_UNLIKE = 60;
/** A step of all the depth there is around is as unlike as this difference of colours. */
const STEP_UNLIKE = 60;
/** Neighbours along the diagonal count as farther apart. */
const DIAGONAL = 1.2;
/** Pixels that are worked on in one go. */
export const BATCH = 1024;

/** Asked-for pixels in segments, numbered from 0. */
export interface Segments {
  count: number;
  /** In rising order, none of them on the photo's border. */
  pixels: Int32Array;
  /** Segment of every pixel of the photo; −1 where it was not asked for. */
  at: Int32Array;
  /** Pixels of each segment; an empty one was joined to another. */
  size: Int32Array;
  /** Neighbouring pixels, the most alike first: pixel and pixel in turn. */
  neighbours: Int32Array;
}

/**
 * Segments of one colour and depth: a graph-based segmentation (Felzenszwalb and Huttenlocher 2004).
 * @param settled disparity at photo size.
 * @param pixels where it is asked for, in rising order, none of them on the photo's border.
 * @param ranges of `settled` or of the map that it was made of.
 * @param least a range below this is none, in disparity.
 */
export function findSegments(settled: Float32Array, pixels: Int32Array, photo: Raster, ranges: LocalRanges, least: number): Segments {
  const forest = new Forest(settled, pixels, photo);
  forest.sortPairs(ranges, least);
  forest.join();
  return forest.segments();
}

/** Moves each segment by its change. */
export function shift(pixels: Int32Array, at: Int32Array, settled: Float32Array, change: Float32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) settled[pixels[k]!]! += change[at[pixels[k]!]!]!;
}

/** Segments as a forest; numbers are places in `pixels`. */
class Forest {
  readonly #settled: Float32Array;
  readonly #pixels: Int32Array;
  readonly #photo: Raster;
  /** Place of a pixel in `pixels`; −1 where it is not asked for. */
  readonly #placeOf: Int32Array;
  readonly #offsets: Int32Array;
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  /** Largest difference that a segment was joined over. */
  readonly #inner: Float32Array;
  /** Pairs of places, the most alike first; those that are `k` unlike end at `ends[k]`. */
  #first = new Int32Array(0);
  #second = new Int32Array(0);
  readonly #ends = new Int32Array(MOST_UNLIKE + 1);
  readonly #largest: number;

  constructor(settled: Float32Array, pixels: Int32Array, photo: Raster) {
    const { width, height } = photo;
    this.#settled = settled;
    this.#pixels = pixels;
    this.#photo = photo;
    this.#largest = LARGEST_PX_AT_640 * Math.max(1, Math.max(width, height) / 640) ** 2;
    this.#placeOf = new Int32Array(width * height).fill(-1);
    this.#offsets = Int32Array.of(1, width, width + 1, width - 1);
    this.#parent = singletons(pixels.length);
    for (let k = 0; k < pixels.length; k++) this.#placeOf[pixels[k]!] = k;
    this.#size = new Int32Array(pixels.length).fill(1);
    this.#inner = new Float32Array(pixels.length);
  }

  /** Sorts neighbouring pixels by how unlike they are. */
  sortPairs(ranges: LocalRanges, least: number): void {
    const unlike = new Uint8Array(this.#pixels.length * 4);
    const counts = new Int32Array(MOST_UNLIKE + 2);
    for (let from = 0; from < this.#pixels.length; from += BATCH)
      this.#compare(from, Math.min(this.#pixels.length, from + BATCH), ranges, least, unlike, counts);
    let sum = 0;
    const next = new Int32Array(MOST_UNLIKE + 1);
    for (let k = 0; k <= MOST_UNLIKE; k++) {
      next[k] = sum;
      sum += counts[k]!;
      this.#ends[k] = sum;
    }
    this.#first = new Int32Array(sum);
    this.#second = new Int32Array(sum);
    for (let from = 0; from < unlike.length; from += BATCH) this.#place(from, Math.min(unlike.length, from + BATCH), unlike, next);
  }

  #compare(from: number, to: number, { columns, range }: LocalRanges, least: number, unlike: Uint8Array, counts: Int32Array): void {
    const { width, rgba } = this.#photo;
    for (let k = from; k < to; k++) {
      const i = this.#pixels[k]!;
      const x = i % width;
      const around = range[Math.floor((i - x) / width / BLOCK_PX) * columns + ((x / BLOCK_PX) | 0)]!;
      const perDepth = STEP_UNLIKE / (around > least ? around : least);
      for (let direction = 0; direction < 4; direction++) {
        const j = i + this.#offsets[direction]!;
        let difference = MOST_UNLIKE + 1;
        if (this.#placeOf[j]! >= 0) {
          const r = rgba[i * 4]! - rgba[j * 4]!;
          const g = rgba[i * 4 + 1]! - rgba[j * 4 + 1]!;
          const b = rgba[i * 4 + 2]! - rgba[j * 4 + 2]!;
          const step = perDepth * Math.abs(this.#settled[i]! - this.#settled[j]!);
          difference = Math.sqrt(r * r + g * g + b * b) * (direction < 2 ? 1 : DIAGONAL) + (step < STEP_UNLIKE ? step : STEP_UNLIKE);
        }
        const whole = difference > MOST_UNLIKE ? MOST_UNLIKE + 1 : difference | 0;
        unlike[4 * k + direction] = whole;
        counts[whole]!++;
      }
    }
  }

  /** Counting sort, the stable second half. */
  #place(from: number, to: number, unlike: Uint8Array, next: Int32Array): void {
    for (let n = from; n < to; n++) {
      if (unlike[n]! > MOST_UNLIKE) continue;
      const to = next[unlike[n]!]!++;
      this.#first[to] = n >> 2;
      this.#second[to] = this.#placeOf[this.#pixels[n >> 2]! + this.#offsets[n & 3]!]!;
    }
  }

  /** Joins pairs, the most alike first; then those left where one side is too small to stand alone. */
  join(): void {
    const left = new Int32Array(this.#first.length);
    let count = 0;
    let from = 0;
    for (let k = 0; k <= MOST_UNLIKE; k++) {
      const end = this.#ends[k]!;
      for (; from < end; from += BATCH) count = this.#joinAlike(from, Math.min(end, from + BATCH), k, left, count);
      from = end;
    }
    for (let at = 0; at < count; at += BATCH) this.#joinCrumbs(left, at, Math.min(count, at + BATCH));
  }

  /** Lists those of the pairs that it leaves apart. */
  #joinAlike(from: number, to: number, unlike: number, left: Int32Array, known: number): number {
    const size = this.#size;
    const inner = this.#inner;
    let count = known;
    for (let n = from; n < to; n++) {
      const a = rootOf(this.#parent, this.#first[n]!);
      const b = rootOf(this.#parent, this.#second[n]!);
      if (a === b) continue;
      if (
        size[a]! + size[b]! > this.#largest ||
        unlike > inner[a]! + SIZE_TOLERANCE / size[a]! ||
        unlike > inner[b]! + SIZE_TOLERANCE / size[b]!
      )
        left[count++] = n;
      else {
        this.#unite(a, b);
        inner[a] = unlike;
      }
    }
    return count;
  }

  #joinCrumbs(pairs: Int32Array, from: number, to: number): void {
    const size = this.#size;
    for (let n = from; n < to; n++) {
      const a = rootOf(this.#parent, this.#first[pairs[n]!]!);
      const b = rootOf(this.#parent, this.#second[pairs[n]!]!);
      if (a !== b && (size[a]! < SMALLEST_PX || size[b]! < SMALLEST_PX)) this.#unite(a, b);
    }
  }

  #unite(a: number, b: number): void {
    this.#parent[b] = a;
    this.#size[a] = this.#size[a]! + this.#size[b]!;
  }

  /** The segments by number. */
  segments(): Segments {
    const { length } = this.#pixels;
    const numbers = new Int32Array(length).fill(-1);
    const size = new Int32Array(length);
    let count = 0;
    for (let k = 0; k < length; k++) {
      if (this.#parent[k] !== k) continue;
      size[count] = this.#size[k]!;
      numbers[k] = count++;
    }
    const neighbours = new Int32Array(this.#first.length * 2);
    for (let from = 0; from < this.#first.length; from += BATCH) this.#list(from, Math.min(this.#first.length, from + BATCH), neighbours);
    for (let k = 0; k < length; k++) this.#placeOf[this.#pixels[k]!] = numbers[rootOf(this.#parent, k)]!;
    return { count, pixels: this.#pixels, at: this.#placeOf, size: size.subarray(0, count), neighbours };
  }

  #list(from: number, to: number, neighbours: Int32Array): void {
    for (let n = from; n < to; n++) {
      neighbours[2 * n] = this.#pixels[this.#first[n]!]!;
      neighbours[2 * n + 1] = this.#pixels[this.#second[n]!]!;
    }
  }
}
