import { bilinear } from './bilinear.ts';
import { catmullRom } from './catmull-rom.ts';
import type { SampleBuffer } from './sample-buffer.ts';
import type { DetailSampler } from './detail-sampler.ts';
import type { SampleShift } from './sample-shift.ts';
import { SHARP_PAD, type SharpTexture } from './sharp-texture.ts';
import type { Triangle } from './triangle.ts';

/** Samples between two divisions by w, where that is needed. */
export const STRETCH = 16;
const ONE = 65536;

/** Fills a triangle that its surface covers wholly. */
export function fillWhole(
  triangle: Triangle,
  canvas: SampleBuffer,
  texture: SharpTexture,
  shift: SampleShift,
  detail: DetailSampler | undefined,
): void {
  const { edges, values, isFlat, top, bottom, steps } = triangle;
  const { width, samples, isExact, depth, pixels, runs, open } = canvas;
  const { texels, stride, scale } = texture;
  const across = canvas.width / samples;
  const uOffset = SHARP_PAD - scale * (texture.x0 + 0.5);
  const vOffset = SHARP_PAD - scale * (texture.y0 + 0.5);
  const dk = values[7]!;
  const hasDetail = detail !== undefined && detail.set(steps, samples);
  shift.set(steps, samples, scale);
  const { right, isSmall } = shift;
  const needsMore = open !== undefined && isSmall;
  for (let y = top; y < bottom; y++) {
    const py = y + 0.5;
    const long = edges[0]! + (py - edges[1]!) * edges[2]!;
    const short = py < edges[5]! ? edges[0]! + (py - edges[1]!) * edges[3]! : edges[4]! + (py - edges[5]!) * edges[6]!;
    let x = Math.ceil((long < short ? long : short) - 0.5) | 0;
    let end = Math.ceil((long < short ? short : long) - 0.5) | 0;
    if (x < 0) x = 0;
    if (end > width) end = width;
    if (x >= end) continue;
    const row = y * width;
    const pictureRow = samples === 1 ? row : ((y / samples) | 0) * across;
    const down = samples === 1 ? 0 : y % samples;
    while (x < end) {
      let stop = end;
      if (runs !== undefined) {
        const pixel = (x / samples) | 0;
        const run = runs[pictureRow + pixel]!;
        if (run > 0) {
          x = (pixel + run) * samples;
          continue;
        }
        stop = Math.min(end, (pixel - run) * samples);
      }
      if (!isFlat && stop > x + STRETCH) stop = x + STRETCH;
      const px = x + 0.5 - edges[0]!;
      const dy = py - edges[1]!;
      let u = values[0]! + px * values[1]! + dy * values[2]!;
      let v = values[3]! + px * values[4]! + dy * values[5]!;
      let du = values[1]!;
      let dv = values[4]!;
      if (!isFlat) {
        const w = values[9]! + px * values[10]! + dy * values[11]!;
        const n = stop - x;
        const endW = w + n * values[10]!;
        const endU = (u + n * du) / endW;
        const endV = (v + n * dv) / endW;
        u /= w;
        v /= w;
        du = (endU - u) / n;
        dv = (endV - v) / n;
      }
      let s = ((scale * u + uOffset) * ONE + shift.down[2 * down]!) | 0;
      let t = ((scale * v + vOffset) * ONE + shift.down[2 * down + 1]!) | 0;
      const ds = Math.round(scale * du * ONE) | 0;
      const dt = Math.round(scale * dv * ONE) | 0;
      let k = values[6]! + px * dk + dy * values[8]!;
      let sub = samples === 1 ? 0 : x % samples;
      if (needsMore) open.fill(1, row + x, row + stop);
      for (let i = row + x, last = row + stop; i < last; i++) {
        if (k > depth[i]!) {
          depth[i] = k;
          const s1 = s + right[2 * sub]!;
          const t1 = t + right[2 * sub + 1]!;
          const colour = isExact ? catmullRom(texels, stride, s1, t1, scale) : bilinear(texels, stride, s1, t1);
          pixels[i] = hasDetail ? detail.over(colour, s1, t1) : colour;
        }
        k += dk;
        s += ds;
        t += dt;
        if (++sub === samples) sub = 0;
      }
      x = stop;
    }
  }
}
