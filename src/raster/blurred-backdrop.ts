import type { Layer, Raster } from '../core/index.ts';

/** Longer side of the backdrop in pixels: large enough to follow the photo's colours, too small to show its things. */
const LONGER_SIDE = 48;

/**
 * The photo, very small and wholly opaque: means over blocks, weighted by coverage. Stretched
 * over the picture it is what shows where no layer has anything, so a gap looks like a blur
 * instead of a black hole.
 */
export function blurredBackdrop(layer: Layer): Raster {
  const { margin, rgba } = layer;
  const photoWidth = Math.max(1, layer.width - 2 * margin);
  const photoHeight = Math.max(1, layer.height - 2 * margin);
  const scale = Math.min(1, LONGER_SIDE / Math.max(photoWidth, photoHeight));
  const width = Math.max(1, Math.round(photoWidth * scale));
  const height = Math.max(1, Math.round(photoHeight * scale));
  const out = new Uint8ClampedArray(width * height * 4);
  const mean = [0, 0, 0, 0];
  const empty: number[] = [];
  for (let y = 0; y < height; y++) {
    const y0 = margin + Math.floor((y * photoHeight) / height);
    const y1 = Math.max(y0 + 1, margin + Math.floor(((y + 1) * photoHeight) / height));
    for (let x = 0; x < width; x++) {
      const x0 = margin + Math.floor((x * photoWidth) / width);
      const x1 = Math.max(x0 + 1, margin + Math.floor(((x + 1) * photoWidth) / width));
      let [red, green, blue, weight] = [0, 0, 0, 0];
      for (let v = y0; v < y1; v++) {
        for (let u = x0; u < x1; u++) {
          const i = (v * layer.width + u) * 4;
          const alpha = rgba[i + 3]!;
          red += rgba[i]! * alpha;
          green += rgba[i + 1]! * alpha;
          blue += rgba[i + 2]! * alpha;
          weight += alpha;
        }
      }
      const sum = [red, green, blue, weight];
      const o = (y * width + x) * 4;
      if (sum[3]! > 0) for (let c = 0; c < 3; c++) out[o + c] = sum[c]! / sum[3]!;
      else empty.push(o);
      for (let c = 0; c < 4; c++) mean[c]! += sum[c]!;
      out[o + 3] = 255;
    }
  }
  for (const o of empty) for (let c = 0; c < 3; c++) out[o + c] = mean[3]! > 0 ? mean[c]! / mean[3]! : 128;
  return { width, height, rgba: out };
}
