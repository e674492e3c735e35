import { fillHoles } from './holes.ts';
import { quantiles } from './quantiles.ts';
import { shrinkTo, type Grid } from './resize.ts';

const SIZE = 128;
/** Reach of the search for things that stand out, in samples of the small picture. */
const REACH = 8;

/** How much the four signs count; hand-set on rendered scenes and on photos with sensor depth. */
const WEIGHTS = { bottom: 1, middle: 0.4, standOut: 1, sky: 0.3 };

/**
 * Whether larger values look nearer (positive) or farther (negative); 0 = no telling, ±1 = clear. Four signs:
 * the ground: the bottom of a photo is nearer than its top; its middle is nearer than its upper borders;
 * near things stand out from what is behind them as islands, far things do not; an even area at the very top is sky.
 * Inverting the values changes the sign.
 */
export function nearness(grid: Grid): number {
  const { width, height, values } = flatten(grid);
  if (width < 4 || height < 4) return 0;
  const mean = meanOf(values, () => true);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  if (deviation < 1e-4) return 0;

  const rowOf = (i: number): number => Math.floor(i / width) / (height - 1) * 2 - 1;
  const bottom = values.reduce((sum, value, i) => sum + (value - mean) * rowOf(i), 0) / values.length / deviation / 0.577;

  const rim = Math.round(SIZE / 20);
  const onRim = (i: number): boolean => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return y < rim || (y < height / 2 && (x < rim || x >= width - rim));
  };
  const inMiddle = (i: number): boolean => {
    const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
    return x >= 0.25 && x < 0.75 && y >= 0.25 && y < 0.75;
  };
  const middle = meanOf(values, inMiddle) - meanOf(values, onRim);

  const islands = mean - meanOf(opened({ width, height, values }), () => true);
  const pits = mean + meanOf(opened({ width, height, values: values.map((value) => -value) }), () => true);
  const standOut = (islands + pits) / (islands - pits + 1e-6);

  const top = values.subarray(0, width * Math.max(1, Math.floor(height / 10)));
  const share = (test: (value: number) => boolean): number => top.reduce((count, value) => count + Number(test(value)), 0) / top.length;
  const sky = share((value) => value <= 0.02) - share((value) => value >= 0.98);

  return WEIGHTS.bottom * bottom + WEIGHTS.middle * middle + WEIGHTS.standOut * standOut + WEIGHTS.sky * sky;
}

/** A small copy without holes, its values stretched to 0..1 between the 1st and the 99th percentile. */
function flatten(grid: Grid): Grid {
  const small = fillHoles(shrinkTo(grid, SIZE));
  const [low = 0, high = 0] = quantiles(small.values, [0.01, 0.99]);
  const scale = high > low ? 1 / (high - low) : 0;
  return { ...small, values: small.values.map((value) => Math.min(1, Math.max(0, (value - low) * scale || 0))) };
}

function meanOf(values: Float32Array, test: (i: number) => boolean): number {
  let sum = 0;
  let count = 0;
  values.forEach((value, i) => {
    if (!test(i)) return;
    sum += value;
    count++;
  });
  return count > 0 ? sum / count : 0;
}

/** Morphological opening with a square: islands narrower than twice the reach are levelled. */
function opened(grid: Grid): Float32Array {
  const least = slide(slide(grid, 1, Math.min), grid.width, Math.min);
  return slide(slide(least, 1, Math.max), grid.width, Math.max).values;
}

/** Smallest or largest value within the reach along rows (`stride` 1) or columns (`stride` = width). */
function slide(grid: Grid, stride: number, pick: (a: number, b: number) => number): Grid {
  const { width, height, values } = grid;
  const out = new Float32Array(values.length);
  const [along, length] = stride === 1 ? [(i: number) => i % width, width] : [(i: number) => Math.floor(i / width), height];
  for (let i = 0; i < values.length; i++) {
    let best = values[i] ?? 0;
    const place = along(i);
    for (let d = -Math.min(REACH, place); d <= Math.min(REACH, length - 1 - place); d++) best = pick(best, values[i + d * stride] ?? best);
    out[i] = best;
  }
  return { width, height, values: out };
}
