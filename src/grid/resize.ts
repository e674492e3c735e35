interface Size {
  width: number;
  height: number;
}

/**
 * Brings a raster of one number a pixel to another size: by area where it shrinks, bilinearly where it grows.
 * @returns new numbers, also where the size stays.
 */
export function resize(values: Float32Array, from: Size, to: Size): Float32Array<ArrayBuffer> {
  if (from.width === to.width && from.height === to.height) return values.slice();
  const columns = tapsOf(from.width, to.width);
  const across = new Float32Array(to.width * from.height);
  for (let y = 0; y < from.height; y++) resizeRow(values, y * from.width, columns, across, y * to.width, to.width);
  const rows = tapsOf(from.height, to.height);
  const out = new Float32Array(to.width * to.height);
  for (let y = 0; y < to.height; y++) mixRows(across, to.width, rows, y, out);
  return out;
}

/** Which samples each new one is the mean of. */
interface Taps {
  first: Int32Array;
  count: Int32Array;
  /** `most` a new sample, */
  weights: Float64Array;
  most: number;
  /** which add up to this. */
  total: Float64Array;
}

function tapsOf(from: number, to: number): Taps {
  const scale = from / to;
  const half = Math.max(1, scale);
  const most = 2 * Math.ceil(half) + 1;
  const taps: Taps = {
    first: new Int32Array(to),
    count: new Int32Array(to),
    weights: new Float64Array(to * most),
    most,
    total: new Float64Array(to),
  };
  for (let o = 0; o < to; o++) {
    const centre = (o + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - half));
    const last = Math.min(from - 1, Math.floor(centre + half));
    // A triangle as wide as the coarser of both grids: bilinear when growing, a smooth area mean when shrinking.
    for (let i = first; i <= last; i++) {
      const weight = Math.max(0, 1 - Math.abs(i - centre) / half);
      taps.weights[o * most + i - first] = weight;
      taps.total[o]! += weight;
    }
    taps.first[o] = first;
    taps.count[o] = last - first + 1;
  }
  return taps;
}

// Rows are functions of their own: an engine makes fast what is called often, and a map is resized once.

function resizeRow(
  from: Float32Array,
  start: number,
  { first, count, weights, most, total }: Taps,
  out: Float32Array,
  to: number,
  width: number,
): void {
  for (let x = 0; x < width; x++) {
    const i = start + first[x]!;
    const n = count[x]!;
    let sum = 0;
    for (let k = 0, w = x * most; k < n; k++, w++) sum += from[i + k]! * weights[w]!;
    out[to + x] = sum / total[x]!;
  }
}

function mixRows(from: Float32Array, width: number, { first, count, weights, most, total }: Taps, row: number, out: Float32Array): void {
  const start = first[row]! * width;
  const n = count[row]!;
  const w = row * most;
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let k = 0, i = start + x; k < n; k++, i += width) sum += from[i]! * weights[w + k]!;
    out[row * width + x] = sum / total[row]!;
  }
}
