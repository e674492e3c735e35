import type { InpaintInput } from 'unflat/plugin';
import { diffuse } from './diffuse.ts';
import { pushPull } from './push-pull.ts';
import { paintTexture } from './texture.ts';

/** Share of the nearest colour, against the mean of all that surrounds the hole. */
const NEAR = 0.7;
const SWEEPS = 8;

/** Fills the holes; pure, so that tests and the bench run it inline. */
export function fill(input: Omit<InpaintInput, 'options'>): Uint8ClampedArray {
  const out = fillSmooth(input);
  paintTexture(input, out);
  return out;
}

/** Colours without patterns: the nearest and the mean, diffused along the hole's own surface. */
export function fillSmooth(input: Omit<InpaintInput, 'options'>): Uint8ClampedArray {
  const { width, height, rgba, hole, context, disparity, sameSurface } = input;
  const rgb = new Float32Array(width * height * 3);
  const weight = new Float32Array(width * height);
  let count = 0;
  for (let i = 0; i < hole.length; i++) {
    if (hole[i]) count++;
    if (!context[i]) continue;
    weight[i] = context[i]! / 255;
    rgb[i * 3] = rgba[i * 4]!;
    rgb[i * 3 + 1] = rgba[i * 4 + 1]!;
    rgb[i * 3 + 2] = rgba[i * 4 + 2]!;
  }
  const mean = pushPull(rgb, weight, width, height, hole);
  const order = new Int32Array(count);
  const usable = context.slice();
  for (let i = 0, n = 0; i < hole.length; i++) {
    if (!hole[i]) continue;
    order[n++] = i;
    usable[i] = 255;
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = NEAR * rgba[i * 4 + c]! + (1 - NEAR) * mean[i * 3 + c]!;
  }
  diffuse(rgb, order, usable, disparity, sameSurface, width, height, SWEEPS);
  const out = new Uint8ClampedArray(rgba);
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!;
    out[i * 4] = rgb[i * 3]!;
    out[i * 4 + 1] = rgb[i * 3 + 1]!;
    out[i * 4 + 2] = rgb[i * 3 + 2]!;
    out[i * 4 + 3] = 255;
  }
  return out;
}
