import type { SampleBuffer } from './sample-buffer.ts';

/**
 * Which pixels get more samples: those that were marked, and their neighbours.
 * @returns for each pixel how many on its row follow that stay as they are (above 0), or that get more, itself among them (below 0).
 */
export function supersampleRuns({ width, height, open }: SampleBuffer): Int16Array {
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
