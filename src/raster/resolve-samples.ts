import type { SampleBuffer } from './sample-buffer.ts';

/** Puts the means of the finer samples where there are some. Of sRGB values as they are, as the photo's own pixels are means. */
export function resolveSamples(fine: SampleBuffer, coarse: SampleBuffer): void {
  const { samples, runs } = fine;
  const { width, height, pixels } = coarse;
  const n = samples * samples;
  if (!runs) return;
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (runs[i]! > 0) continue;
      let red = n >> 1;
      let green = n >> 1;
      let blue = n >> 1;
      for (let v = 0; v < samples; v++) {
        const from = (y * samples + v) * fine.width + x * samples;
        for (let u = 0; u < samples; u++) {
          const value = fine.pixels[from + u]!;
          red += value & 255;
          green += (value >>> 8) & 255;
          blue += (value >>> 16) & 255;
        }
      }
      pixels[i] = (red / n) | 0 | (((green / n) | 0) << 8) | (((blue / n) | 0) << 16) | 0xff000000;
    }
  }
}
