/**
 * Means over windows of (2·radius + 1)² samples, cut off at the border, for maps of one size. Running sums: the radius costs nothing.
 */
export class BoxMean {
  readonly #width: number;
  readonly #height: number;
  readonly #radius: number;
  readonly #rows: Float32Array;
  readonly #sums: Float64Array;

  constructor(width: number, height: number, radius: number) {
    this.#width = width;
    this.#height = height;
    this.#radius = radius;
    this.#rows = new Float32Array(width * height);
    this.#sums = new Float64Array(width);
  }

  /** @param from is left as it is. */
  of(from: Float32Array): Float32Array {
    for (let y = 0; y < this.#height; y++) this.#meanRow(from, y * this.#width);
    const out = new Float32Array(from.length);
    this.#meanColumns(out);
    return out;
  }

  #meanRow(from: Float32Array, row: number): void {
    const width = this.#width;
    const radius = this.#radius;
    const rows = this.#rows;
    const inner = Math.max(0, width - radius);
    let sum = 0;
    for (let i = row, end = row + Math.min(radius, width); i < end; i++) sum += from[i]!;
    let x = 0;
    for (; x < inner && x <= radius; x++) {
      sum += from[row + x + radius]!;
      rows[row + x] = sum / (x + radius + 1);
    }
    const whole = 1 / (2 * radius + 1);
    for (let i = row + x, end = row + inner; i < end; i++, x++) {
      sum += from[i + radius]! - from[i - radius - 1]!;
      rows[i] = sum * whole;
    }
    for (; x < width; x++) {
      if (x > radius) sum -= from[row + x - radius - 1]!;
      rows[row + x] = sum / (width - Math.max(0, x - radius));
    }
  }

  /** Whole rows at a time: columns one by one would miss the cache. */
  #meanColumns(out: Float32Array): void {
    const width = this.#width;
    const height = this.#height;
    const radius = this.#radius;
    const rows = this.#rows;
    const sums = this.#sums.fill(0);
    for (let i = 0, end = Math.min(radius, height) * width; i < end; i += width) for (let x = 0; x < width; x++) sums[x]! += rows[i + x]!;
    for (let y = 0; y < height; y++) {
      const row = y * width;
      const enters = y + radius < height;
      const leaves = y > radius;
      const enter = row + radius * width;
      const leave = row - (radius + 1) * width;
      const weight = 1 / (Math.min(height - 1, y + radius) - Math.max(-1, y - radius - 1));
      if (enters && leaves) {
        slide(sums, rows, enter, leave, out, row, weight);
        continue;
      }
      if (enters) for (let x = 0; x < width; x++) sums[x]! += rows[enter + x]!;
      if (leaves) for (let x = 0; x < width; x++) sums[x]! -= rows[leave + x]!;
      for (let x = 0; x < width; x++) out[row + x] = sums[x]! * weight;
    }
  }
}

/** A row of its own: called often, an engine makes it fast soon. */
function slide(sums: Float64Array, rows: Float32Array, enter: number, leave: number, out: Float32Array, row: number, weight: number): void {
  for (let x = 0; x < sums.length; x++) {
    const sum = sums[x]! + rows[enter + x]! - rows[leave + x]!;
    sums[x] = sum;
    out[row + x] = sum * weight;
  }
}
