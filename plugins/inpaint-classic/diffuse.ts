/**
 * Smooths the colours of holes along their own surface: Gauss–Seidel sweeps of the membrane equation,
 * across neighbours that are one surface by disparity only. Changes the colours in place, under `order` only.
 * @param rgbd four a pixel; the fourth is left alone.
 * @param order indices of the pixels to smooth. @param usable 0..255: how much a neighbour may lend of its colour.
 */
export function diffuse(
  rgbd: Float32Array, order: Int32Array, usable: Uint8Array, disparity: Float32Array, sameSurface: number, width: number, height: number, sweeps: number,
): void {
  // Who lends to whom does not change from sweep to sweep: a slot without a neighbour points at the pixel itself with no weight.
  const lenders = new Int32Array(order.length * 4);
  const weights = new Float32Array(order.length * 4);
  const last = width * (height - 1);
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!;
    const x = i % width;
    const d = disparity[i]!;
    let total = 0;
    for (let side = 0; side < 4; side++) {
      const there = side === 0 ? x > 0 : side === 1 ? x + 1 < width : side === 2 ? i >= width : i < last;
      const j = side === 0 ? i - 1 : side === 1 ? i + 1 : side === 2 ? i - width : i + width;
      const lends = there && usable[j]! > 0 && Math.abs(disparity[j]! - d) <= sameSurface;
      lenders[n * 4 + side] = (lends ? j : i) * 4;
      if (!lends) continue;
      weights[n * 4 + side] = usable[j]!;
      total += usable[j]!;
    }
    if (total === 0) weights[n * 4] = 1;
    else for (let side = 0; side < 4; side++) weights[n * 4 + side]! /= total;
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forward = sweep % 2 === 0;
    for (let n = 0; n < order.length; n++) {
      const m = forward ? n : order.length - 1 - n;
      const i = order[m]! * 4;
      const a = lenders[m * 4]!, b = lenders[m * 4 + 1]!, c = lenders[m * 4 + 2]!, d = lenders[m * 4 + 3]!;
      const wa = weights[m * 4]!, wb = weights[m * 4 + 1]!, wc = weights[m * 4 + 2]!, wd = weights[m * 4 + 3]!;
      rgbd[i] = wa * rgbd[a]! + wb * rgbd[b]! + wc * rgbd[c]! + wd * rgbd[d]!;
      rgbd[i + 1] = wa * rgbd[a + 1]! + wb * rgbd[b + 1]! + wc * rgbd[c + 1]! + wd * rgbd[d + 1]!;
      rgbd[i + 2] = wa * rgbd[a + 2]! + wb * rgbd[b + 2]! + wc * rgbd[c + 2]! + wd * rgbd[d + 2]!;
    }
  }
}
