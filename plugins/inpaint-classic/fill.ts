import { pushPull, type InpaintInput, type Passes, type PixelChannel } from 'unflat/plugin';
import { diffuse } from './diffuse.ts';
import { finest, halve, PAD, type Level } from './level.ts';
import { followLines, SURFACES, type Continued } from './follow-lines.ts';
import { inpaintTexture } from './inpaint-texture.ts';

type Input = Omit<InpaintInput, 'options'>;

/** Share of the nearest colour as it is, against the one that is smoothed along the surface. */
const SHARP = 0.3;
/** Share of the mean of all that surrounds the hole. */
const MEAN = 0.3;
/** Difference of depth, in so many of those that still are one surface, at which the mean counts half. */
const MEAN_RANGE = 10;
const SWEEPS = 8;
/** Share of the colour that a line leads here, where it is as clear as can be. */
const LINES = 0.7;
/** Bilinear share of the line's pixels around below which they say nothing. */
const LEAST_SHARE = 0.1;

/** Inpaints the holes. */
export function* fill(input: Input): Passes<Uint8ClampedArray> {
  const full = levelOf(input);
  const order = indicesOf(input.hole);
  yield;
  const out = yield* smooth(input, full, order);
  yield;
  if (order.length > 0) yield* inpaintTexture(input, full, order, out);
  return out;
}

/** Colours without patterns: the nearest, smoothed along the hole's own surface, with some of the mean; and the lines that meet the hole. */
export function* fillSmooth(input: Input): Passes<Uint8ClampedArray> {
  return yield* smooth(input, levelOf(input), indicesOf(input.hole));
}

function levelOf({ width, height, rgba, hole, context, disparity }: Input): Level {
  return finest(width, height, rgba, hole, context, disparity);
}

function* smooth(input: Input, full: Level, order: Int32Array): Passes<Uint8ClampedArray> {
  const { width, height, rgba, hole, disparity, sameSurface } = input;
  const out = new Uint8ClampedArray(rgba);
  if (order.length === 0) return out;
  const mean = pushPull(
    { width, height, channels: [...rgbOf(rgba), { values: disparity, from: 0, step: 1 }], weight: input.context, full: 255 },
    order,
  );
  yield;
  const rgbd = new Float32Array(width * height * 4 + 4);
  const lend = (i: number) => {
    for (let c = 0; c < 3; c++) rgbd[i * 4 + c] = rgba[i * 4 + c]!;
  };
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!;
    lend(i);
    // Whoever is not in a hole is there for its neighbours alone.
    if (i > 0 && !hole[i - 1]) lend(i - 1);
    if (i + 1 < hole.length && !hole[i + 1]) lend(i + 1);
    if (i >= width && !hole[i - width]) lend(i - width);
    if (i + width < hole.length && !hole[i + width]) lend(i + width);
  }
  yield;
  yield* diffuse(rgbd, order, input, SWEEPS);
  const scale = 1 / (MEAN_RANGE * Math.max(1e-9, sameSurface));
  for (let n = 0; n < order.length; n++) {
    const i = order[n]! * 4;
    // A mean that mixes in surfaces of another depth says less of this one.
    const off = (mean[n * 4 + 3]! - disparity[order[n]!]!) * scale;
    const share = MEAN / (1 + off * off);
    for (let c = 0; c < 3; c++) {
      const near = rgbd[i + c]! + SHARP * (rgba[i + c]! - rgbd[i + c]!);
      rgbd[i + c] = near + share * (mean[n * 4 + c]! - near);
    }
  }
  yield;
  const half = halve(full);
  yield;
  const lines = followLines(half, sameSurface);
  yield;
  layLines(input, order, lines, half, rgbd);
  yield;
  for (let n = 0; n < order.length; n++) {
    const i = order[n]! * 4;
    out[i] = rgbd[i]!;
    out[i + 1] = rgbd[i + 1]!;
    out[i + 2] = rgbd[i + 2]!;
    out[i + 3] = 255;
  }
  return out;
}

function rgbOf(rgba: Uint8ClampedArray): PixelChannel[] {
  return [0, 1, 2].map((from) => ({ values: rgba, from, step: 4 }));
}

function indicesOf(hole: Uint8Array): Int32Array {
  let count = 0;
  for (let i = 0; i < hole.length; i++) count += hole[i]! ? 1 : 0;
  const order = new Int32Array(count);
  for (let i = 0, n = 0; n < count; i++) if (hole[i]) order[n++] = i;
  return order;
}

/** Mixes in what was continued at half the size, where a line was clear. @param rgbd four a pixel; changed under `order` only. */
function layLines(
  { width, disparity, sameSurface }: Input,
  order: Int32Array,
  { known, rgb, clarity }: Continued,
  half: { width: number; disparity: Float32Array },
  rgbd: Float32Array,
): void {
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!;
    // Bilinear; the sample centres of half the size lie at 2x + 0.5.
    const x = ((i % width) - 0.5) / 2;
    const y = (Math.floor(i / width) - 0.5) / 2;
    const xa = Math.floor(x);
    const ya = Math.floor(y);
    let r = 0,
      g = 0,
      b = 0,
      clear = 0,
      sum = 0;
    for (let k = 0; k < 4; k++) {
      const j = (ya + PAD + (k >> 1)) * half.width + xa + PAD + (k & 1);
      if (!known[j] || Math.abs(half.disparity[j]! - disparity[i]!) > SURFACES * sameSurface) continue;
      const w = (k & 1 ? x - xa : 1 - x + xa) * (k >> 1 ? y - ya : 1 - y + ya);
      sum += w;
      r += w * rgb[j * 3]!;
      g += w * rgb[j * 3 + 1]!;
      b += w * rgb[j * 3 + 2]!;
      clear += w * clarity[j]!;
    }
    if (sum < LEAST_SHARE) continue;
    const share = LINES * (clear / sum) ** 2;
    rgbd[i * 4]! += share * (r / sum - rgbd[i * 4]!);
    rgbd[i * 4 + 1]! += share * (g / sum - rgbd[i * 4 + 1]!);
    rgbd[i * 4 + 2]! += share * (b / sum - rgbd[i * 4 + 2]!);
  }
}
