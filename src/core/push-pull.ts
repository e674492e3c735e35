/** Where one number of each pixel is found. */
export interface PixelChannel {
  /** Holds the number of pixel `i` at `from + i * step`. */
  values: Float32Array | Uint8ClampedArray;
  /** Index of the first pixel's number. */
  from: number;
  /** How many numbers a pixel has in `values`. */
  step: number;
}

/** An image in which only some pixels are known. */
export interface PartlyKnown {
  /** Pixels a row. */
  width: number;
  /** Rows. */
  height: number;
  /** What is spread; all channels are treated alike, in whatever unit. */
  channels: readonly PixelChannel[];
  /** `width × height`: how much each pixel counts, from 0 = unknown to `full`. */
  weight: Float32Array | Uint8Array;
  /** The weight of a wholly known pixel: 1 or 255, default 1. */
  full?: number;
}

/** Means of blocks of pixels. */
interface Means {
  width: number;
  height: number;
  /** Numbers of each pixel in turn, as many as there are channels. */
  values: Float32Array;
  /** 0..1: how much is known there. */
  weight: Float32Array;
}

/**
 * Spreads what is known smoothly into the pixels that are wanted, by push-pull (Gortler et al., "The Lumigraph", 1996; Burt, "Moment
 * images", 1988): weighted means of ever larger blocks, which then fill in, bilinearly, what is not known in the smaller ones. Time is
 * proportional to the pixels, whatever the size of the holes.
 * @param wanted indices of the pixels whose value is asked for; only what they need is computed.
 * @returns for each of `wanted` one number per channel: its own as far as it is known, the rest from what surrounds it; 0 where nothing at
 * all is known.
 */
export function pushPull(known: PartlyKnown, wanted: Int32Array): Float32Array {
  const { width, channels, weight, full = 1 } = known;
  const count = channels.length;
  const half = pushFirst(known);
  const below = new Uint8Array(half.weight.length);
  for (let n = 0; n < wanted.length; n++) {
    const y = Math.floor(wanted[n]! / width);
    want(below, half, wanted[n]! - y * width, y);
  }
  fillIn(half, count, below);
  const out = new Float32Array(wanted.length * count);
  for (let n = 0; n < wanted.length; n++) {
    const i = wanted[n]!;
    const y = Math.floor(i / width);
    const own = weight[i]! / full;
    if (own > 0) for (let c = 0; c < count; c++) out[n * count + c] = channels[c]!.values[channels[c]!.from + i * channels[c]!.step]!;
    pull(half, count, i - y * width, y, out, n * count, 1 - own);
  }
  return out;
}

/** Spreads what is known into all pixels that are not wholly known, in place: changes the channels' values. Known pixels stay as they are. */
export function spreadKnown(known: PartlyKnown): void {
  const { channels } = known;
  const wanted = unknownPixels(known.weight, known.full ?? 1);
  const spread = pushPull(known, wanted);
  for (const [c, { values, from, step }] of channels.entries())
    for (let n = 0; n < wanted.length; n++) values[from + wanted[n]! * step] = spread[n * channels.length + c]!;
}

/** Indices of the pixels that are not wholly known. */
function unknownPixels(weight: Float32Array | Uint8Array, full: number): Int32Array {
  let count = 0;
  for (let i = 0; i < weight.length; i++) if (weight[i]! < full) count++;
  const indices = new Int32Array(count);
  for (let i = 0, n = 0; n < count; i++) if (weight[i]! < full) indices[n++] = i;
  return indices;
}

/** Means of half the size, from the image itself. */
function pushFirst({ width, height, channels, weight, full = 1 }: PartlyKnown): Means {
  const count = channels.length;
  const half = emptyMeans(width, height, count);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (weight[i] === 0) continue;
      const k = weight[i]! / full;
      const j = (y >> 1) * half.width + (x >> 1);
      half.weight[j]! += k;
      for (let c = 0; c < count; c++) {
        const { values, from, step } = channels[c]!;
        half.values[j * count + c]! += k * values[from + i * step]!;
      }
    }
  }
  settle(half, count);
  return half;
}

/** Mixes in, where a wanted pixel is not wholly known, what surrounds it. */
function fillIn(means: Means, count: number, wanted: Uint8Array): void {
  const { width, height, weight, values } = means;
  if (width <= 1 && height <= 1) return;
  const half = emptyMeans(width, height, count);
  const below = new Uint8Array(half.weight.length);
  for (let y = 0; y < height; y++) pushRow(means, count, y, wanted, half, below);
  settle(half, count);
  fillIn(half, count, below);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++)
      if (wanted[i] && weight[i]! < 1) pull(half, count, x, y, values, i * count, 1 - weight[i]!);
  }
}

/** Of half the size of what has `width × height`. */
function emptyMeans(width: number, height: number, count: number): Means {
  const [w, h] = [(width + 1) >> 1, (height + 1) >> 1];
  return { width: w, height: h, values: new Float32Array(w * h * count), weight: new Float32Array(w * h) };
}

function pushRow({ width, values, weight }: Means, count: number, y: number, wanted: Uint8Array, half: Means, below: Uint8Array): void {
  for (let x = 0, i = y * width; x < width; x++, i++) {
    const k = weight[i]!;
    if (wanted[i] && k < 1) want(below, half, x, y);
    if (k === 0) continue;
    const j = (y >> 1) * half.width + (x >> 1);
    half.weight[j]! += k;
    for (let c = 0; c < count; c++) half.values[j * count + c]! += k * values[i * count + c]!;
  }
}

/** Makes means of sums. */
function settle({ values, weight }: Means, count: number): void {
  for (let j = 0; j < weight.length; j++) {
    const k = weight[j]!;
    if (k === 0) continue;
    for (let c = 0; c < count; c++) values[j * count + c]! /= k;
    weight[j] = Math.min(1, k);
  }
}

/** Marks the four pixels of half the size between which pixel (x, y) lies. */
function want(wanted: Uint8Array, { width, height }: Means, x: number, y: number): void {
  const xa = Math.max(0, (x - 1) >> 1);
  const ya = Math.max(0, (y - 1) >> 1);
  const xb = Math.min(width - 1, xa + 1);
  const yb = Math.min(height - 1, ya + 1);
  wanted[ya * width + xa] = wanted[ya * width + xb] = wanted[yb * width + xa] = wanted[yb * width + xb] = 1;
}

/** Mixes `share` of what stands at half the size into `count` numbers; bilinear, its sample centres lie at 2x + 0.5. */
function pull({ width, height, values }: Means, count: number, x: number, y: number, out: Float32Array, at: number, share: number): void {
  const xa = Math.max(0, (x - 1) >> 1);
  const ya = Math.max(0, (y - 1) >> 1);
  const tx = Math.min(1, Math.max(0, (x - 0.5) / 2 - xa));
  const ty = Math.min(1, Math.max(0, (y - 0.5) / 2 - ya));
  const right = xa + 1 < width ? count : 0;
  const a = (ya * width + xa) * count;
  const b = (Math.min(height - 1, ya + 1) * width + xa) * count;
  for (let c = 0; c < count; c++) {
    const top = values[a + c]! * (1 - tx) + values[a + right + c]! * tx;
    const bottom = values[b + c]! * (1 - tx) + values[b + right + c]! * tx;
    out[at + c] = (1 - share) * out[at + c]! + share * (top * (1 - ty) + bottom * ty);
  }
}
