import type { RawDepth } from './raw-depth.ts';

/** Source coordinates of an upright pixel, for a stored picture of `w × h` and an EXIF orientation. */
function sourceOf(orientation: number, x: number, y: number, w: number, h: number): [number, number] {
  switch (orientation) {
    case 2:
      return [w - 1 - x, y];
    case 3:
      return [w - 1 - x, h - 1 - y];
    case 4:
      return [x, h - 1 - y];
    case 5:
      return [y, x];
    case 6:
      return [y, h - 1 - x];
    case 7:
      return [w - 1 - y, h - 1 - x];
    case 8:
      return [w - 1 - y, x];
    default:
      return [x, y];
  }
}

/** Turns a stored map upright by an EXIF orientation, 1..8. */
export function turnUpright(map: RawDepth, orientation: number): RawDepth {
  if (orientation === 1) return map;
  const { width: w, height: h } = map;
  const [width, height] = orientation >= 5 ? [h, w] : [w, h];
  const values = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const [sx, sy] = sourceOf(orientation, x, y, w, h);
      values[i] = map.values[sy * w + sx] ?? NaN;
    }
  }
  return { ...map, width, height, values };
}

/** How much two aspect ratios differ: 0 = alike, 0.03 = by 3 %; a pixel's rounding of the smaller picture is forgiven. */
export function aspectDifference(aWidth: number, aHeight: number, bWidth: number, bHeight: number): number {
  const a = Math.log(aWidth / aHeight);
  const b = Math.log(bWidth / bHeight);
  const rounding = 0.5 / Math.min(aWidth, aHeight) + 0.5 / Math.min(bWidth, bHeight);
  return Math.max(0, Math.exp(Math.abs(a - b)) - 1 - rounding);
}

/**
 * Turns a map that lies inside a photo as the photo's own pixels are turned. A map that fits the upright
 * photo only as it is stays so: some writers store depth upright already.
 */
export function turnLikePhoto(map: RawDepth, orientation: number, photoWidth: number, photoHeight: number): RawDepth {
  if (orientation >= 5) {
    const asStored = aspectDifference(map.width, map.height, photoWidth, photoHeight);
    const turned = aspectDifference(map.height, map.width, photoWidth, photoHeight);
    if (asStored < turned) return map;
  }
  return turnUpright(map, orientation);
}
