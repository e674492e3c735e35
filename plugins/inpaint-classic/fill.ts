import type { InpaintInput } from 'unflat/plugin';
import { diffuse } from './diffuse.ts';
import { pushPull } from './push-pull.ts';
import { paintTexture } from './texture.ts';

/** Share of the nearest colour, against the mean of all that surrounds the hole. */
const NEAR = 0.7;
/** Difference of depth, in so many of those that still are one surface, at which the mean counts half. */
const MEAN_RANGE = 10;
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
  const rgbd = new Float32Array(width * height * 4);
  const weight = new Float32Array(width * height);
  let count = 0;
  for (let i = 0; i < hole.length; i++) {
    if (hole[i]) count++;
    if (!context[i]) continue;
    weight[i] = context[i]! / 255;
    rgbd[i * 4] = rgba[i * 4]!;
    rgbd[i * 4 + 1] = rgba[i * 4 + 1]!;
    rgbd[i * 4 + 2] = rgba[i * 4 + 2]!;
    rgbd[i * 4 + 3] = disparity[i]!;
  }
  const mean = pushPull(rgbd, weight, width, height, hole);
  const order = new Int32Array(count);
  const usable = context.slice();
  const scale = 1 / (MEAN_RANGE * Math.max(1e-9, sameSurface));
  for (let i = 0, n = 0; i < hole.length; i++) {
    if (!hole[i]) continue;
    order[n++] = i;
    usable[i] = 255;
    // A mean that mixes in surfaces of another depth says less of this one.
    const off = (mean[i * 4 + 3]! - disparity[i]!) * scale;
    const share = (1 - NEAR) / (1 + off * off);
    for (let c = 0; c < 3; c++) rgbd[i * 4 + c] = rgba[i * 4 + c]! + share * (mean[i * 4 + c]! - rgba[i * 4 + c]!);
  }
  diffuse(rgbd, order, usable, disparity, sameSurface, width, height, SWEEPS);
  const out = new Uint8ClampedArray(rgba);
  for (let n = 0; n < order.length; n++) {
    const i = order[n]! * 4;
    out[i] = rgbd[i]!;
    out[i + 1] = rgbd[i + 1]!;
    out[i + 2] = rgbd[i + 2]!;
    out[i + 3] = 255;
  }
  return out;
}
