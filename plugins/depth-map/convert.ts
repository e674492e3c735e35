import type { DepthMap } from 'unflat/plugin';
import { fillHoles, unknownShare } from './holes.ts';
import { extremes, normalise, type Scale } from './normalise.ts';
import { settlePolarity, towardsDisparity } from './polarity.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';
import { shrinkTo } from './resize.ts';

/** Longest side of the depth map that goes on into the program, in samples. */
const LONGEST = 4096;

/** Settings of {@link toDepthMap}; the plugin's options of the same names. */
export interface ConvertOptions {
  polarity: string;
  flip: boolean;
  exact: boolean;
}

/**
 * Turns what a file holds into relative disparity 0..1, 1 = near.
 * @param fileName of a separate map, as a hint; absent where depth lies inside the photo.
 * @throws UnflatError `bad-depth` when nothing is known anywhere, or an exact map leaves 0..1.
 */
export function toDepthMap(map: RawDepth, options: ConvertOptions, warn: (message: string) => void, fileName?: string): DepthMap {
  const { what, fullScale } = map;
  const polarity = options.exact ? { meaning: exactMeaning(map), guessed: false } : settlePolarity(map, options.polarity, fileName);
  const near = towardsDisparity(map, polarity.meaning);
  if (polarity.guessed && polarity.meaning !== 'near-high') {
    const read = polarity.meaning === 'distance' ? 'as distances' : 'white = far';
    warn(`${what} looks as if larger values were farther, so it was read ${read}. If near and far are swapped, flip it.`);
  }

  const unknown = unknownShare(near);
  if (unknown === 1) throw badDepth(what, 'it holds no depth: every value is unknown (NaN, infinite or transparent).');
  if (unknown > 0) warn(`${what} has unknown places (${percent(unknown)}); they were filled from what is around them.`);
  const { width, height, values } = fillHoles(shrinkTo({ width: map.width, height: map.height, values: near }, LONGEST));

  if (options.exact) return { width, height, disparity: exactDisparity(values, fullScale, what) };
  const disparity = normalise(values, scaleOf(map, polarity.meaning), warn);
  return { width, height, disparity: options.flip ? disparity.map((value) => 1 - value) : disparity };
}

/** 1/distance has no even steps; a few levels out of hundreds are JPEG's noise, but two out of four are depth. */
function scaleOf({ what, step, fullScale }: RawDepth, meaning: string): Scale {
  if (meaning === 'distance') return { what, step: 0, noise: 0 };
  return { what, step, noise: fullScale > 100 ? 2 * step : 0 };
}

/** At its word: what the format tells, else larger = nearer; nothing is guessed. */
function exactMeaning(map: RawDepth): 'near-high' | 'near-low' {
  return map.meaning === 'near-low' ? 'near-low' : 'near-high';
}

function exactDisparity(values: Float32Array, fullScale: number, what: string): Float32Array {
  const [least, largest] = extremes(values);
  if (least < -0.001 * fullScale || largest > 1.001 * fullScale) {
    throw badDepth(what, `with an exact lens its values must be disparities from 0 to ${fullScale}, but they go from ${short(least)} to ${short(largest)}.`, 'Bring disparity instead of distance: (1/z − 1/far) / (1/near − 1/far).');
  }
  return values.map((value) => Math.min(1, Math.max(0, value / fullScale)));
}

function percent(share: number): string {
  return share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
