/** A picture of means: colours and disparity, four a pixel. */
interface Means {
  width: number;
  height: number;
  rgbd: Float32Array;
  /** 0..1 a pixel: how much is known there. */
  weight: Float32Array;
}

/** What means are taken of; all `width × height`. */
interface Known {
  width: number;
  height: number;
  /** Bytes, four a pixel. */
  rgba: Uint8ClampedArray;
  disparity: Float32Array;
  /** How much each pixel counts, 0..255; 0 where the mean is wanted. */
  context: Uint8Array;
}

/**
 * Smooth filling by push-pull (Gortler et al., "The Lumigraph", 1996; Burt, "Moment images", 1988): means are pushed
 * down a pyramid and pulled up again where nothing is known. Weighted, so the context can count by degrees.
 * @param order indices of the pixels whose mean is wanted.
 * @returns colours and disparity, four for each of `order`.
 */
export function pushPull(known: Known, order: Int32Array): Float32Array {
  const { width, height } = known;
  const half = emptyMeans((width + 1) >> 1, (height + 1) >> 1);
  for (let y = 0; y < height; y++) pushFirst(known, y, half);
  settle(half);
  const wanted = new Uint8Array(half.weight.length);
  for (let n = 0; n < order.length; n++) {
    const y = Math.floor(order[n]! / width);
    want(wanted, half, order[n]! - y * width, y);
  }
  fillIn(half, wanted);
  const out = new Float32Array(order.length * 4);
  for (let n = 0; n < order.length; n++) {
    const y = Math.floor(order[n]! / width);
    pull(half, order[n]! - y * width, y, out, n * 4, 1);
  }
  return out;
}

/** Mixes in, where a wanted pixel is not wholly known, what surrounds it. */
function fillIn(means: Means, wanted: Uint8Array): void {
  const { width, height, weight, rgbd } = means;
  if (width <= 1 && height <= 1) return;
  const half = emptyMeans((width + 1) >> 1, (height + 1) >> 1);
  const below = new Uint8Array(half.weight.length);
  for (let y = 0; y < height; y++) pushRow(means, y, wanted, half, below);
  settle(half);
  fillIn(half, below);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) if (wanted[i] && weight[i]! < 1) pull(half, x, y, rgbd, i * 4, 1 - weight[i]!);
  }
}

function emptyMeans(width: number, height: number): Means {
  return { width, height, rgbd: new Float32Array(width * height * 4), weight: new Float32Array(width * height) };
}

function pushFirst({ width, rgba, disparity, context }: Known, y: number, half: Means): void {
  for (let x = 0, i = y * width; x < width; x++, i++) {
    if (context[i]) add(half, x, y, context[i]! / 255, rgba[i * 4]!, rgba[i * 4 + 1]!, rgba[i * 4 + 2]!, disparity[i]!);
  }
}

function pushRow({ width, rgbd, weight }: Means, y: number, wanted: Uint8Array, half: Means, below: Uint8Array): void {
  for (let x = 0, i = y * width; x < width; x++, i++) {
    if (weight[i]! > 0) add(half, x, y, weight[i]!, rgbd[i * 4]!, rgbd[i * 4 + 1]!, rgbd[i * 4 + 2]!, rgbd[i * 4 + 3]!);
    if (wanted[i] && weight[i]! < 1) want(below, half, x, y);
  }
}

function add({ width, rgbd, weight }: Means, x: number, y: number, k: number, r: number, g: number, b: number, d: number): void {
  const j = (y >> 1) * width + (x >> 1);
  weight[j]! += k;
  rgbd[j * 4]! += k * r;
  rgbd[j * 4 + 1]! += k * g;
  rgbd[j * 4 + 2]! += k * b;
  rgbd[j * 4 + 3]! += k * d;
}

/** Makes means of sums. */
function settle({ rgbd, weight }: Means): void {
  for (let j = 0; j < weight.length; j++) {
    const k = weight[j]!;
    if (k === 0) continue;
    for (let c = 0; c < 4; c++) rgbd[j * 4 + c]! /= k;
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

/** Mixes `share` of what stands at half the size into four numbers; bilinear, its sample centres lie at 2x + 0.5. */
function pull({ width, height, rgbd }: Means, x: number, y: number, out: Float32Array, at: number, share: number): void {
  const fx = (x - 0.5) / 2;
  const fy = (y - 0.5) / 2;
  const xa = Math.max(0, (x - 1) >> 1);
  const ya = Math.max(0, (y - 1) >> 1);
  const tx = Math.min(1, Math.max(0, fx - xa));
  const ty = Math.min(1, Math.max(0, fy - ya));
  const right = xa + 1 < width ? 4 : 0;
  const a = (ya * width + xa) * 4;
  const b = (Math.min(height - 1, ya + 1) * width + xa) * 4;
  for (let c = 0; c < 4; c++) {
    const top = rgbd[a + c]! * (1 - tx) + rgbd[a + right + c]! * tx;
    const bottom = rgbd[b + c]! * (1 - tx) + rgbd[b + right + c]! * tx;
    out[at + c] = (1 - share) * out[at + c]! + share * (top * (1 - ty) + bottom * ty);
  }
}
