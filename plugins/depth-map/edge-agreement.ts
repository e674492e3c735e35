import type { Passes, Raster } from 'unflat/plugin';
import { fillHoles } from './fill-holes.ts';
import { shrinkTo, type Grid } from './shrink-to.ts';
import { windowMean } from './window-mean.ts';

/** A map's edges may lie this far from the photo's, in samples. */
const TOLERANCE = 2;
/** Shifts between these two, in samples, show how well the edges agree by chance. */
const LEAST_SHIFT = 5;
const MOST_SHIFT = 18;
const SHIFT_STEP = 2;
/** Radius of the mean that a photo's edge is held against, in samples: texture everywhere counts as little as no edge at all. */
const SURROUNDINGS = 6;
/** A map with fewer samples on its edges tells nothing. */
const FEWEST = 24;
/** A map's edge that is weaker, 0..1, is not asked. */
const LEAST_STRENGTH = 0.2;

/** Edges as double angles, so that a step up and a step down are one: strength · (cos 2θ, sin 2θ), `width × height` each. */
export interface Edges {
  width: number;
  height: number;
  cos: Float32Array;
  sin: Float32Array;
}

/** The photo's edges on a copy of that longer side, in samples, each weighed against what is around it, 0..1. */
export function* photoEdges(photo: Raster, longerSide: number): Passes<Edges> {
  const scale = longerSide / Math.max(photo.width, photo.height);
  const [width, height] = [Math.max(8, Math.round(photo.width * scale)), Math.max(8, Math.round(photo.height * scale))];
  const channels: Float32Array[] = [];
  for (let channel = 0; channel < 3; channel++) {
    const values = channelOf(photo, channel);
    yield;
    channels.push(resampled({ width: photo.width, height: photo.height, values }, width, height));
    yield;
  }
  const edges = blank(width, height);
  const strength = new Float32Array(width * height);
  for (const values of channels) {
    eachGradient(values, width, height, (i, x, y) => {
      const size = Math.hypot(x, y);
      if (size <= strength[i]!) return;
      strength[i] = size;
      edges.cos[i] = (x * x - y * y) / size;
      edges.sin[i] = (2 * x * y) / size;
    });
  }
  const around = windowMean(strength, width, height, SURROUNDINGS);
  for (let i = 0; i < strength.length; i++) {
    const scale = 1 / (strength[i]! + around[i]! + 2);
    edges.cos[i] = edges.cos[i]! * scale;
    edges.sin[i] = edges.sin[i]! * scale;
  }
  return edges;
}

/** The map's edges at the size of the photo's small copy; how deep a step is counts by rank, so polarity and scale do not matter. */
export function mapEdges(map: Grid, width: number, height: number): Edges {
  const small = resampled(fillHoles(shrinkTo(map, Math.max(width, height))), width, height);
  const ranks = rankOf(small);
  const edges = blank(width, height);
  const strength = new Float32Array(width * height);
  eachGradient(ranks, width, height, (i, x, y) => {
    strength[i] = Math.hypot(x, y);
    edges.cos[i] = x;
    edges.sin[i] = y;
  });
  const sorted = strength.slice().sort();
  const strong = sorted[Math.floor(sorted.length * 0.97)] || 1;
  for (let i = 0; i < strength.length; i++) {
    const size = strength[i]!;
    const weight = size === 0 ? 0 : Math.min(1, size / strong) ** 2 / (size * size);
    const [x, y] = [edges.cos[i]!, edges.sin[i]!];
    edges.cos[i] = weight * (x * x - y * y);
    edges.sin[i] = weight * 2 * x * y;
  }
  return edges;
}

/**
 * How clearly the edges of `map` lie on those of `photo` where they are, against everywhere around: in standard deviations of the
 * agreement at other shifts. −2..3 for a map of something else, 4..30 where the map is the photo's and has edges.
 */
