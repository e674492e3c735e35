import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../core/index.ts';

/** Squared RGB difference of two sides from which a mixture of them can be told from texture. */
const LEAST_CONTRAST = 6000;
/** Part of that difference by which a pixel may lie off the line between both and still be a mixture. */
const MOST_OFF = 0.02;
/** Smaller shares cannot be told from texture. */
const LEAST_SHARE = 0.1;
/** Steps away from the tear where a side's own colour is taken. */
const INWARD = 2;

/**
 * Takes the foreground's colour out of the background's pixels beside tears: a photo's silhouette
 * pixels are mixtures, C = α·F + (1 − α)·B, and would leave a rim of the foreground behind when it
 * moves away. F and B are read a little inside both sides. Changes `layer.rgba`.
 */
export function decontaminate(layer: Layer): void {
  const { width, height, joins, disparity, rgba } = layer;
  const before = rgba.slice();
  const strongest = new Float32Array(width * height);
  const clean = (near: number, far: number) => {
    const step = far - near;
    const f = inward(layer, near, -step) * 4;
    const b = inward(layer, far, step) * 4;
    const at = far * 4;
    if (b === at) return;
    let contrast = 0, along = 0;
    for (let c = 0; c < 3; c++) {
      const axis = before[f + c]! - before[b + c]!;
      contrast += axis * axis;
      along += axis * (before[at + c]! - before[b + c]!);
    }
    if (contrast < LEAST_CONTRAST) return;
    const share = Math.min(1, along / contrast);
    // A pixel has up to four tears: the strongest mixture counts.
    if (share < LEAST_SHARE || share <= strongest[far]!) return;
    let off = 0;
    for (let c = 0; c < 3; c++) off += (before[at + c]! - share * before[f + c]! - (1 - share) * before[b + c]!) ** 2;
    if (off > MOST_OFF * contrast) return;
    strongest[far] = share;
    for (let c = 0; c < 3; c++) rgba[at + c] = before[at + c]! - share * (before[f + c]! - before[b + c]!);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const bits = joins[i]!;
      if (bits === (JOINED_RIGHT | JOINED_DOWN) || disparity[i] === NOTHING) continue;
      for (let side = 0; side < 2; side++) {
        if (bits & (side ? JOINED_DOWN : JOINED_RIGHT) || (side ? y + 1 === height : x + 1 === width)) continue;
        const j = side ? i + width : i + 1;
        if (disparity[j] === NOTHING) continue;
        if (disparity[i]! > disparity[j]!) clean(i, j);
        else clean(j, i);
      }
    }
  }
}

/** The pixel up to INWARD steps from `start` in direction `step` (±1 or ±width), as far as the surface goes. */
export function inward(layer: Pick<Layer, 'width' | 'height' | 'joins'>, start: number, step: number): number {
  const { width, height, joins } = layer;
  const bit = Math.abs(step) === 1 ? JOINED_RIGHT : JOINED_DOWN;
  let i = start;
  for (let k = 0; k < INWARD; k++) {
    const j = i + step;
    if (j < 0 || j >= width * height || !(joins[step > 0 ? i : j]! & bit)) break;
    i = j;
  }
  return i;
}
