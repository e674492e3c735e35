import type { Raster } from '../../core/index.ts';
import { median } from '../../grid/index.ts';

/** Brightness steps from here on are looked at for leaks. */
const LUMA_STEP = 0.12;
/** and from here on for faint texture. */
const FAINT_STEP = 0.015;
/** Less brightness in a map is none. */
const LEAST_LEAK = 0.02;
/** More is depth that goes with light, as on shaded walls: taking it out turned such maps inside out. A fifth mixed in gives about 0.25. */
const MOST_LEAK = 0.6;
/** Where this share of the faint texture agrees on how much, it is mixed in: at most 0.04 in maps without it, 0.34 and more in maps with it. */
const AGREEING_SHARE = 0.25;
/** The same, up to this share. */
const AGREEING_WITHIN = 0.25;

/** Brightness of the photo, 0..1, a value a pixel. */
export function lumaOf(photo: Raster): Float32Array {
  const luma = new Float32Array(photo.width * photo.height);
  for (let i = 0; i < luma.length; i++) {
    luma[i] = (0.299 * photo.rgba[i * 4]! + 0.587 * photo.rgba[i * 4 + 1]! + 0.114 * photo.rgba[i * 4 + 2]!) / 255;
  }
  return luma;
}

/**
 * How much of the photo's brightness (0..1) is mixed into a map of its size; 0 where none is.
 * Where brightness changes abruptly, depth mostly does not (print, tiles, shadows): a median ratio
 * of both that is clearly not 0 is a leak. Dark things before something bright give such a ratio too;
 * a leak shows in faint texture as well, where depth has no reason to change.
 */
export function luminanceLeak(d: Float32Array, luma: Float32Array, width: number, height: number): number {
  const ratios: number[] = [];
  const faint: number[] = [];
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / 100000)));
  for (let y = 1; y < height - 2; y += step) {
    for (let x = 1; x < width - 2; x++) {
      const i = y * width + x;
      compare(luma[i + 1]! - luma[i - 1]!, d[i + 1]! - d[i - 1]!, ratios, faint);
      compare(luma[i + width]! - luma[i - width]!, d[i + width]! - d[i - width]!, ratios, faint);
    }
  }
  if (ratios.length < 200 || faint.length < 200) return 0;
  const middle = median(ratios);
  const texture = median(faint);
  if (isLeak(middle)) {
    const spread = median(ratios.map((r) => Math.abs(r - middle)));
    const there = texture / middle;
    if (spread < Math.abs(middle) && there > 0.5 && there < 1.5) return middle;
  }
  // In a small map of leaves most of what changes abruptly is silhouettes, which say what they like.
  return isLeak(texture) && shareNear(faint, texture) >= AGREEING_SHARE ? texture : 0;
}

function isLeak(ratio: number): boolean {
  return Math.abs(ratio) >= LEAST_LEAK && Math.abs(ratio) <= MOST_LEAK;
}

function shareNear(values: readonly number[], middle: number): number {
  const within = AGREEING_WITHIN * Math.abs(middle);
  let count = 0;
  for (const value of values) if (Math.abs(value - middle) <= within) count++;
  return count / values.length;
}

function compare(brightness: number, depth: number, ratios: number[], faint: number[]): void {
  const change = Math.abs(brightness);
  if (change > LUMA_STEP) ratios.push(depth / brightness);
  else if (change > FAINT_STEP && change < LUMA_STEP / 2) faint.push(depth / brightness);
}
