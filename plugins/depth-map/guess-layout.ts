import { runPasses, type Passes, type Photo, type PluginContext, type Raster, type Rect } from 'unflat/plugin';
import { brightnessOf, collageOdds } from './collage-odds.ts';
import { classifyColours, palettePositions } from './classify-colours.ts';
import { fillHoles } from './fill-holes.ts';
import type { Grid } from './shrink-to.ts';
import { cut, halves, type Halves, type Side } from './read-rgbd.ts';

/** Samples looked at along the longer side of a half. */
const PROBE = 192;
/** Odds, as logarithms, below which the model is not asked and nothing is said: the half is grey, and that is all. */
const HOPELESS = -6;
/** Colours looked at along each side of a half before all of it is held against the palettes: that takes long, and nearly every photo fails here. */
const GLANCE = 24;

/** Part of a half whose colours may be no palette's: a blue sky over a pale horizon is a palette's, the house and the tree before it (17 to 19 % of it) are not. */
const MOST_STRANGE = 0.05;

/** Grey levels and colourfulness of one half, thinned out. */
interface Probe {
  grey: Grid;
  /** Share of samples whose channels differ by more than 12 levels. */
  coloured: number;
  /** Share of samples whose channels differ by more than JPEG's rounding. */
  tinted: number;
}

function probe(raster: Raster, rect: Rect): Probe {
  const step = Math.max(1, Math.max(rect.width, rect.height) / PROBE);
  const width = Math.floor(rect.width / step);
  const height = Math.floor(rect.height / step);
  const grey = new Float32Array(width * height);
  let coloured = 0;
  let tinted = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const p = ((rect.y + Math.floor((y + 0.5) * step)) * raster.width + rect.x + Math.floor((x + 0.5) * step)) * 4;
      const [red = 0, green = 0, blue = 0] = raster.rgba.subarray(p, p + 3);
      const chroma = Math.max(red, green, blue) - Math.min(red, green, blue);
      if (chroma > 12) coloured++;
      if (chroma > 6) tinted++;
      grey[i] = green;
    }
  }
  return { grey: { width, height, values: grey }, coloured: coloured / grey.length, tinted: tinted / grey.length };
}

/** Spread between dark and light of a half, in levels. */
function contrast({ grey }: Probe): number {
  const sorted = grey.values.slice().sort();
  return (sorted[Math.floor(sorted.length * 0.95)] ?? 0) - (sorted[Math.floor(sorted.length * 0.05)] ?? 0);
}

/** A half that may be the depth of the other. */
export interface Layout extends Halves {
  side: Side;
  /** How sure it is that it is, 0..1, or that it is not. */
  certainty: number;
  isDepth: boolean;
}

/**
 * Finds out whether one half of a picture is the depth of the other: it is grey and the other is not, or it has a palette's colours, and by
 * all its looks and the bundled model's depth of the other half it is that (`collageOdds`). The model is asked only where a half is so.
 * @returns undefined for ordinary photos.
 */
export async function guessLayout(photo: Photo, context: PluginContext): Promise<Layout | undefined> {
  if (photo.width < 32 || photo.height < 32) return undefined;
  let best: (Halves & { side: Side; odds: number }) | undefined;
  for (const side of ['right', 'left', 'bottom', 'top'] as const) {
    const rects = halves(photo, side);
    const half = await runPasses(levelsOfHalf(photo, rects), context.signal);
    if (!half) continue;
    const picture = cut(photo, rects.photo);
    const alone = await runPasses(collageOdds(half.levels, picture, undefined), context.signal);
    if (alone < HOPELESS) continue;
    const depth = await context.estimateDepth(photo, rects.photo);
    const odds = await runPasses(collageOdds(half.levels, picture, depth), context.signal);
    // A part of an ordinary photo, as an evening sky, has a palette's colours, too: there is nothing to say of it.
    if (odds > (best?.odds ?? (half.isGrey ? HOPELESS : 0))) best = { ...rects, side, odds };
  }
  if (!best) return undefined;
  const { odds, ...where } = best;
  return { ...where, certainty: Math.tanh(Math.abs(odds) / 2), isDepth: odds > 0 };
}

/** A half's levels, 0..255, if it may be depth by its colours: grey beside a photo in colours, or a palette's. */
function* levelsOfHalf(photo: Photo, { depth, photo: other }: Halves): Passes<{ levels: Grid; isGrey: boolean } | undefined> {
  const half = probe(photo, depth);
  if (half.tinted > 0.02) {
    const levels = yield* paletteLevels(photo, depth);
    return levels && { levels, isGrey: false };
  }
  if (probe(photo, other).coloured < 0.012 || contrast(half) < 24) return undefined;
  const picture = cut(photo, depth);
  yield;
  return { levels: brightnessOf(picture), isGrey: true };
}

/** Positions on the palette of a part in false colours. */
function* paletteLevels(photo: Photo, rect: Rect): Passes<Grid | undefined> {
  const glance = new Uint8ClampedArray(GLANCE * GLANCE * 4);
  for (let i = 0; i < GLANCE * GLANCE; i++) {
    const x = rect.x + Math.floor((((i % GLANCE) + 0.5) * rect.width) / GLANCE);
    const y = rect.y + Math.floor(((Math.floor(i / GLANCE) + 0.5) * rect.height) / GLANCE);
    const from = 4 * (y * photo.width + x);
    glance.set(photo.rgba.subarray(from, from + 4), i * 4);
  }
  if (classifyColours({ data: glance, channels: 4 }).kind !== 'palette') return undefined;
  yield;
  const colours = { data: cut(photo, rect).rgba, channels: 4 as const };
  yield;
  const found = classifyColours(colours);
  if (found.kind !== 'palette') return undefined;
  yield;
  const values = yield* palettePositions(colours, found.palette);
  const strange = values.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
  if (strange > MOST_STRANGE * values.length) return undefined;
  yield;
  return fillHoles({ width: rect.width, height: rect.height, values });
}
