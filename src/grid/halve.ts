interface Image {
  width: number;
  height: number;
  rgba: Uint8ClampedArray;
}

/** Means of 2×2 samples; an odd last row or column is repeated. */
export function halve(from: Float32Array, width: number, height: number): Float32Array {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) halveRow(from, 2 * y * width, Math.min(2 * y + 1, height - 1) * width, width, out, y * w, w);
  return out;
}

// Rows are functions of their own: an engine makes fast what is called often, and a map is smoothed once.

function halveRow(from: Float32Array, a: number, b: number, width: number, out: Float32Array, to: number, w: number): void {
  for (let x = 0; x < w; x++) {
    const left = 2 * x;
    const right = left + 1 < width ? left + 1 : left;
    out[to + x] = (from[a + left]! + from[a + right]! + from[b + left]! + from[b + right]!) / 4;
  }
}

/** The photo at half its size, like `halved`. */
export function halvePhoto({ width, height, rgba }: Image): Image {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const out = new Uint8ClampedArray(w * h * 4);
  for (let y = 0; y < h; y++) halvePhotoRow(rgba, 2 * y * width * 4, Math.min(2 * y + 1, height - 1) * width * 4, width, out, y * w * 4, w);
  return { width: w, height: h, rgba: out };
}

function halvePhotoRow(rgba: Uint8ClampedArray, a: number, b: number, width: number, out: Uint8ClampedArray, to: number, w: number): void {
  for (let x = 0; x < w; x++) {
    const left = 8 * x;
    const right = 2 * x + 1 < width ? left + 4 : left;
    const o = to + x * 4;
    for (let c = 0; c < 3; c++)
      out[o + c] = (rgba[a + left + c]! + rgba[a + right + c]! + rgba[b + left + c]! + rgba[b + right + c]! + 2) >> 2;
    out[o + 3] = 255;
  }
}
