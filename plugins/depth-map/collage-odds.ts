import type { DepthMap, Passes, Raster } from 'unflat/plugin';
import { edgeAgreement, mapEdges, photoEdges } from './edge-agreement.ts';
import { edgeContrast } from './edge-contrast.ts';
import { luma } from './luma.ts';
import { quantiles } from './quantiles.ts';
import { agreementWith, clearness } from './ranks-of.ts';
import { boxBlur, correlation, detailOf, resizeTo, shareExplained } from './correlation.ts';
import { shrinkTo, type Grid } from './shrink-to.ts';

/** Longer side of the small copies that are compared, in samples. */
const PROBE = 128;
/** How far a second eye's picture is looked for to either side, in samples. */
const SHIFT = 10;
/** A grey half whose middle 96 % spread over fewer levels shows nothing. */
const LEAST_RANGE = 20;

/*
 * What each sign counts, as the logarithm of the odds that a grey half is the depth of the other; fitted by logistic regression on collages of
 * generated worlds (test/fixtures/worlds/collages.ts). Both powers make a sign count only near 1.
 */
const BY_MODEL = { base: -2.4, agreement: 1.2, likeness: -2.59, explained: -3, drawing: -1.66, rough: -2.82, sameView: 0.75, edges: 1.18 };
const ALONE = { base: -0.54, agreement: 0, likeness: -2.69, explained: -2.42, drawing: -2.45, rough: -3.57, sameView: 1.04, edges: 1.78 };
/** Power to which likeness is raised. */
const SHARP = 8;

/**
 * How clearly one half of a picture is the depth of the other, as the logarithm of the odds: its edges are the photo's, it is calm where the
 * photo has detail, it agrees with the model's depth (whichever way round), and it is not the photo in black and white, shifted, blurred,
 * as a negative, or drawn.
 * @param half its brightness, upright. @param depth the model's depth of `photo`, where it is at hand.
 */
export function* collageOdds(half: Grid, photo: Raster, depth: DepthMap | undefined): Passes<number> {
  const grey = shrinkTo(half, PROBE);
  yield;
  const brightness = brightnessOf(photo);
  yield;
  const light = resizeTo(shrinkTo(brightness, PROBE), grey.width, grey.height);
  yield;
  const [low = 0, high = 0] = quantiles(grey.values, [0.02, 0.98]);
  if (high - low < LEAST_RANGE) return -Infinity;
  const weights = depth ? BY_MODEL : ALONE;
  const { whole, level, jumps } = depth ? agreementWith(grey, depth) : { whole: 0, level: 0, jumps: 0 };
  yield;
  const edges = yield* photoEdges(photo, PROBE);
  yield;
  const sameView = edgeAgreement(mapEdges(grey, edges.width, edges.height), edges);
  return (
    weights.base +
    weights.agreement * Math.min(5, Math.abs(1.6 * clearness(whole) + 2 * clearness(level) + 2 * jumps)) +
    weights.likeness * likeness(grey, light) ** SHARP +
    weights.explained * shareExplained(light, grey) ** SHARP +
    weights.drawing * Math.abs(correlation(grey.values, changesOf(light))) +
    weights.rough * (1 - detailOf(grey, light, high - low).calm) +
    weights.sameView * Math.max(0, Math.min(1, sameView / 10)) +
    weights.edges * Math.log(Math.max(0.5, edgeContrast(grey, light)))
  );
}

/** The largest correlation of fine detail with the photo's, 0..1: as it is, blurred, or seen from beside. */
function likeness(grey: Grid, light: Grid): number {
  const own = detail(grey);
  const { width } = light;
  const shifted = (values: Float32Array, by: number): Float32Array =>
    values.map((_, i) => values[i - (i % width) + Math.min(width - 1, Math.max(0, (i % width) + by))]!);
  let most = 0;
  for (const radius of [0, 1, 2, 4]) {
    const seen = detail(radius > 0 ? boxBlur(light, radius) : light);
    const reach = radius > 1 ? 0 : SHIFT;
    for (let by = -reach; by <= reach; by++) most = Math.max(most, Math.abs(correlation(own, shifted(seen, by))));
  }
  return most;
}

function detail(grid: Grid): Float32Array {
  const blurred = boxBlur(grid, 3).values;
  return grid.values.map((value, i) => value - blurred[i]!);
}

function changesOf({ width, values }: Grid): Float32Array {
  return values.map((value, i) => Math.abs(value - (values[i + 1] ?? value)) + Math.abs(value - (values[i + width] ?? value)));
}

/** Brightness of a picture, 0..255. */
export function brightnessOf({ width, height, rgba }: Raster): Grid {
  const values = new Float32Array(width * height);
  for (let i = 0, p = 0; i < values.length; i++, p += 4) values[i] = luma(rgba[p]!, rgba[p + 1]!, rgba[p + 2]!);
  return { width, height, values };
}
