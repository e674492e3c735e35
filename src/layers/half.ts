/** Means of 2×2 samples; an odd last row or column is repeated. */
export function halved(from: Float32Array, width: number, height: number): Float32Array {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const a = 2 * y * width;
    const b = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < w; x++) {
      const left = 2 * x;
      const right = left + 1 < width ? left + 1 : left;
      out[y * w + x] = (from[a + left]! + from[a + right]! + from[b + left]! + from[b + right]!) / 4;
    }
  }
  return out;
}

/** The way back from `halved`, bilinearly, to `width × height`. */
export function doubled(from: Float32Array, w: number, h: number, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height);
  const row = new Float32Array(w);
  for (let y = 0; y < height; y++) {
    // Sample centres lie at 2y + 1: a quarter of the way to the next one, up or down.
    const near = (y >> 1) * w;
    const far = Math.min(h - 1, Math.max(0, (y >> 1) + (y & 1 ? 1 : -1))) * w;
    for (let x = 0; x < w; x++) row[x] = 0.75 * from[near + x]! + 0.25 * from[far + x]!;
    for (let x = 0; x < width; x++) {
      const k = x >> 1;
      const other = x & 1 ? (k + 1 < w ? k + 1 : k) : k > 0 ? k - 1 : k;
      out[y * width + x] = 0.75 * row[k]! + 0.25 * row[other]!;
    }
  }
  return out;
}
