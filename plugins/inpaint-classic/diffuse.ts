/**
 * Smooths the colours of holes along their own surface: Gauss–Seidel sweeps of the membrane equation,
 * across neighbours that are one surface by disparity only. Changes `rgb` in place, under `order` only.
 * @param order indices of the pixels to smooth. @param fixed 1 = neighbour that may lend its colour.
 */
export function diffuse(
  rgb: Float32Array, order: Int32Array, usable: Uint8Array, disparity: Float32Array, sameSurface: number, width: number, height: number, sweeps: number,
): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forward = sweep % 2 === 0;
    for (let n = 0; n < order.length; n++) {
      const i = order[forward ? n : order.length - 1 - n]!;
      const d = disparity[i]!;
      const x = i % width;
      let r = 0, g = 0, b = 0, weight = 0;
      for (let side = 0; side < 4; side++) {
        const j = side === 0 ? (x > 0 ? i - 1 : -1) : side === 1 ? (x + 1 < width ? i + 1 : -1) : side === 2 ? i - width : i + width;
        if (j < 0 || j >= width * height || !usable[j] || Math.abs(disparity[j]! - d) > sameSurface) continue;
        const w = usable[j]! / 255;
        r += w * rgb[j * 3]!;
        g += w * rgb[j * 3 + 1]!;
        b += w * rgb[j * 3 + 2]!;
        weight += w;
      }
      if (weight === 0) continue;
      rgb[i * 3] = r / weight;
      rgb[i * 3 + 1] = g / weight;
      rgb[i * 3 + 2] = b / weight;
    }
  }
}
