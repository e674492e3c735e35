/**
 * Colours for pixels that have none: smooth from around, from pictures of half the size each (push–pull; Gortler et al. 1996, The
 * Lumigraph). So a picture's codec meets no edges where nothing is seen.
 * @param rgb three numbers a pixel, changed in place.
 * @param weight 1 = known, 0 = not; changed.
 */
export function fillEmpty(rgb: Float32Array, weight: Float32Array, width: number, height: number): void {
  if (width * height === 1) return;
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const half = new Float32Array(3 * w * h);
  const sums = new Float32Array(w * h);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const part = weight[i]!;
      if (part === 0) continue;
      const k = (y >> 1) * w + (x >> 1);
      sums[k]! += part;
      half[3 * k]! += part * rgb[3 * i]!;
      half[3 * k + 1]! += part * rgb[3 * i + 1]!;
      half[3 * k + 2]! += part * rgb[3 * i + 2]!;
    }
  }
  for (let k = 0; k < w * h; k++) {
    const sum = sums[k]!;
    if (sum === 0) continue;
    for (let c = 0; c < 3; c++) half[3 * k + c]! /= sum;
    sums[k] = Math.min(1, sum);
  }
  fillEmpty(half, sums, w, h);
  for (let y = 0, i = 0; y < height; y++) {
    const v = Math.min(h - 1, Math.max(0, y / 2 - 0.25));
    const top = Math.floor(v);
    const down = v - top;
    const below = top + 1 < h ? 3 * w : 0;
    for (let x = 0; x < width; x++, i++) {
      const part = weight[i]!;
      if (part === 1) continue;
      const u = Math.min(w - 1, Math.max(0, x / 2 - 0.25));
      const left = Math.floor(u);
      const right = u - left;
      const beside = left + 1 < w ? 3 : 0;
      const k = 3 * (top * w + left);
      for (let c = 0; c < 3; c++) {
        const above = half[k + c]! * (1 - right) + half[k + beside + c]! * right;
        const under = half[k + below + c]! * (1 - right) + half[k + below + beside + c]! * right;
        rgb[3 * i + c] = part * rgb[3 * i + c]! + (1 - part) * (above * (1 - down) + under * down);
      }
    }
  }
}
