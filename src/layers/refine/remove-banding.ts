import type { Raster } from '../../core/index.ts';

/** Squared colour distance across a band's border from which it counts as an outline, not as a slope's next level. */
const OUTLINE_SQUARED = 2500;
/** A band that borders on one side alone levels out over this many samples. */
const LEVEL_OUT_SAMPLES = 6;
const NONE = 1e9;

/** Every second pixel of every second row: bands are wider, and it is a quarter of the work. */
interface Bands {
  width: number;
  height: number;
  level: Int16Array;
  /** Samples to the nearest border with the next level up, and down. */
  up: Float32Array;
  down: Float32Array;
}

/**
 * Makes slopes of the stairs that few grey levels leave. Where one level borders on the next, depth is
 * half-way between them; inside a band it goes from one border to the other by the distances to both.
 * Borders of two levels or more, and those where the photo has an outline, stay steps.
 * @param disparity at photo size; changed. No value moves by more than half a level.
 * @param quantum spacing of the levels.
 */
export function removeBanding(disparity: Float32Array, photo: Raster, quantum: number): void {
  const { width, height } = photo;
  const bands = findBands(disparity, photo, quantum);
  spread(bands.up, bands);
  spread(bands.down, bands);
  const { level } = bands;
  const part = partsOf(bands);
  for (let y = 0; y < height; y++) {
    const near = (y >> 1) * bands.width;
    const far = Math.min(bands.height - 1, (y >> 1) + (y & 1)) * bands.width;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const own = Math.round(disparity[i]! / quantum);
      const k = x >> 1;
      const other = Math.min(bands.width - 1, k + (x & 1));
      // The mean of those samples round the pixel that lie in its band.
      let sum = 0;
      let count = 0;
      if (level[near + k] === own) ((sum += part[near + k]!), count++);
      if (level[near + other] === own) ((sum += part[near + other]!), count++);
      if (level[far + k] === own) ((sum += part[far + k]!), count++);
      if (level[far + other] === own) ((sum += part[far + other]!), count++);
      if (count > 0) disparity[i] = disparity[i]! + (sum / count) * 0.5 * quantum;
    }
  }
}

function findBands(disparity: Float32Array, { width, height, rgba }: Raster, quantum: number): Bands {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const level = new Int16Array(w * h);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) level[y * w + x] = Math.round(disparity[2 * y * width + 2 * x]! / quantum);
  const up = new Float32Array(w * h).fill(NONE);
  const down = new Float32Array(w * h).fill(NONE);
  const meet = (i: number, j: number, before: number, after: number) => {
    const step = level[j]! - level[i]!;
    if (step !== 1 && step !== -1) return;
    const r = rgba[before]! - rgba[after]!;
    const g = rgba[before + 1]! - rgba[after + 1]!;
    const b = rgba[before + 2]! - rgba[after + 2]!;
    if (r * r + g * g + b * b >= OUTLINE_SQUARED) return;
    up[step > 0 ? i : j] = 0.5;
    down[step > 0 ? j : i] = 0.5;
  };
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i = y * w + x;
      const pixel = (px: number, py: number) => (2 * py * width + 2 * px) * 4;
      if (x + 1 < w) meet(i, i + 1, pixel(x, y), pixel(x + 1, y));
      if (y + 1 < h) meet(i, i + w, pixel(x, y), pixel(x, y + 1));
    }
  }
  return { width: w, height: h, level, up, down };
}

/** Where in its band a sample lies: −1 at the border with the level below, 1 at the one above. */
function partsOf({ level, up, down }: Bands): Float32Array {
  const part = new Float32Array(level.length);
  for (let i = 0; i < part.length; i++) {
    const u = up[i]!;
    const d = down[i]!;
    if (u < NONE && d < NONE) part[i] = (d - u) / (d + u);
    else if (u < NONE) part[i] = Math.exp(-u / LEVEL_OUT_SAMPLES);
    else if (d < NONE) part[i] = -Math.exp(-d / LEVEL_OUT_SAMPLES);
  }
  return part;
}

/** Distances to the nearest border within a band: a chamfer transform (Borgefors 1986), twice for bands that wind. */
function spread(distance: Float32Array, { width, height, level }: Bands): void {
  for (let round = 0; round < 2; round++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0, i = y * width; x < width; x++, i++) {
        const own = level[i]!;
        let d = distance[i]!;
        if (x > 0 && level[i - 1] === own && distance[i - 1]! + 1 < d) d = distance[i - 1]! + 1;
        if (y > 0) {
          const j = i - width;
          if (level[j] === own && distance[j]! + 1 < d) d = distance[j]! + 1;
          if (x > 0 && level[j - 1] === own && distance[j - 1]! + Math.SQRT2 < d) d = distance[j - 1]! + Math.SQRT2;
          if (x + 1 < width && level[j + 1] === own && distance[j + 1]! + Math.SQRT2 < d) d = distance[j + 1]! + Math.SQRT2;
        }
        distance[i] = d;
      }
    }
    for (let y = height - 1; y >= 0; y--) {
      for (let x = width - 1, i = y * width + x; x >= 0; x--, i--) {
        const own = level[i]!;
        let d = distance[i]!;
        if (x + 1 < width && level[i + 1] === own && distance[i + 1]! + 1 < d) d = distance[i + 1]! + 1;
        if (y + 1 < height) {
          const j = i + width;
          if (level[j] === own && distance[j]! + 1 < d) d = distance[j]! + 1;
          if (x + 1 < width && level[j + 1] === own && distance[j + 1]! + Math.SQRT2 < d) d = distance[j + 1]! + Math.SQRT2;
          if (x > 0 && level[j - 1] === own && distance[j - 1]! + Math.SQRT2 < d) d = distance[j - 1]! + Math.SQRT2;
        }
        distance[i] = d;
      }
    }
  }
}
