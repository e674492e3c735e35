import { linearSteps } from './linear-steps.ts';
import { shrinkToPlanes } from './shrink-to-planes.ts';

interface Size {
  width: number;
  height: number;
}

/**
 * Brings a raster of one number a pixel to another size: exact area means along an axis that shrinks, bilinear along one that grows. `resize`
 * smooths more where it shrinks.
 */
export function resizeByArea(values: Float32Array, from: Size, { width, height }: Size): Float32Array {
  const w = Math.min(from.width, width);
  const h = Math.min(from.height, height);
  const [small] = shrinkToPlanes(values, from.width, from.height, 1, 1, w, h, 1);
  if (w === width && h === height) return small!;
  const out = new Float32Array(width * height);
  const across = linearSteps(w, width);
  const down = linearSteps(h, height);
  const row = new Float32Array(w);
  for (let y = 0; y < height; y++) {
    const top = down.index[y]! * w;
    const bottom = h > 1 ? top + w : top;
    for (let x = 0; x < w; x++) row[x] = small![top + x]! + down.part[y]! * (small![bottom + x]! - small![top + x]!);
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const k = across.index[x]!;
      out[i] = w > 1 ? row[k]! + across.part[x]! * (row[k + 1]! - row[k]!) : row[k]!;
    }
  }
  return out;
}
