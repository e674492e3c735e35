/**
 * Edge-preserving smoothing by the recursive domain transform (Gastal and Oliveira, "Domain Transform
 * for Edge-Aware Image and Video Processing", 2011): a fixed number of passes over the rows and
 * columns, whatever the map is like.
 * @param disparity `width × height`, smoothed in place.
 * @param reach pixels over which flat parts are averaged (standard deviation).
 * @param tolerance steps between neighbours of the guide up to this are no edges.
 * @param contrast steps beyond the tolerance by this count as one standard deviation of distance.
 * @param blurRadius the guide is the map's mean over this many pixels to each side; 0 = the map itself.
 */
export function smoothDisparity(disparity: Float32Array, width: number, height: number, reach: number, tolerance: number, contrast: number, blurRadius: number): void {
  const guide = blurRadius > 0 ? boxBlur(disparity, width, height, blurRadius) : disparity;
  const across = new Float32Array(width * height);
  const down = new Float32Array(width * height);
  const scale = reach / contrast;
  // Distances beyond this let nothing through; in steps of 1/64 they index the table of weights.
  const most = 16;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x > 0) across[i] = Math.min(most, 1 + scale * Math.max(0, Math.abs(guide[i]! - guide[i - 1]!) - tolerance)) * 64;
      if (y > 0) down[i] = Math.min(most, 1 + scale * Math.max(0, Math.abs(guide[i]! - guide[i - width]!) - tolerance)) * 64;
    }
  }
  const weights = new Float32Array(most * 64 + 1);
  for (let pass = 0; pass < PASSES; pass++) {
    const sigma = (reach * Math.sqrt(3) * 2 ** (PASSES - pass - 1)) / Math.sqrt(4 ** PASSES - 1);
    for (let k = 0; k < weights.length; k++) weights[k] = Math.exp((-Math.SQRT2 / sigma) * (k / 64));
    for (let y = 0; y < height; y++) {
      const row = y * width;
      let last = disparity[row]!;
      for (let i = row + 1; i < row + width; i++) {
        const here = disparity[i]!;
        last = here + weights[across[i]! | 0]! * (last - here);
        disparity[i] = last;
      }
      for (let i = row + width - 2; i >= row; i--) {
        const here = disparity[i]!;
        last = here + weights[across[i + 1]! | 0]! * (last - here);
        disparity[i] = last;
      }
    }
    // Whole rows at a time: columns one by one would miss the cache.
    for (let i = width; i < disparity.length; i++) {
      const here = disparity[i]!;
      disparity[i] = here + weights[down[i]! | 0]! * (disparity[i - width]! - here);
    }
    for (let i = disparity.length - width - 1; i >= 0; i--) {
      const here = disparity[i]!;
      disparity[i] = here + weights[down[i + width]! | 0]! * (disparity[i + width]! - here);
    }
  }
}

/** Rounds over rows and columns; two leave no stripes that matter here. */
const PASSES = 2;

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
