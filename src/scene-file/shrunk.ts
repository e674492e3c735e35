import type { Raster } from '../core/index.ts';

/** A place in a picture, in pixels from its upper left corner. */
interface Frame {
  x: number;
  y: number;
  /** Pixels of the picture that one pixel of the result is wide and high. */
  stepX: number;
  stepY: number;
}

/** The picture's means over the areas of `width × height` pixels, opaque; what lies outside goes on as the border is. Steps of at least 1. */
export function shrunk(raster: Raster, { x, y, stepX, stepY }: Frame, width: number, height: number): Raster {
  const out = new Uint8ClampedArray(4 * width * height);
  const columns = spans(x, stepX, width, raster.width);
  const rows = spans(y, stepY, height, raster.height);
  const sums = new Float32Array(3 * width);
  for (let v = 0; v < height; v++) {
    sums.fill(0);
    let total = 0;
    for (let row = rows.first[v]!; row <= rows.last[v]!; row++) {
      const part = weight(rows, v, row);
      total += part;
      for (let u = 0; u < width; u++) {
        let [r, g, b, all] = [0, 0, 0, 0];
        for (let column = columns.first[u]!; column <= columns.last[u]!; column++) {
          const w = weight(columns, u, column);
          const i = 4 * (row * raster.width + column);
          r += w * raster.rgba[i]!;
          g += w * raster.rgba[i + 1]!;
          b += w * raster.rgba[i + 2]!;
          all += w;
        }
        sums[3 * u]! += (part * r) / all;
        sums[3 * u + 1]! += (part * g) / all;
        sums[3 * u + 2]! += (part * b) / all;
      }
    }
    for (let u = 0, o = 4 * v * width; u < width; u++, o += 4) {
      out[o] = sums[3 * u]! / total;
      out[o + 1] = sums[3 * u + 1]! / total;
      out[o + 2] = sums[3 * u + 2]! / total;
      out[o + 3] = 255;
    }
  }
  return { width, height, rgba: out };
}

interface Spans {
  from: Float64Array;
  to: Float64Array;
  first: Int32Array;
  last: Int32Array;
}

function spans(start: number, step: number, count: number, size: number): Spans {
  const within = (value: number): number => Math.min(size, Math.max(0, value));
  const from = Float64Array.from({ length: count }, (_, i) => Math.min(size - 1e-3, within(start + i * step)));
  const to = from.map((value, i) => Math.max(value + 1e-3, within(start + (i + 1) * step)));
  return { from, to, first: Int32Array.from(from, Math.floor), last: Int32Array.from(to, (value) => Math.min(size, Math.ceil(value)) - 1) };
}

const weight = ({ from, to }: Spans, i: number, at: number): number => Math.min(to[i]!, at + 1) - Math.max(from[i]!, at);

/** The picture enlarged, bilinear, opaque; `frame` as for `shrunk`, with steps of at most 1. */
export function enlarged(raster: Raster, { x, y, stepX, stepY }: Frame, width: number, height: number): Raster {
  const out = new Uint8ClampedArray(4 * width * height);
  const place = (start: number, step: number, i: number, size: number): number =>
    Math.min(size - 1, Math.max(0, start + (i + 0.5) * step - 0.5));
  for (let v = 0, o = 0; v < height; v++) {
    const py = place(y, stepY, v, raster.height);
    const top = Math.floor(py);
    const down = py - top;
    const below = top + 1 < raster.height ? 4 * raster.width : 0;
    for (let u = 0; u < width; u++, o += 4) {
      const px = place(x, stepX, u, raster.width);
      const left = Math.floor(px);
      const right = px - left;
      const beside = left + 1 < raster.width ? 4 : 0;
      const i = 4 * (top * raster.width + left);
      for (let c = 0; c < 3; c++) {
        const above = raster.rgba[i + c]! * (1 - right) + raster.rgba[i + beside + c]! * right;
        const under = raster.rgba[i + below + c]! * (1 - right) + raster.rgba[i + below + beside + c]! * right;
        out[o + c] = above * (1 - down) + under * down;
      }
      out[o + 3] = 255;
    }
  }
  return { width, height, rgba: out };
}
