/**
 * Smooth filling by push-pull (Gortler et al., "The Lumigraph", 1996; Burt, "Moment images", 1988): means are pushed
 * down a pyramid and pulled up again where nothing is known. Weighted, so the context can count by degrees.
 * @param rgbd `width × height × 4` floats. @param weight `width × height`, 0..1.
 * @param only `width × height`: 0 = not needed; default all.
 * @returns `width × height × 4`: where weight is 1 the given colour, else the smooth continuation; 0 where not needed.
 */
export function pushPull(rgbd: Float32Array, weight: Float32Array, width: number, height: number, only?: Uint8Array): Float32Array {
  const out = new Float32Array(width * height * 4);
  if (width <= 1 && height <= 1) {
    out.set(rgbd.subarray(0, 4));
    return out;
  }
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const sums = new Float32Array(w * h * 4);
  const weights = new Float32Array(w * h);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const k = weight[i]!;
      if (k === 0) continue;
      const j = (y >> 1) * w + (x >> 1);
      weights[j]! += k;
      sums[j * 4]! += k * rgbd[i * 4]!;
      sums[j * 4 + 1]! += k * rgbd[i * 4 + 1]!;
      sums[j * 4 + 2]! += k * rgbd[i * 4 + 2]!;
      sums[j * 4 + 3]! += k * rgbd[i * 4 + 3]!;
    }
  }
  for (let j = 0; j < weights.length; j++) {
    const k = weights[j]!;
    if (k === 0) continue;
    for (let c = 0; c < 4; c++) sums[j * 4 + c]! /= k;
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
        for (let c = 0; c < 4; c++) out[i * 4 + c] = rgbd[i * 4 + c]!;
        continue;
      }
      const fx = (x - 0.5) / 2;
      const xa = Math.max(0, Math.floor(fx));
      const xb = Math.min(w - 1, xa + 1);
      const tx = Math.min(1, Math.max(0, fx - xa));
      for (let c = 0; c < 4; c++) {
        const top = coarse[(ya * w + xa) * 4 + c]! * (1 - tx) + coarse[(ya * w + xb) * 4 + c]! * tx;
        const bottom = coarse[(yb * w + xa) * 4 + c]! * (1 - tx) + coarse[(yb * w + xb) * 4 + c]! * tx;
        out[i * 4 + c] = k * rgbd[i * 4 + c]! + (1 - k) * (top * (1 - ty) + bottom * ty);
      }
    }
  }
  return out;
}
