import type { DepthMap, Passes, Raster } from 'unflat/plugin';
import { hasGap, isMillimetres, isNotZero, mayBeStretched, measuredParts } from './measured-parts.ts';
import { sceneCuesOf, type SceneCues } from './scene-cues.ts';
import { extremes } from './normalise.ts';
import { quantiles } from './quantiles.ts';
import { agreementWith, clearness } from './ranks-of.ts';
import type { Meaning, RawDepth } from './raw-depth.ts';
import { shrinkTo, type Grid } from './shrink-to.ts';
import { straightness } from './straightness.ts';

/** Longest side of the small copy that is looked at. */
const PROBE = 160;
/** A guess of less certainty, 0..1, is told as one. */
export const SURE = 0.85;

/*
 * What each sign counts, as the logarithm of the odds; fitted by logistic regression on generated worlds (test/fixtures/worlds) and held
 * against others, rendered scenes and real photos (README).
 */
const WEIGHTS = {
  pictureByModel: { whole: 1.6, level: 2, jumps: 2, standOut: 1.5, ground: 0, sky: 0, straight: 0 },
  pictureAlone: { whole: 0, level: 0, jumps: 0, standOut: 3.7, ground: 0.8, sky: 2.9, straight: 0 },
  numbersByModel: { whole: 1.3, level: 1.5, jumps: 1.5, standOut: 1, ground: 0, sky: 0, straight: 3.5 },
  numbersAlone: { whole: 0, level: 0, jumps: 0, standOut: 1.5, ground: 1.2, sky: 1, straight: 4.2 },
} as const;

/** Nearly all tools write white = near. */
const PICTURE_PRIOR = 0.3;
/** Numbers are rarely levels that were turned round (1 − disparity, or distances stretched to 0..1): of those that go below 0, … */
const DISPARITY_PRIOR = 1;
/** … that end at 0 and 1, as a program that stretches them leaves them, … */
const STRETCHED_PRIOR = 3;
/** … the same without the model, as the looks of a map turned round may speak for the wrong reading too, … */
const STRETCHED_PRIOR_ALONE = 2;
/** … and that begin at 0 and end anywhere, as a model's. */
const RAW_PRIOR = 5;
/** Straightness below which flat surfaces are those of distances. */
const CLEARLY_DISTANCES = -0.25;
/** What looks like a depth camera's file holds distances, with few exceptions (disparities of stereo data sets). */
const SENSOR_PRIOR = -2;
/** Disparities are never infinite. */
const INFINITE = -6;
/** Distances never go down to 0 step by step. */
const DOWN_TO_ZERO = 1.5;
/** Names that people give. "Depth" stands for either. */
const NAMED = 0.5;

/** A map with what its values mean; places without a value are 0 or NaN in distances. */
export interface Reading {
  meaning: Exclude<Meaning, 'guess'>;
  map: RawDepth;
}

/** A reading that is settled, and how. */
export interface Polarity extends Reading {
  /** How to read it if that is wrong; absent where it was not found by looking. */
  otherwise?: Reading;
  /** 0..1: 0 = a coin flip, 1 = told by the format or the person. */
  certainty: number;
  /** What spoke for it and against it, strongest first, as short phrases. */
  evidence: string[];
}

/** What there is to look at beside the map. */
export interface Company {
  /** The photo, upright as the map is. */
  photo?: Raster;
  /** The bundled model's depth of the photo. */
  depth?: DepthMap | undefined;
  /** Of a map from a file of its own. */
  fileName?: string;
}

/** Whether that has to be found by looking. */
export function isGuess(map: RawDepth, asked: string): boolean {
  return map.meaning === 'guess' && asked !== 'near-white' && asked !== 'near-black';
}

/**
 * Settles what larger values mean. Asked for: `near-white` or `near-black` is taken as said. Told by the format: taken. Otherwise by the
 * evidence: agreement with the model's depth of the photo, the map's own looks, in which reading flat surfaces are straight, and what only
 * depth cameras or only disparities have.
 * @param asked the option `polarity`: `auto`, `near-white` or `near-black`.
 */
