/** Sliced Wasserstein distance between the patches of two pictures: whether texture is of the right kind, wherever it lies. */
import type { Raster } from '../../src/core/index.ts';
import { seeded } from './scene.ts';

const LEVELS = 3;
const SIDE = 7;
const HALF = 3;
/** Numbers of a patch, a channel; directions that they are projected on; patches a level at most. */
const PIXELS = SIDE * SIDE;
const DIRECTIONS = 96;
const MOST_PATCHES = 3000;
/** A level with fewer patches says nothing. */
const FEWEST = 16;

/**
 * Distance between all 7 × 7 patches about the pixels of `part`, true and ours, on three levels of a Laplacian pyramid (Karras et al., "Progressive
 * growing of GANs", 2018), times 1000: 0 = the same. Lay ours into the true picture first, where nothing else is to count.
 * @param part 1 = counts; picture size.
 */
export function swd(truth: Raster, ours: Raster, part: Uint8Array): number {
  const random = seeded(7);
  let [a, b] = [planesOf(truth), planesOf(ours)];
  let mask = { width: truth.width, height: truth.height, values: part };
  let total = 0;
  for (let level = 0; level < LEVELS; level++) {
    const isLast = level === LEVELS - 1;
    const [nextA, nextB] = [a.map(halved), b.map(halved)];
    const bandA = isLast ? a : a.map((plane, c) => difference(plane, nextA[c]!));
    const bandB = isLast ? b : b.map((plane, c) => difference(plane, nextB[c]!));
    const places: number[] = [];
    const { width, height } = a[0]!;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const u = Math.min(mask.width - 1, Math.floor((x * mask.width) / width));
        const v = Math.min(mask.height - 1, Math.floor((y * mask.height) / height));
        if (mask.values[v * mask.width + u]) places.push(y * width + x);
      }
    if (places.length >= FEWEST) total += distance(bandA, bandB, picked(places, random), random) / LEVELS;
    mask = { width, height, values: maskAt(places, width * height) };
    [a, b] = [nextA, nextB];
  }
  return 1000 * total;
}

interface Plane {
  width: number;
  height: number;
  values: Float32Array;
}

function planesOf({ width, height, rgba }: Raster): Plane[] {
  return [0, 1, 2].map((c) => ({ width, height, values: Float32Array.from({ length: width * height }, (_, i) => rgba[i * 4 + c]! / 255) }));
}

function maskAt(places: readonly number[], size: number): Uint8Array {
  const values = new Uint8Array(size);
  for (const i of places) values[i] = 1;
  return values;
}

const KERNEL = [1, 4, 6, 4, 1].map((k) => k / 16);
const mirrored = (i: number, n: number): number => (n === 1 ? 0 : i < 0 ? -i : i >= n ? 2 * n - 2 - i : i);

/** Gaussian, every second pixel. */
function halved({ width, height, values }: Plane): Plane {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const rows = new Float32Array(w * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < w; x++)
      for (let k = -2; k <= 2; k++) rows[y * w + x]! += KERNEL[k + 2]! * values[y * width + mirrored(2 * x + k, width)]!;
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++)
    for (let k = -2; k <= 2; k++)
      for (let x = 0, row = mirrored(2 * y + k, height) * w; x < w; x++) out[y * w + x]! += KERNEL[k + 2]! * rows[row + x]!;
  return { width: w, height: h, values: out };
}

/** A plane without what its half-size one shows. */
function difference({ width, height, values }: Plane, half: Plane): Plane {
  const rows = new Float32Array(width * half.height);
  const tap = (at: (i: number) => number, i: number, n: number): number => {
    const m = i >> 1;
    const [l, r] = [at(Math.max(0, m - 1)), at(Math.min(n - 1, m + 1))];
    return i & 1 ? (at(m) + r) / 2 : (l + 6 * at(m) + r) / 8;
  };
  for (let y = 0; y < half.height; y++)
    for (let x = 0; x < width; x++) rows[y * width + x] = tap((i) => half.values[y * half.width + i]!, x, half.width);
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[y * width + x] = values[y * width + x]! - tap((i) => rows[i * width + x]!, y, half.height);
  return { width, height, values: out };
}

function picked(places: number[], random: () => number): number[] {
  if (places.length <= MOST_PATCHES) return places;
  for (let n = 0; n < MOST_PATCHES; n++) {
    const m = n + Math.floor(random() * (places.length - n));
    [places[n], places[m]] = [places[m]!, places[n]!];
  }
  return places.slice(0, MOST_PATCHES);
}

function distance(a: readonly Plane[], b: readonly Plane[], places: readonly number[], random: () => number): number {
  const count = places.length;
  const [p, q] = [patches(a, places), patches(b, places)];
  for (let c = 0; c < 3; c++) {
    let [sum, squares] = [0, 0];
    for (let n = 0; n < count; n++)
      for (let k = 0; k < PIXELS; k++) {
        const value = p[(n * 3 + c) * PIXELS + k]!;
        sum += value;
        squares += value * value;
      }
    const mean = sum / (count * PIXELS);
    const deviation = Math.sqrt(Math.max(0, squares / (count * PIXELS) - mean * mean)) + 0.01;
    for (let n = 0; n < count; n++)
      for (let k = 0; k < PIXELS; k++)
        for (const each of [p, q]) each[(n * 3 + c) * PIXELS + k] = (each[(n * 3 + c) * PIXELS + k]! - mean) / deviation;
  }
  let total = 0;
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    const ray = Float32Array.from({ length: 3 * PIXELS }, () => gaussian(random));
    const length = Math.hypot(...ray);
    const [u, v] = [projected(p, ray, count), projected(q, ray, count)];
    for (let n = 0; n < count; n++) total += Math.abs(u[n]! - v[n]!) / (length * count * DIRECTIONS);
  }
  return total;
}

function patches(planes: readonly Plane[], places: readonly number[]): Float32Array {
  const all = new Float32Array(places.length * 3 * PIXELS);
  let o = 0;
  for (const i of places)
    for (const { width, height, values } of planes)
      for (let dy = -HALF; dy <= HALF; dy++)
        for (let dx = -HALF; dx <= HALF; dx++)
          all[o++] = values[edged(Math.floor(i / width) + dy, height) * width + edged((i % width) + dx, width)]!;
  return all;
}

/** A row or column outside, mirrored with its edge. */
function edged(i: number, n: number): number {
  return Math.min(n - 1, Math.max(0, i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i));
}

function projected(all: Float32Array, ray: Float32Array, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    let sum = 0;
    for (let k = 0, o = n * ray.length; k < ray.length; k++) sum += all[o + k]! * ray[k]!;
    values[n] = sum;
  }
  return values.sort();
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