export function edgeAgreement(map: Edges, photo: Edges): number {
  const edges = strongest(map);
  if (edges.weights.length < FEWEST) return 0;
  let here = -Infinity;
  for (let dy = -TOLERANCE; dy <= TOLERANCE; dy++)
    for (let dx = -TOLERANCE; dx <= TOLERANCE; dx++) here = Math.max(here, shifted(edges, photo, dx, dy));
  let [sum, squares, count] = [0, 0, 0];
  for (let dy = -MOST_SHIFT; dy <= MOST_SHIFT; dy += SHIFT_STEP) {
    for (let dx = -MOST_SHIFT; dx <= MOST_SHIFT; dx += SHIFT_STEP) {
      if (Math.max(Math.abs(dx), Math.abs(dy)) < LEAST_SHIFT) continue;
      const value = shifted(edges, photo, dx, dy);
      sum += value;
      squares += value * value;
      count++;
    }
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return deviation > 1e-9 ? (here - mean) / deviation : 0;
}

/** Edges of a map that are worth asking, each with its place. */
interface Sparse {
  xs: Int32Array;
  ys: Int32Array;
  cos: Float32Array;
  sin: Float32Array;
  weights: Float32Array;
}

function strongest({ width, cos, sin }: Edges): Sparse {
  const places = Int32Array.from(cos.keys()).filter((i) => Math.hypot(cos[i]!, sin[i]!) > LEAST_STRENGTH);
  const of = (values: Float32Array): Float32Array => Float32Array.from(places, (i) => values[i]!);
  return {
    xs: places.map((i) => i % width),
    ys: places.map((i) => Math.floor(i / width)),
    cos: of(cos),
    sin: of(sin),
    weights: Float32Array.from(places, (i) => Math.hypot(cos[i]!, sin[i]!)),
  };
}

/** Mean agreement of the directions when the map is shifted; 0 where nothing meets. */
function shifted({ xs, ys, cos, sin, weights }: Sparse, photo: Edges, dx: number, dy: number): number {
  const { width, height } = photo;
  let sum = 0;
  let weight = 0;
  for (let k = 0; k < weights.length; k++) {
    const x = xs[k]! + dx;
    const y = ys[k]! + dy;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const j = y * width + x;
    sum += cos[k]! * photo.cos[j]! + sin[k]! * photo.sin[j]!;
    weight += weights[k]!;
  }
  return weight > 0 ? sum / weight : 0;
}

function blank(width: number, height: number): Edges {
  return { width, height, cos: new Float32Array(width * height), sin: new Float32Array(width * height) };
}

function channelOf({ rgba }: Raster, channel: number): Float32Array {
  const values = new Float32Array(rgba.length / 4);
  for (let i = 0; i < values.length; i++) values[i] = rgba[4 * i + channel]!;
  return values;
}

/** By area or bilinear: each sample's middle, after a scaling down by area that leaves at most twice the size. */
function resampled(grid: Grid, width: number, height: number): Float32Array {
  const small = shrinkTo(grid, Math.max(width, height));
  if (small.width === width && small.height === height) return small.values;
  const out = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const v = Math.min(small.height - 1, Math.max(0, ((y + 0.5) * small.height) / height - 0.5));
    const [top, q] = [Math.floor(v), v % 1];
    const below = Math.min(small.height - 1, top + 1);
    for (let x = 0; x < width; x++, i++) {
      const u = Math.min(small.width - 1, Math.max(0, ((x + 0.5) * small.width) / width - 0.5));
      const [left, p] = [Math.floor(u), u % 1];
      const right = Math.min(small.width - 1, left + 1);
      const value = (row: number): number =>
        small.values[row * small.width + left]! * (1 - p) + small.values[row * small.width + right]! * p;
      out[i] = value(top) * (1 - q) + value(below) * q;
    }
  }
  return out;
}

/** Sobel's gradients, borders left out. */
function eachGradient(values: Float32Array, width: number, height: number, use: (i: number, x: number, y: number) => void): void {
  for (let y = 1; y + 1 < height; y++) {
    for (let x = 1; x + 1 < width; x++) {
      const i = y * width + x;
      const [nw, n, ne] = [values[i - width - 1]!, values[i - width]!, values[i - width + 1]!];
      const [w, e] = [values[i - 1]!, values[i + 1]!];
      const [sw, s, se] = [values[i + width - 1]!, values[i + width]!, values[i + width + 1]!];
      use(i, (ne + 2 * e + se - nw - 2 * w - sw) / 4, (sw + 2 * s + se - nw - 2 * n - ne) / 4);
    }
  }
}

/** Ranks 0..1; equal values share their middle rank. */
function rankOf(values: Float32Array): Float32Array {
  const sorted = values.slice().sort();
  const rankAt = new Map<number, number>();
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    rankAt.set(sorted[start]!, (start + end - 1) / 2 / (sorted.length - 1 || 1));
    start = end;
  }
  return values.map((value) => rankAt.get(value) ?? 0);
}