export function* settlePolarity(map: RawDepth, asked: string, company: Company = {}): Passes<Polarity> {
  const known = (reading: Reading, how: string): Polarity => ({ ...reading, certainty: 1, evidence: [how] });
  const near: Reading = { meaning: 'near-high', map };
  if (asked === 'near-white') return known(near, 'as asked for');
  const { measured, distances } = measuredParts(map);
  yield;
  const distance: Reading = { meaning: 'distance', map: distances };
  const levels: Reading = { meaning: 'near-low', map };
  const others: Other[] = [];
  if (yield* mayBeDistances(measured)) others.push({ ...distance, signs: () => signsOfDistances(measured, company) });
  yield;
  if (mayBeLevels(map, others.length > 0)) others.push({ ...levels, signs: () => signsOfLevels(map, company) });
  yield;
  if (map.meaning !== 'guess' && asked !== 'near-black') return known({ meaning: map.meaning, map }, 'the file says so');
  if (asked === 'near-black') return known(map.meaning === 'near-low' || areLevels(others, measured) ? levels : distance, 'as asked for');
  return yield* weigh(near, others);
}

/** Which of the readings with high values far it is, where that is asked for: flat surfaces of distances are not straight. */
function areLevels(others: readonly Other[], measured: RawDepth): boolean {
  if (others.length === 1) return others[0]?.meaning === 'near-low';
  return straightness(shrinkTo(measured, PROBE, isNotZero)) > CLEARLY_DISTANCES;
}

/** A reading that takes high values for far, with what speaks for the other one, and so, where negative, for itself. */
interface Other extends Reading {
  signs(): Passes<Sign[]>;
}

/** Near against the likelier of the others, as sure as near is against all of them. */
function* weigh(near: Reading, others: readonly Other[]): Passes<Polarity> {
  const weighed: (Reading & { signs: Sign[]; score: number })[] = [];
  for (const { meaning, map, signs } of others) {
    const all = (yield* signs()).filter(({ says }) => says !== 0);
    weighed.push({ meaning, map, signs: all, score: all.reduce((sum, { says }) => sum + says, 0) });
    yield;
  }
  const { signs, score: least, ...far } = weighed.reduce((best, each) => (each.score < best.score ? each : best));
  const isNear = least >= 0;
  const against = Math.log(weighed.reduce((sum, { score }) => sum + Math.exp(-score), 0));
  const strongest = signs.filter(({ says }) => Math.abs(says) >= 0.1).sort((a, b) => Math.abs(b.says) - Math.abs(a.says));
  return {
    ...(isNear ? near : far),
    otherwise: isNear ? far : near,
    certainty: isNear ? Math.max(0, Math.tanh(-against / 2)) : Math.tanh(Math.max(against, 0) / 2),
    evidence: strongest.map(({ says, what }) => (says >= 0 === isNear ? what : `against it: ${what}`)),
  };
}

/** Evidence: how much it says, in log odds; positive = high values are near. */
interface Sign {
  says: number;
  what: string;
}

/** Disparity or levels against plain distances. */
function* signsOfDistances(map: RawDepth, company: Company): Passes<Sign[]> {
  const small = shrinkTo(map, PROBE, isNotZero);
  yield;
  const cues = yield* cuesEitherWay(small, company.photo);
  const weights = company.depth ? WEIGHTS.numbersByModel : WEIGHTS.numbersAlone;
  return [
    ...signsOfScene(small, weights, cues, company),
    { says: weights.straight * straightness(small), what: 'how straight flat surfaces come out' },
    ...signsOfNumbers(map),
    { says: named(map.kind, company.fileName), what: 'its name' },
  ];
}

/** Levels of nearness against levels turned round. Flat surfaces are as straight in either. */
function* signsOfLevels(map: RawDepth, company: Company): Passes<Sign[]> {
  const small = shrinkTo(map, PROBE);
  yield;
  const weights = company.depth ? WEIGHTS.pictureByModel : WEIGHTS.pictureAlone;
  return [
    ...signsOfScene(small, weights, sceneCuesOf(small, company.photo), company),
    map.kind === 'picture'
      ? { says: PICTURE_PRIOR, what: 'common practice (white = near)' }
      : { says: levelsPrior(map, company.depth !== undefined), what: 'common practice (larger numbers = near)' },
    { says: named(map.kind, company.fileName), what: 'its name' },
  ];
}

