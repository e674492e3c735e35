/**
 * Smooth filling by push-pull (Gortler et al., "The Lumigraph", 1996; Burt, "Moment images", 1988): means are pushed
 * down a pyramid and pulled up again where nothing is known. Weighted, so the context can count by degrees.
 * @param rgb `width × height × 3` floats. @param weight `width × height`, 0..1.
 * @param only `width × height`: 0 = not needed; default all.
 * @returns `width × height × 3`: where weight is 1 the given colour, else the smooth continuation; 0 where not needed.
 */
export function pushPull(rgb: Float32Array, weight: Float32Array, width: number, height: number, only?: Uint8Array): Float32Array {
  const out = new Float32Array(width * height * 3);
  if (width <= 1 && height <= 1) {
    out.set(rgb.subarray(0, 3));
    return out;
  }
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const sums = new Float32Array(w * h * 3);
  const weights = new Float32Array(w * h);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const k = weight[i]!;
      if (k === 0) continue;
      const j = (y >> 1) * w + (x >> 1);
      weights[j]! += k;
      sums[j * 3]! += k * rgb[i * 3]!;
      sums[j * 3 + 1]! += k * rgb[i * 3 + 1]!;
      sums[j * 3 + 2]! += k * rgb[i * 3 + 2]!;
    }
  }
  for (let j = 0; j < weights.length; j++) {
    const k = weights[j]!;
    if (k === 0) continue;
    for (let c = 0; c < 3; c++) sums[j * 3 + c]! /= k;
    weights[j] = Math.min(1, k);
  }
  const coarse = pushPull(sums, weights, w, h);
  for (let y = 0; y < height; y++) {
    // Bilinear from the coarser level: its sample centres lie at 2x + 1.
    const fy = (y - 0.5) / 2;
    const ya = Math.max(0, Math.floor(fy));
    const yb = Math.min(h - 1, ya + 1);
    const ty = Math.min(1, Math.max(0, fy - ya));
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (only && !only[i]) continue;
      const k = weight[i]!;
      if (k >= 1) {
        for (let c = 0; c < 3; c++) out[i * 3 + c] = rgb[i * 3 + c]!;
        continue;
      }
      const fx = (x - 0.5) / 2;
      const xa = Math.max(0, Math.floor(fx));
      const xb = Math.min(w - 1, xa + 1);
      const tx = Math.min(1, Math.max(0, fx - xa));
      for (let c = 0; c < 3; c++) {
        const top = coarse[(ya * w + xa) * 3 + c]! * (1 - tx) + coarse[(ya * w + xb) * 3 + c]! * tx;
        const bottom = coarse[(yb * w + xa) * 3 + c]! * (1 - tx) + coarse[(yb * w + xb) * 3 + c]! * tx;
        out[i * 3 + c] = k * rgb[i * 3 + c]! + (1 - k) * (top * (1 - ty) + bottom * ty);
      }
    }
  }
  return out;
}
