import type { Raster } from '../core/index.ts';
import { BLOCK, type Ranges } from './ranges.ts';

/** Patches larger than this, in pixels of a photo 640 pixels long, are cut: only their rims lie at a silhouette. */
const LARGEST = 150;
/** Smaller ones go with the neighbour that is most like them. */
const SMALLEST = 4;
/** How unlike neighbours in one patch may be, times its pixels: small patches forgive more (Felzenszwalb and Huttenlocher's k). */
const TOLERANCE = 150;
/** Pairs that are more unlike are never in one patch; root of the summed squares of three channels. */
const MOST = 60;
/** A step of all the depth there is around is as unlike as this difference of colours. */
const STEP = 60;
/** Neighbours along the diagonal count as farther apart. */
const DIAGONAL = 1.2;
/** A patch lies where this share of its pixels, the inner ones counting most, is no nearer. */
const SHARE = 0.6;
/** Depths that differ from their patch's by less, in least steps, stay: it may be slanted. */
const SLANT = 0.2;
/** Patches whose depths differ by less, in least steps, are one surface. */
const EVEN = 0.7;
/** Steps in which a patch's depths are sorted. */
const BINS = 16;
/** Pixels that are worked on in one go. */
const GO = 1024;

/**
 * Holds things together: a leaf, a rail or a wire, seen as a patch of one colour beside a silhouette, gets one
 * depth where its pixels were settled one by one. Patches come from a graph-based segmentation by colour and
 * settled depth (Felzenszwalb and Huttenlocher 2004).
 * @param settled disparity at photo size; changed where asked.
 * @param pixels where it is asked, in rising order, none of them on the photo's border.
 * @param ranges of `settled` or of the map that it was made of.
 * @param least a range below this is none, in disparity.
 */
export function holdTogether(settled: Float32Array, pixels: Int32Array, photo: Raster, ranges: Ranges, least: number): void {
  const patches = new Patches(settled, pixels, photo);
  patches.sortPairs(ranges, least);
  patches.join(false);
  patches.join(true);
  patches.level(least);
}

/** Patches of asked-for pixels, as a forest; numbers are places in `pixels`. */
class Patches {
  readonly #settled: Float32Array;
  readonly #pixels: Int32Array;
  readonly #photo: Raster;
  /** Place of a pixel in `pixels`; −1 where it is not asked for. */
  readonly #placeOf: Int32Array;
  readonly #offsets: Int32Array;
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  /** Largest difference that a patch was joined over. */
  readonly #inner: Float32Array;
  /** Pairs, 4 · place + direction, the most alike first; those that are `k` unlike end at `ends[k]`. */
  #pairs = new Int32Array(0);
  readonly #ends = new Int32Array(MOST + 1);
  readonly #largest: number;

  constructor(settled: Float32Array, pixels: Int32Array, photo: Raster) {
    const { width, height } = photo;
    this.#settled = settled;
    this.#pixels = pixels;
    this.#photo = photo;
    this.#largest = LARGEST * Math.max(1, Math.max(width, height) / 640) ** 2;
    this.#placeOf = new Int32Array(width * height).fill(-1);
    this.#offsets = Int32Array.of(1, width, width + 1, width - 1);
    this.#parent = new Int32Array(pixels.length);
    for (let k = 0; k < pixels.length; k++) {
      this.#placeOf[pixels[k]!] = k;
      this.#parent[k] = k;
    }
    this.#size = new Int32Array(pixels.length).fill(1);
    this.#inner = new Float32Array(pixels.length);
  }

  /** Sorts neighbouring pixels by how unlike they are. */
  sortPairs(ranges: Ranges, least: number): void {
    const unlike = new Uint8Array(this.#pixels.length * 4);
    const counts = new Int32Array(MOST + 2);
    for (let from = 0; from < this.#pixels.length; from += GO) this.#compare(from, Math.min(this.#pixels.length, from + GO), ranges, least, unlike, counts);
    let sum = 0;
    const next = new Int32Array(MOST + 1);
    for (let k = 0; k <= MOST; k++) {
      next[k] = sum;
      sum += counts[k]!;
      this.#ends[k] = sum;
    }
    this.#pairs = new Int32Array(sum);
    for (let from = 0; from < unlike.length; from += GO) place(unlike, from, Math.min(unlike.length, from + GO), next, this.#pairs);
  }

  #compare(from: number, to: number, { columns, range }: Ranges, least: number, unlike: Uint8Array, counts: Int32Array): void {
    const { width, rgba } = this.#photo;
    for (let k = from; k < to; k++) {
      const i = this.#pixels[k]!;
      const x = i % width;
      const around = range[Math.floor((i - x) / width / BLOCK) * columns + ((x / BLOCK) | 0)]!;
      const perDepth = STEP / (around > least ? around : least);
      for (let direction = 0; direction < 4; direction++) {
        const j = i + this.#offsets[direction]!;
        let difference = MOST + 1;
        if (this.#placeOf[j]! >= 0) {
          const r = rgba[i * 4]! - rgba[j * 4]!;
          const g = rgba[i * 4 + 1]! - rgba[j * 4 + 1]!;
          const b = rgba[i * 4 + 2]! - rgba[j * 4 + 2]!;
          const step = perDepth * Math.abs(this.#settled[i]! - this.#settled[j]!);
          difference = Math.sqrt(r * r + g * g + b * b) * (direction < 2 ? 1 : DIAGONAL) + (step < STEP ? step : STEP);
        }
        const whole = difference > MOST ? MOST + 1 : difference | 0;
        unlike[4 * k + direction] = whole;
        counts[whole]!++;
      }
    }
  }

  /** Joins pairs, the most alike first; `crumbs` = only those where one side is too small to stand alone. */
  join(crumbs: boolean): void {
    let from = 0;
    for (let k = 0; k <= MOST; k++) {
      const end = this.#ends[k]!;
      for (; from < end; from += GO) this.#joinSome(from, Math.min(end, from + GO), k, crumbs);
      from = end;
    }
  }

  #joinSome(from: number, to: number, unlike: number, crumbs: boolean): void {
    const size = this.#size;
    for (let n = from; n < to; n++) {
      const pair = this.#pairs[n]!;
      const a = this.#root(pair >> 2);
      const b = this.#root(this.#partner(pair));
      if (a === b) continue;
      if (crumbs) {
        if (size[a]! >= SMALLEST && size[b]! >= SMALLEST) continue;
      } else if (size[a]! + size[b]! > this.#largest || unlike > this.#inner[a]! + TOLERANCE / size[a]! || unlike > this.#inner[b]! + TOLERANCE / size[b]!) {
        continue;
      }
      this.#parent[b] = a;
      size[a] = size[a]! + size[b]!;
      this.#inner[a] = unlike;
    }
  }

  /** The second place of a pair. */
  #partner(pair: number): number {
    return this.#placeOf[this.#pixels[pair >> 2]! + this.#offsets[pair & 3]!]!;
  }

  #root(place: number): number {
    const parent = this.#parent;
    let k = place;
    while (parent[k] !== k) {
      parent[k] = parent[parent[k]!]!;
      k = parent[k]!;
    }
    return k;
  }

