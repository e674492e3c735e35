import type { Layer } from '../core/index.ts';

/** Disparities that lie this far below all others belong to pixels that hold nothing. */
const EMPTY_BELOW = -1;
const REACH = 2;

/**
 * Lowest and highest disparity in the 5 × 5 pixels around each pixel, as shaders/around.frag describes them.
 * @returns two bytes a pixel, 1..254 of the span, rounded outward; 0 and 255 where a pixel is missing or partly covered. And the span.
 */
export function disparitiesAround({ width, height, disparity, rgba }: Layer): { bytes: Uint8Array; low: number; span: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const d of disparity) {
    if (d <= EMPTY_BELOW * 4) continue;
    low = Math.min(low, d);
    high = Math.max(high, d);
  }
  if (!(low <= high)) [low, high] = [0, 1];
  const span = Math.max(1e-6, high - low);
  const lowest = new Uint8Array(width * height);
  const highest = new Uint8Array(width * height);
  for (let i = 0; i < width * height; i++) {
    const place = Math.fround((disparity[i]! - low) / span);
    const isOpen = place < 0 || rgba[4 * i + 3]! < 255;
    lowest[i] = isOpen ? 0 : Math.floor(place * 253) + 1;
    highest[i] = isOpen ? 255 : Math.min(254, Math.ceil(place * 253) + 1);
  }
  const along = [widened(lowest, Math.min), widened(highest, Math.max)] as const;
  const bytes = new Uint8Array(2 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      let [least, most] = [255, 0];
      for (let dy = -REACH; dy <= REACH; dy++) {
        const at = Math.min(height - 1, Math.max(0, y + dy)) * width + x;
        least = Math.min(least, along[0][at]!);
        most = Math.max(most, along[1][at]!);
      }
      bytes[2 * i] = least;
      bytes[2 * i + 1] = most;
    }
  }
  return { bytes, low, span };

  function widened(from: Uint8Array, pick: (a: number, b: number) => number): Uint8Array {
    const to = new Uint8Array(from.length);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let value = from[y * width + x]!;
        for (let dx = -REACH; dx <= REACH; dx++) value = pick(value, from[y * width + Math.min(width - 1, Math.max(0, x + dx))]!);
        to[y * width + x] = value;
      }
    return to;
  }
}
