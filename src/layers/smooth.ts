/**
 * Edge-preserving smoothing by the recursive domain transform (Gastal and Oliveira, "Domain Transform
 * for Edge-Aware Image and Video Processing", 2011): a fixed number of passes over the rows and
 * columns, whatever the map is like.
 * @param disparity `width × height`, smoothed in place.
 * @param reach pixels over which flat parts are averaged (standard deviation).
 * @param tolerance steps between neighbours of the guide up to this are no edges.
 * @param contrast steps beyond the tolerance by this count as one standard deviation of distance.
 */
export function smoothDisparity(disparity: Float32Array, width: number, height: number, reach: number, tolerance: number, contrast: number, blurRadius: number): void {
  const guide = blurRadius > 0 ? boxBlur(disparity, width, height, blurRadius) : disparity.slice();
  const across = new Float32Array(width * height);
  const down = new Float32Array(width * height);
  const scale = reach / contrast;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x > 0) across[i] = 1 + scale * Math.max(0, Math.abs(guide[i]! - guide[i - 1]!) - tolerance);
      if (y > 0) down[i] = 1 + scale * Math.max(0, Math.abs(guide[i]! - guide[i - width]!) - tolerance);
    }
  }
  const passes = 3;
  for (let pass = 0; pass < passes; pass++) {
    const sigma = (reach * Math.sqrt(3) * 2 ** (passes - pass - 1)) / Math.sqrt(4 ** passes - 1);
    const log = -Math.SQRT2 / sigma;
    const table = feedback(log);
    for (let y = 0; y < height; y++) {
      const row = y * width;
      for (let x = 1; x < width; x++) {
        const i = row + x;
        disparity[i]! += table(across[i]!) * (disparity[i - 1]! - disparity[i]!);
      }
      for (let x = width - 2; x >= 0; x--) {
        const i = row + x;
        disparity[i]! += table(across[i + 1]!) * (disparity[i + 1]! - disparity[i]!);
      }
    }
    // Whole rows at a time: columns one by one would miss the cache.
    for (let i = width; i < disparity.length; i++) disparity[i]! += table(down[i]!) * (disparity[i - width]! - disparity[i]!);
    for (let i = disparity.length - width - 1; i >= 0; i--) disparity[i]! += table(down[i + width]!) * (disparity[i + width]! - disparity[i]!);
  }
}

/** `exp(log · distance)` from a table: distances are many, precision is not needed. */
function feedback(log: number): (distance: number) => number {
  const size = 1024;
  const most = 16;
  const values = new Float32Array(size + 1);
  for (let k = 0; k < size; k++) values[k] = Math.exp((log * k * most) / size);
  const scale = size / most;
  return (distance) => (distance >= most ? Math.exp(log * distance) : values[(distance * scale) | 0]!);
}

/** Mean over (2·radius + 1)² pixels, borders repeated. */
export function boxBlur(from: Float32Array, width: number, height: number, radius: number): Float32Array {
  const rows = new Float32Array(from.length);
  const n = 2 * radius + 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = from[row]! * radius;
    for (let k = 0; k <= radius; k++) sum += from[row + Math.min(k, width - 1)]!;
    for (let x = 0; x < width; x++) {
      rows[row + x] = sum / n;
      sum += from[row + Math.min(x + radius + 1, width - 1)]! - from[row + Math.max(x - radius, 0)]!;
    }
  }
  const out = new Float32Array(from.length);
  const sums = new Float64Array(width);
  for (let x = 0; x < width; x++) sums[x] = rows[x]! * radius;
  for (let k = 0; k <= radius; k++) {
    const row = Math.min(k, height - 1) * width;
    for (let x = 0; x < width; x++) sums[x]! += rows[row + x]!;
  }
  for (let y = 0; y < height; y++) {
    const enter = Math.min(y + radius + 1, height - 1) * width;
    const leave = Math.max(y - radius, 0) * width;
    for (let x = 0; x < width; x++) {
      out[y * width + x] = sums[x]! / n;
      sums[x]! += rows[enter + x]! - rows[leave + x]!;
    }
  }
  return out;
}
