import type { DepthMap } from 'unflat/plugin';
import { fillHoles } from './fill-holes.ts';
import { correlation, resizeTo } from './correlation.ts';
import { shrinkTo, type Grid } from './shrink-to.ts';

/** Longer side of the small copies that are compared, in samples. */
const PROBE = 96;
/** A map with fewer known samples says nothing. */
const FEWEST = 64;
/** Pairs this far apart, in samples, are held against each other … */
const REACH = 4;
/** … where the map's ranks differ by more than this part of all. */
const JUMP = 0.15;
/** Correlations beyond this are no clearer. */
const MOST = 0.98;

/** Ranks 0..1 of the finite values, equal ones sharing their middle rank; NaN stays. */
export function ranksOf(values: Float32Array): Float32Array {
  const order = Uint32Array.from(values.keys())
    .filter((i) => Number.isFinite(values[i]!))
    .sort((a, b) => values[a]! - values[b]!);
  const out = new Float32Array(values.length).fill(NaN);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let k = start; k < end; k++) out[order[k]!] = (start + end - 1) / 2 / Math.max(1, order.length - 1);
    start = end;
  }
  return out;
}

/** How a map goes with a depth of the same view, by ranks; all positive: what is higher is nearer. 0 = no telling. */
export interface Agreement {
  /** Spearman's rank correlation over the whole picture, −1..1. */
  whole: number;
  /** The same without the slope from top to bottom, −1..1: every depth model knows that the ground comes nearer. */
  level: number;
  /** Share of the map's jumps at which the depth jumps the same way, less that where it jumps the other way, −1..1. */
  jumps: number;
}

/** Unknown samples are filled smoothly. */
export function agreementWith(map: Grid, depth: DepthMap): Agreement {
  const small = shrinkTo(map, PROBE);
  const { width, height } = small;
  if (small.values.reduce((count, value) => count + Number(Number.isFinite(value)), 0) < FEWEST) return { whole: 0, level: 0, jumps: 0 };
  const other = resizeTo(shrinkTo({ width: depth.width, height: depth.height, values: depth.disparity }, PROBE), width, height);
  const [own, model] = [ranksOf(fillHoles(small).values), ranksOf(other.values)];
  return {
    whole: correlation(own, model),
    level: correlation(withoutSlope(own, width, height), withoutSlope(model, width, height)),
    jumps: jumpsAlike(own, model, width),
  };
}

/** On the scale of evidence: Fisher's z of a correlation. */
export function clearness(correlation: number): number {
  return Math.atanh(Math.max(-MOST, Math.min(MOST, correlation)));
}

function withoutSlope(values: Float32Array, width: number, height: number): Float32Array {
  const middle = (height - 1) / 2;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const down = Math.floor(i / width) - middle;
    sum += values[i]! * down;
    squares += down * down;
  }
  const slope = squares > 0 ? sum / squares : 0;
  return values.map((value, i) => value - slope * (Math.floor(i / width) - middle));
}

function jumpsAlike(own: Float32Array, other: Float32Array, width: number): number {
  let [alike, all] = [0, 0];
  const compare = (i: number, j: number): void => {
    const jump = own[i]! - own[j]!;
    if (Math.abs(jump) <= JUMP) return;
    alike += jump * Math.sign(other[i]! - other[j]!);
    all += Math.abs(jump);
  };
  for (let i = 0; i < own.length; i++) {
    if (i % width >= REACH) compare(i, i - REACH);
    if (i >= REACH * width) compare(i, i - REACH * width);
  }
  return all > 0 ? alike / all : 0;
}
