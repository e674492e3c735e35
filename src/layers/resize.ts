import type { DepthMap } from '../core/index.ts';

/** Brings a depth map to `width × height`: by area where it shrinks, bilinearly where it grows. */
export function resizeDepth(depth: DepthMap, width: number, height: number): DepthMap {
  if (depth.width === width && depth.height === height) return { width, height, disparity: depth.disparity.slice() };
  const rows = resizeAlong(depth.disparity, depth.width, depth.height, width, true);
  return { width, height, disparity: resizeAlong(rows, width, depth.height, height, false) };
}

/** Resizes the x axis (`horizontal`) or the y axis of `from` to `size` samples. */
function resizeAlong(from: Float32Array, width: number, height: number, size: number, horizontal: boolean): Float32Array {
  const length = horizontal ? width : height;
  const lines = horizontal ? height : width;
  const step = horizontal ? 1 : width;
  const lineStep = horizontal ? width : 1;
  const outWidth = horizontal ? size : width;
  const outStep = horizontal ? 1 : outWidth;
  const outLineStep = horizontal ? outWidth : 1;
  const out = new Float32Array(outWidth * (horizontal ? height : size));
  const scale = length / size;
  const half = Math.max(1, scale);
  for (let o = 0; o < size; o++) {
    const centre = (o + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - half));
    const last = Math.min(length - 1, Math.floor(centre + half));
    const weights: number[] = [];
    let total = 0;
    for (let i = first; i <= last; i++) {
      // A triangle as wide as the coarser of both grids: bilinear when growing, a smooth area mean when shrinking.
      const w = Math.max(0, 1 - Math.abs(i - centre) / half);
      weights.push(w);
      total += w;
    }
    for (let line = 0; line < lines; line++) {
      let sum = 0;
      for (let i = first; i <= last; i++) sum += from[line * lineStep + i * step]! * weights[i - first]!;
      out[line * outLineStep + o * outStep] = sum / total;
    }
  }
  return out;
}