function signsOfScene(small: Grid, weights: (typeof WEIGHTS)[keyof typeof WEIGHTS], cues: SceneCues, { depth }: Company): Sign[] {
  const { whole, level, jumps } = depth ? agreementWith(small, depth) : { whole: 0, level: 0, jumps: 0 };
  return [
    {
      says: weights.whole * clearness(whole) + weights.level * clearness(level) + weights.jumps * jumps,
      what: 'the built-in model’s depth of the photo',
    },
    { says: weights.standOut * cues.standOut, what: 'what stands out' },
    { says: weights.ground * cues.ground, what: 'where the ground is' },
    { says: weights.sky * cues.sky, what: 'where the sky is' },
  ];
}

function named(kind: RawDepth['kind'], fileName = ''): number {
  if (/disp|inv|midas/i.test(fileName)) return NAMED;
  return kind === 'array' && /dist|range|z-?buf/i.test(fileName) ? -NAMED : 0;
}

/** What only distances have, or only others. */
function signsOfNumbers(map: RawDepth): Sign[] {
  if (map.kind === 'picture')
    return hasGap(map) && !mayBeStretched(map) ? [{ says: SENSOR_PRIOR, what: 'gaps as depth cameras leave them' }] : [];
  return [
    { says: map.values.includes(Infinity) ? INFINITE : 0, what: 'infinitely far places' },
    { says: goesDownToZero(map) ? DOWN_TO_ZERO : 0, what: 'values that go down to 0' },
  ];
}

function levelsPrior(map: RawDepth, hasModel: boolean): number {
  if (isBelowZero(map)) return DISPARITY_PRIOR;
  const [, largest] = extremes(map.values);
  return Math.abs(largest - 1) < 1e-4 ? (hasModel ? STRETCHED_PRIOR : STRETCHED_PRIOR_ALONE) : RAW_PRIOR;
}

/** Distances are inverted before they are looked at: the mean of both readings, of which the wrong one says little. */
function* cuesEitherWay(small: Grid, photo?: Raster): Passes<SceneCues> {
  const asIs = sceneCuesOf(small, photo);
  yield;
  const inverse = sceneCuesOf({ ...small, values: small.values.map((value) => 1 / value) }, photo);
  return {
    standOut: (asIs.standOut - inverse.standOut) / 2,
    ground: (asIs.ground - inverse.ground) / 2,
    sky: (asIs.sky - inverse.sky) / 2,
  };
}

/** Numbers may be distances in any unit, so their size says nothing. */
function* mayBeDistances(map: RawDepth): Passes<boolean> {
  return map.kind === 'picture' ? yield* isMillimetres(map) : !isBelowZero(map);
}

/** Whether the values may be levels, near or far at the low end. Numbers are that where some are 0 or less, without a gap above. */
function mayBeLevels(map: RawDepth, mayBeDistances: boolean): boolean {
  if (!mayBeDistances) return true;
  return map.kind === 'array' && !map.values.includes(Infinity) && map.values.includes(0) && (!hasGap(map) || goesDownToZero(map));
}

function isBelowZero({ values }: RawDepth): boolean {
  return values.some((value) => value < 0 && value !== -Infinity);
}

/** Whether there are zeros and values close to them, so that 0 is no mark for "unknown". */
function goesDownToZero({ values }: RawDepth): boolean {
  const [low = 0, median = 0] = quantiles(values, [0.005, 0.5], isNotZero);
  return values.some((value) => value === 0) && low < 0.03 * median;
}

/**
 * Turns values into ones that grow with nearness, linear in disparity, of any scale; unknown ones become NaN.
 * Distances: 1/value, infinitely far = 0, too near to measure (−∞, as ZED cameras write it) = the nearest, else 0 or less = unknown.
 */
export function towardsDisparity({ map: { values, range, fullScale }, meaning }: Reading): Float32Array {
  if (meaning === 'near-high') return values;
  if (meaning === 'distance') return invert(values);
  if (!range) return values.map((value) => fullScale - value);
  const { near, far } = range;
  return values.map((value) => {
    const distance = near + (value / fullScale) * (far - near);
    return (fullScale * (1 / distance - 1 / far)) / (1 / near - 1 / far);
  });
}

function invert(values: Float32Array): Float32Array {
  const least = values.reduce((found, value) => (value > 0 && value < found ? value : found), Infinity);
  return values.map((value) => (value > 0 ? 1 / value : value === -Infinity ? 1 / least : NaN));
}
