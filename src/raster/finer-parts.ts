import type { Canvas } from './canvas.ts';

/**
 * Which pixels get more samples: those that were marked, and their neighbours.
 * @returns for each pixel how many on its row follow that stay as they are (above 0), or that get more, itself among them (below 0).
 */
export function runsOf({ width, height, open }: Canvas): Int16Array {
  const marked = open ?? new Uint8Array(width * height);
  const runs = new Int16Array(width * height);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width;
    const here = y * width;
    const below = Math.min(height - 1, y + 1) * width;
    const any = (x: number): number => (x < 0 || x >= width ? 0 : marked[above + x]! | marked[here + x]! | marked[below + x]!);
    let run = 0;
    for (let x = width - 1; x >= 0; x--) {
      const isIn = any(x - 1) | any(x) | any(x + 1);
      run = isIn ? Math.min(run, 0) - 1 : Math.max(run, 0) + 1;
      runs[here + x] = run;
    }
  }
  return runs;
}

/** Puts the means of the finer samples where there are some. Of sRGB values as they are, as the photo's own pixels are means. */
export function takeMeans(fine: Canvas, coarse: Canvas): void {
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
