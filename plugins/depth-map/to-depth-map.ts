import type { DepthMap, Passes, Raster } from 'unflat/plugin';
import { fillFromFartherSide, unknownShare } from './fill-holes.ts';
import { extremes, normalise, type Scale } from './normalise.ts';
import { towardsDisparity } from './polarity.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';
import type { HowToRead } from './how-to-read.ts';
import { shrinkTo, type Grid } from './shrink-to.ts';
import { skyHoles } from './sky-holes.ts';

/** Longest side of the depth map that goes on into the program, in samples. */
const LONGEST = 4096;

/**
 * Turns what a file holds, read as was settled, into relative disparity 0..1, 1 = near.
 * @param photo upright and cropped as the map is.
 * @param isExact the full scale of the type is 1, and nothing is stretched.
 * @throws UnflatError `bad-depth` when nothing is known anywhere, or an exact map leaves 0..1.
 */
export function* toDepthMap(
  { map, meaning, isSwapped, depth }: Omit<HowToRead, 'reading'>,
  photo: Raster,
  isExact: boolean,
  warn: (message: string) => void,
): Passes<DepthMap> {
  const { what, fullScale } = map;
  const near = towardsDisparity({ map, meaning });
  yield;
  const unknown = unknownShare(near);
  if (unknown === 1) throw badDepth(what, 'it holds no depth: every value is unknown (NaN, infinite or transparent).');
  if (unknown > 0) warn(`${what} has pixels without depth (${percent(unknown)}); they were filled in from around them.`);
  yield;
  let grid = shrinkTo({ width: map.width, height: map.height, values: near }, LONGEST);
  yield;
  if (meaning === 'distance' && !isSwapped && unknown > 0) grid = skyHoles(grid, photo, depth);
  yield;
  const { width, height, values } = yield* fillHolesOf(grid, isSwapped);
  yield;

  if (isExact) return { width, height, disparity: exactDisparity(values, fullScale, what) };
  const disparity = yield* normalise(values, scaleOf(map, meaning), warn);
  yield;
  return { width, height, disparity: isSwapped ? disparity.map((value) => 1 - value) : disparity };
}

/** @param isSwapped larger values are farther, as near and far will be swapped in the end. */
function* fillHolesOf(grid: Grid, isSwapped: boolean): Passes<Grid> {
  if (!isSwapped) return yield* fillFromFartherSide(grid);
  const negative = (values: Float32Array): Float32Array => values.map((value) => -value);
  const filled = yield* fillFromFartherSide({ ...grid, values: negative(grid.values) });
  return { ...grid, values: negative(filled.values) };
}

/** 1/distance has no even steps; a few levels out of hundreds are JPEG's noise, but two out of four are depth. */
function scaleOf({ what, step, fullScale }: RawDepth, meaning: string): Scale {
  if (meaning === 'distance') return { what, step: 0, noise: 0 };
  return { what, step, noise: fullScale > 100 ? 2 * step : 0 };
}

function exactDisparity(values: Float32Array, fullScale: number, what: string): Float32Array {
  const [least, largest] = extremes(values);
  if (least < -0.001 * fullScale || largest > 1.001 * fullScale) {
    throw badDepth(
      what,
      `with an exact lens its values must be disparities from 0 to ${fullScale}, but they go from ${short(least)} to ${short(largest)}.`,
      'Use disparity instead of distance: (1/z − 1/far) / (1/near − 1/far).',
    );
  }
  return values.map((value) => Math.min(1, Math.max(0, value / fullScale)));
}

function percent(share: number): string {
  return share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