  /** Gives each patch its depth. */
  level(least: number): void {
    const { length } = this.#pixels;
    const root = this.#parent;
    for (let k = 0; k < length; k++) root[k] = this.#root(k);
    const low = new Float32Array(length).fill(Infinity);
    const high = new Float32Array(length).fill(-Infinity);
    for (let from = 0; from < length; from += GO) this.#widen(from, Math.min(length, from + GO), low, high);
    // Roots have room for their patch's bins, one after the other.
    const bins = new Int32Array(length).fill(-1);
    let count = 0;
    for (let k = 0; k < length; k++) if (root[k] === k) bins[k] = BINS * count++;
    const weights = new Float32Array(BINS * count);
    const sums = new Float32Array(BINS * count);
    for (let from = 0; from < length; from += GO) this.#weigh(from, Math.min(length, from + GO), low, high, bins, weights, sums);
    const depths = new Float32Array(length);
    for (let k = 0; k < length; k++) if (root[k] === k) low[k] = high[k] = depths[k] = shareOf(weights, sums, bins[k]!);
    for (let from = 0; from < this.#pairs.length; from += GO) this.#even(from, Math.min(this.#pairs.length, from + GO), depths, low, high, EVEN * least);
    for (let k = 0; k < length; k++) {
      const i = this.#pixels[k]!;
      const depth = depths[this.#root(k)]!;
      if (Math.abs(this.#settled[i]! - depth) > SLANT * least) this.#settled[i] = depth;
    }
  }

  /** Neighbouring patches that lie within `least` of each other take one depth between them. `low` and `high` are theirs. */
  #even(from: number, to: number, depths: Float32Array, low: Float32Array, high: Float32Array, least: number): void {
    const size = this.#size;
    for (let n = from; n < to; n++) {
      const pair = this.#pairs[n]!;
      const a = this.#root(pair >> 2);
      const b = this.#root(this.#partner(pair));
      if (a === b) continue;
      const l = low[a]! < low[b]! ? low[a]! : low[b]!;
      const h = high[a]! > high[b]! ? high[a]! : high[b]!;
      if (h - l >= least) continue;
      depths[a] = (depths[a]! * size[a]! + depths[b]! * size[b]!) / (size[a]! + size[b]!);
      low[a] = l;
      high[a] = h;
      this.#parent[b] = a;
      size[a] = size[a]! + size[b]!;
    }
  }

  #widen(from: number, to: number, low: Float32Array, high: Float32Array): void {
    for (let k = from; k < to; k++) {
      const d = this.#settled[this.#pixels[k]!]!;
      const r = this.#parent[k]!;
      if (d < low[r]!) low[r] = d;
      if (d > high[r]!) high[r] = d;
    }
  }

  #weigh(from: number, to: number, low: Float32Array, high: Float32Array, bins: Int32Array, weights: Float32Array, sums: Float32Array): void {
    const { width } = this.#photo;
    for (let k = from; k < to; k++) {
      const i = this.#pixels[k]!;
      const r = this.#parent[k]!;
      let alike = 0;
      for (let v = -width; v <= width; v += width) {
        for (let j = i + v - 1; j <= i + v + 1; j++) {
          const other = this.#placeOf[j]!;
          if (other >= 0 && this.#parent[other] === r) alike++;
        }
      }
      const d = this.#settled[i]!;
      const bin = bins[r]! + Math.min(BINS - 1, ((d - low[r]!) / (high[r]! - low[r]! + 1e-9)) * BINS | 0);
      weights[bin]! += alike * alike;
      sums[bin]! += alike * alike * d;
    }
  }
}

/** Counting sort, the stable second half. */
function place(unlike: Uint8Array, from: number, to: number, next: Int32Array, pairs: Int32Array): void {
  for (let n = from; n < to; n++) if (unlike[n]! <= MOST) pairs[next[unlike[n]!]!++] = n;
}

/** The depth below which the share of a patch's weight lies. */
function shareOf(weights: Float32Array, sums: Float32Array, from: number): number {
  let total = 0;
  for (let n = from; n < from + BINS; n++) total += weights[n]!;
  let sum = 0;
  for (let n = from; n < from + BINS; n++) {
    sum += weights[n]!;
    if (sum >= SHARE * total) return sums[n]! / weights[n]!;
  }
  return sums[from + BINS - 1]! / weights[from + BINS - 1]!;
}
