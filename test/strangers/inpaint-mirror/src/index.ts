import { defineInpainter, throwIfAborted } from 'unflat/plugin';

export default defineInpainter({
  id: 'inpaint-mirror',
  label: 'Mirror',
  about: 'Fills a hole with what lies beside it, mirrored.',
  options: [],
  contextPx: 96,
  supports: () => true,

  async inpaint({ width, height, rgba, hole, context }, { signal, progress }) {
    throwIfAborted(signal);
    const filled = rgba.slice();
    const isSeen = (i: number): boolean => !hole[i] && (context[i] ?? 0) === 255;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (!hole[y * width + x]) continue;
        // Nearest edge in the row, then as far beyond it as the pixel is before it, or as far as one can see there.
        for (let step = 1; step < width; step++) {
          const edge = [x - step, x + step].find((at) => at >= 0 && at < width && isSeen(y * width + at));
          if (edge === undefined) continue;
          const way = Math.sign(edge - x);
          let from = edge;
          for (let more = 1; more < step; more++) {
            const next = edge + way * more;
            if (next < 0 || next >= width || !isSeen(y * width + next)) break;
            from = next;
          }
          const source = (y * width + from) * 4;
          filled.set(rgba.subarray(source, source + 3), (y * width + x) * 4);
          break;
        }
      }
    }
    progress(1);
    return filled;
  },
});
