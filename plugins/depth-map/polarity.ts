import { nearness } from './nearness.ts';
import { quantiles } from './quantiles.ts';
import type { Meaning, RawDepth } from './raw-depth.ts';
import { shrinkTo } from './resize.ts';

/** How clearly a picture must look white = far before it is believed: nearly all tools write white = near. */
const PICTURE_PRIOR = 0.4;
/** Distances with sky or windows in them reach many times their median; disparities never do. */
const LONG_TAIL = 8;

/** Longest side of the small copy that is looked at. */
const PROBE = 256;

/** A meaning that is settled, and whether it was found by looking. */
export interface Polarity {
  meaning: Exclude<Meaning, 'guess'>;
  guessed: boolean;
}

/**
 * Settles what larger values mean.
 * Asked for: `near-white` or `near-black` is taken as said. Told by the format: taken. Otherwise looked for
 * ({@link nearness}): pictures, and arrays within 0..1, are white = near unless they look clearly otherwise; arrays of
 * larger positive numbers are disparity or distance, whichever looks likelier, with a hint from the file's name.
 * @param asked the option `polarity`: `auto`, `near-white` or `near-black`.
 * @param fileName of a separate map; absent where depth lies inside the photo.
 */
export function settlePolarity(map: RawDepth, asked: string, fileName = ''): Polarity {
  if (asked === 'near-white') return { meaning: 'near-high', guessed: false };
  const far = farMeaning(map);
  if (asked === 'near-black') return { meaning: map.meaning === 'near-low' ? 'near-low' : far, guessed: false };
  if (map.meaning !== 'guess') return { meaning: map.meaning, guessed: false };
  const evidence = far === 'distance' && map.kind === 'array' ? arrayEvidence(map, fileName) : pictureEvidence(map, fileName);
  return { meaning: evidence >= 0 ? 'near-high' : far, guessed: true };
}

/** What the values are if larger means farther: plain distances, or levels. */
function farMeaning(map: RawDepth): 'near-low' | 'distance' {
  const [low = 0, , high = 0] = quantiles(map.values, [0, 0.5, 0.995]);
  if (map.kind === 'array') return low >= 0 && high > 1.001 ? 'distance' : 'near-low';
  return hasSensorGap(map) ? 'distance' : 'near-low';
}

/**
 * Depth cameras (Kinect, RealSense; TUM RGB-D and others) write 16-bit distances with 0 for unknown: there are zeros,
 * but nothing near zero, and the largest value is that of no stretched map (16 or 15 bit).
 */
function hasSensorGap(map: RawDepth): boolean {
  if (map.fullScale !== 65_535) return false;
  let zeros = 0;
  let least = Infinity;
  let most = 0;
  for (const value of map.values) {
    if (value === 0) zeros++;
    else if (value > most) most = value;
    if (value > 0 && value < least) least = value;
  }
  const [median = 0] = quantiles(map.values, [0.5], isNotZero);
  const isStretched = most > 60_000 || (most > 32_000 && most <= 32_768);
  return zeros > map.values.length / 1000 && least > median * 0.1 && !isStretched;
}

function isNotZero(value: number): boolean {
  return value !== 0 && Number.isFinite(value);
}

function pictureEvidence(map: RawDepth, fileName: string): number {
  const small = shrinkTo(map, PROBE, hasSensorGap(map) ? isNotZero : Number.isFinite);
  const named = /disp|inverse|midas/i.test(fileName) ? 0.4 : 0;
  return nearness(small) + PICTURE_PRIOR + named;
}

function arrayEvidence(map: RawDepth, fileName: string): number {
  const small = shrinkTo(map, PROBE, isNotZero);
  const inverse = { ...small, values: small.values.map((value) => 1 / value) };
  const [low = 0, median = 1, high = 1] = quantiles(small.values, [0.005, 0.5, 0.995]);
  const looks = (nearness(small) - nearness(inverse)) / 2;
  const tail = high > LONG_TAIL * median ? -0.6 : low < 0.05 * median ? 0.3 : 0;
  const named = /disp|inv|midas/i.test(fileName) ? 0.5 : /depth|dist|range|z-?buf/i.test(fileName) ? -0.3 : 0;
  return looks + tail + named;
}

/**
 * Turns values into ones that grow with nearness, linear in disparity, of any scale; unknown ones become NaN.
 * Distances: 1/value, infinitely far = 0, and 0 or less = unknown.
 */
export function towardsDisparity(map: RawDepth, meaning: Polarity['meaning']): Float32Array {
  const { values, range, fullScale } = map;
  if (meaning === 'near-high') return values;
  if (meaning === 'distance') return values.map((value) => (value > 0 ? 1 / value : NaN));
  if (!range) return values.map((value) => fullScale - value);
  const { near, far } = range;
  return values.map((value) => {
    const distance = near + (value / fullScale) * (far - near);
    return (fullScale * (1 / distance - 1 / far)) / (1 / near - 1 / far);
  });
}
