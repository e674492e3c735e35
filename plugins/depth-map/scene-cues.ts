import type { Raster } from 'unflat/plugin';
import { fillHoles } from './fill-holes.ts';
import { quantiles } from './quantiles.ts';
import { ranksOf } from './ranks-of.ts';
import { shrinkTo, type Grid } from './shrink-to.ts';

/** Longer side of the small copy that is looked at, in samples. */
const SIZE = 128;
/** Reach of the search for things that stand out, in parts of the longer side. */
const REACH = 1 / 16;
/** Islands and pits that fill less of the map, times their height, say little. */
const LITTLE = 0.01;
/** Share of the picture that has to look like sky before its place counts in full. */
const MUCH_SKY = 0.05;

/**
 * What the shape of a map says of near and far without knowing the scene, each −1..1: positive = high values look near. Inverting the
 * values changes the signs.
 */
export interface SceneCues {
  /** Near things stand out as islands from what is behind them; far things do not. */
  standOut: number;
  /** The ground: the bottom of a photo is nearer than its top. */
  ground: number;
  /** Where the photo shows sky (high up, even, bright or blue), the map is far; 0 without a photo or without sky. */
  sky: number;
}

export function sceneCuesOf(grid: Grid, photo?: Raster): SceneCues {
  const small = fillHoles(shrinkTo(grid, SIZE));
  const { width, height, values } = small;
  if (width < 4 || height < 4) return { standOut: 0, ground: 0, sky: 0 };
  const ranks = ranksOf(values);
  return { standOut: standOut(small), ground: ground(ranks, height, width), sky: photo ? sky(ranks, width, height, photo) : 0 };
}

/** Whether the islands of a map are larger than its pits, −1..1. */
function standOut(small: Grid): number {
  const [low = 0, high = 0] = quantiles(small.values, [0.01, 0.99]);
  if (!(high > low)) return 0;
  const grid = { ...small, values: small.values.map((value) => Math.min(1, Math.max(0, (value - low) / (high - low)))) };
  const mean = meanOf(grid.values);
  const islands = mean - meanOf(opened(grid));
  const pits = mean + meanOf(opened({ ...grid, values: grid.values.map((value) => -value) }));
  return (islands + pits) / (islands - pits + LITTLE);
}

/** Correlation of the ranks with the row. */
function ground(ranks: Float32Array, height: number, width: number): number {
  const mean = meanOf(ranks);
  let [both, own, rows] = [0, 0, 0];
  for (let i = 0; i < ranks.length; i++) {
    const row = Math.floor(i / width) / (height - 1) - 0.5;
    both += (ranks[i]! - mean) * row;
    own += (ranks[i]! - mean) ** 2;
    rows += row * row;
  }
  return own > 0 ? both / Math.sqrt(own * rows) : 0;
}

function sky(ranks: Float32Array, width: number, height: number, photo: Raster): number {
  const skies = skyLikeness(photo, width, height);
  let [far, all] = [0, 0];
  for (let i = 0; i < width * Math.ceil(height * 0.6); i++) {
    const weight = skies[i]! * (1 - Math.floor(i / width) / height);
    far += weight * (1 - 2 * ranks[i]!);
    all += weight;
  }
  const share = all / ranks.length;
  return share > MUCH_SKY / 25 ? (far / all) * Math.min(1, share / MUCH_SKY) : 0;
}

/** How much each place of a photo looks like sky, 0 to about 1: bright, blue rather than not, and even. */
export function skyLikeness(photo: Raster, width: number, height: number): Float32Array {
  const at = (x: number, y: number): number =>
    4 * (Math.floor(((y + 0.5) * photo.height) / height) * photo.width + Math.floor(((x + 0.5) * photo.width) / width));
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const [p, beside] = [at(x, y), at(x - 1, y)];
      const [red, green, blue] = [photo.rgba[p]!, photo.rgba[p + 1]!, photo.rgba[p + 2]!];
      const bright = Math.max(0, (red + green + blue) / 3 - 110) / 145;
      const isBlue = Math.min(1, Math.max(0, (blue - Math.max(red, 0.95 * green) + 10) / 50));
      const change =
        Math.abs(red - photo.rgba[beside]!) + Math.abs(green - photo.rgba[beside + 1]!) + Math.abs(blue - photo.rgba[beside + 2]!);
      out[y * width + x] = bright * (0.3 + isBlue) * Math.exp(-change / 12);
    }
  }
  return out;
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Morphological opening with a square: islands narrower than twice the reach are levelled. */
function opened(grid: Grid): Float32Array {
  const reach = Math.max(1, Math.round(REACH * Math.max(grid.width, grid.height)));
  const lowered = slid(slid(grid, true, reach, 1), false, reach, 1);
  return slid(slid(lowered, true, reach, -1), false, reach, -1).values;
}

/** The least value within the reach along rows or columns; the largest where `sign` is −1. */
function slid({ width, height, values }: Grid, isAcross: boolean, reach: number, sign: 1 | -1): Grid {
  const out = new Float32Array(values.length);
  const [lines, length, next, step] = isAcross ? [height, width, width, 1] : [width, height, 1, width];
  for (let line = 0; line < lines; line++) {
    for (let place = 0; place < length; place++) {
      const to = Math.min(length - 1, place + reach);
      let best = Infinity;
      for (let k = Math.max(0, place - reach); k <= to; k++) {
        const value = sign * values[line * next + k * step]!;
        if (value < best) best = value;
      }
      out[line * next + place * step] = sign * best;
    }
  }
  return { width, height, values: out };
}
