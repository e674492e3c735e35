import type { DepthMap } from '../../core/index.ts';
import { linearSteps, shrinkToPlanes } from './shrink-to-planes.ts';

/** Brings a map to `width × height`: what shrinks by area means, what grows bilinearly. */
export function resizeMap(map: DepthMap, width: number, height: number): DepthMap {
  const w = Math.min(map.width, width);
  const h = Math.min(map.height, height);
  const [small] = shrinkToPlanes(map.disparity, map.width, map.height, 1, 1, w, h, 1);
  if (w === width && h === height) return { width, height, disparity: small! };
  const disparity = new Float32Array(width * height);
  const across = linearSteps(w, width);
  const down = linearSteps(h, height);
  const row = new Float32Array(w);
  for (let y = 0; y < height; y++) {
    const top = down.index[y]! * w;
    const bottom = h > 1 ? top + w : top;
    for (let x = 0; x < w; x++) row[x] = small![top + x]! + down.part[y]! * (small![bottom + x]! - small![top + x]!);
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const k = across.index[x]!;
      disparity[i] = w > 1 ? row[k]! + across.part[x]! * (row[k + 1]! - row[k]!) : row[k]!;
    }
  }
  return { width, height, disparity };
}
