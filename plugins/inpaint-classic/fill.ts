import type { InpaintInput } from 'unflat/plugin';
import { diffuse } from './diffuse.ts';
import { pushPull } from './push-pull.ts';

/** Fills the holes; pure, so that tests and the bench run it inline. */
export function fill(input: Omit<InpaintInput, 'options'>): Uint8ClampedArray {
  const { width, height, rgba, hole, context, disparity, sameSurface } = input;
  const rgb = new Float32Array(width * height * 3);
  const weight = new Float32Array(width * height);
  let count = 0;
  for (let i = 0; i < hole.length; i++) {
    if (hole[i]) count++;
    if (!context[i]) continue;
    weight[i] = context[i]! / 255;
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = rgba[i * 4 + c]!;
  }
  const smooth = pushPull(rgb, weight, width, height);
  const order = new Int32Array(count);
  const usable = context.slice();
  for (let i = 0, n = 0; i < hole.length; i++) {
    if (!hole[i]) continue;
    order[n++] = i;
    usable[i] = 255;
    const near = 0.7;
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = near * rgba[i * 4 + c]! + (1 - near) * smooth[i * 3 + c]!;
  }
  diffuse(rgb, order, usable, disparity, sameSurface, width, height, 8);
  const out = new Uint8ClampedArray(rgba);
  for (const i of order) {
    for (let c = 0; c < 3; c++) out[i * 4 + c] = rgb[i * 3 + c]!;
    out[i * 4 + 3] = 255;
  }
  return out;
}
