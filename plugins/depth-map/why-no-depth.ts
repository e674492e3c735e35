import type { Passes, Raster } from 'unflat/plugin';
import { brightnessOf } from './collage-odds.ts';
import { edgeContrast } from './edge-contrast.ts';
import { fillHoles } from './fill-holes.ts';
import { quantiles } from './quantiles.ts';
import { shrinkTo, type Grid } from './shrink-to.ts';
import { boxBlur, correlation, detailOf, resizeTo, shareExplained } from './correlation.ts';

/** Longer side of the small copies that are compared, in samples. */
const PROBE = 128;

/*
 * Set by hand on 71 pictures with rendered, measured or estimated depth and 12 without, each with some 40 pictures that are no depth:
 * gain maps by several formulas, previews, copies, second eyes, masks (their kinds: test/fixtures/no-depth-pictures.ts). Depth that is
 * passed over costs a note; what is no depth and is taken costs the scene, so the limits are strict.
 */
const LIMITS = {
  /** Levels between the 2nd and 98th percentile, out of 255. */
  range: 20,
  /** Share of samples that lie within 8 % of the range from either end. */
  ends: 0.65,
  /** Share of the photo's most detailed places where the map has no detail. */
  calm: 0.2,
  /** Share of the map's variance that the photo's brightness explains, and its blurred brightness. */
  brightness: 0.7,
  blurred: 0.8,
  /** Likeness of detail, with its sign: 1 = where the map has detail, it is the photo's. */
  detail: 0.55,
  /** How much stronger the photo changes where the map jumps. */
  edges: 1.1,
};

/**
 * Whether a grey picture may be the depth of a photo, by looks alone: everything has to speak for it. Depth varies, is no mask, is
 * calm where the photo has detail, jumps where the photo changes, and is not a function of the photo's brightness, in light and dark
 * or the other way round, sharp or blurred, as previews, second eyes of stereo pairs and gain maps are.
 * @param map upright as the photo is.
 * @returns why it is none, as the end of a sentence; undefined where everything speaks for it.
 */
export function whyNoDepth(map: Grid, photo: Raster): string | undefined {
  const grey = fillHoles(shrinkTo(map, PROBE));
  const { width, height } = grey;
  const light = resizeTo(shrinkTo(brightnessOf(photo), PROBE), width, height);
  const [low = 0, high = 0] = quantiles(grey.values, [0.02, 0.98]);
  const range = high - low;
  if (range < LIMITS.range) return 'it is nearly the same everywhere';
  const atEnds = grey.values.reduce((count, value) => count + Number(value < low + 0.08 * range || value > high - 0.08 * range), 0);
  if (atEnds > LIMITS.ends * grey.values.length) return 'it has little but two levels, as a mask has';
  const detail = detailOf(grey, light, range);
  if (detail.calm < LIMITS.calm) return 'it shows as much detail as a photo';
  const blurred = Math.max(...[2, 4, 8, 16].map((radius) => shareExplained(boxBlur(light, radius), grey)));
  const followsLight =
    shareExplained(light, grey) > LIMITS.brightness ||
    blurred > LIMITS.blurred ||
    Math.abs(detail.likeness) > LIMITS.detail ||
    Math.abs(correlation(highPass(grey), highPass(light))) > LIMITS.detail;
  if (followsLight) return 'it follows the photo’s brightness, as a preview or a gain map does';
  return edgeContrast(grey, light) < LIMITS.edges ? 'its edges are not the photo’s' : undefined;
}

/** Likeness of fine detail from which a map is the photo itself. True maps of 96 generated worlds, some in flat colours, reach .95, of the samples .28. */
const SAME_PICTURE = 0.98;

/** Whether a map shows the photo itself in black and white, or its negative. */
export function* isThePhoto(map: Grid, photo: Raster): Passes<boolean> {
  const grey = fillHoles(shrinkTo(map, PROBE));
  yield;
  const brightness = brightnessOf(photo);
  yield;
  const light = resizeTo(shrinkTo(brightness, PROBE), grey.width, grey.height);
  return Math.abs(correlation(highPass(grey), highPass(light))) > SAME_PICTURE;
}

function highPass(grid: Grid): Float32Array {
  const blurred = boxBlur(grid, 3);
  return grid.values.map((value, i) => value - (blurred.values[i] ?? 0));
}
