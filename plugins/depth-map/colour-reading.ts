import type { Passes, PluginContext } from 'unflat/plugin';
import { classifyColours, HALF_OPAQUE, palettePositions, type MapColours } from './classify-colours.ts';
import { isColoured, luma } from './luma.ts';
import { fillHoles, unknownShare } from './fill-holes.ts';
import { paletteTitle, PALETTE_NAMES, type PaletteName } from '../shared/palette-names.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';

/** How to read a map in colours: found out, by brightness, or along a palette. The plugin's option of that name. */
export type ColourReading = 'auto' | 'brightness' | PaletteName;

/** What a person is told of colours, and how to change the reading. */
export type ColourWords = Pick<PluginContext, 'note' | 'howToSet'>;

/** Up to this share of pixels off the palette they are edges that compression or scaling blended, and filled in silently. */
const BLENDED_SHARE = 0.08;

/** @returns the option's value as a reading; 'auto' for what is none. */
export function colourReading(value: unknown): ColourReading {
  if (value === 'brightness') return value;
  return PALETTE_NAMES.find((name) => name === value) ?? 'auto';
}

/**
 * Reads depth from 8-bit colours. Grey and toned pictures count by their brightness; few coloured pixels in a grey map are unknown;
 * a known palette gives its positions, 0 to 255. Less than half opaque is unknown.
 * @param say tells the person which palette it was, and how to read it by another.
 * @throws UnflatError `bad-depth` for other colours, unless `reading` says what they are.
 */
export function* depthOfColours(
  colours: MapColours,
  width: number,
  height: number,
  what: string,
  reading: ColourReading,
  say: ColourWords,
): Passes<RawDepth> {
  const map: RawDepth = { width, height, values: new Float32Array(0), what, fullScale: 255, meaning: 'guess', kind: 'picture', step: 1 };
  if (reading === 'brightness') return { ...map, values: brightness(colours) };
  const seen = classifyColours(colours);
  yield;
  const found = reading === 'auto' || seen.kind === 'grey' ? seen : { kind: 'palette' as const, palette: reading };
  switch (found.kind) {
    case 'grey':
    case 'tint':
      return { ...map, values: brightness(colours) };
    case 'overlay':
      say.note(`${what} is grey with a few coloured pixels, which were left out and filled from around them.`);
      return { ...map, values: brightness(colours, true) };
    case 'palette': {
      say.note(
        `${what} shows depth in false colours (${paletteTitle(found.palette)}), which were turned back into values. If that is wrong, use a grey map or ${say.howToSet('colours')}.`,
      );
      const values = yield* palettePositions(colours, found.palette);
      const isBlended = unknownShare(values) <= BLENDED_SHARE && isOpaque(colours);
      yield;
      return { ...map, values: isBlended ? fillHoles({ width, height, values }).values : values };
    }
    case 'normals':
      throw badDepth(
        what,
        'it is a normal map: its colours are the directions of surfaces, not their distances.',
        `Use a depth map, or ${say.howToSet('colours')}.`,
      );
    default:
      throw badDepth(
        what,
        'it is in colour, but a depth map is grey or in the false colours of a known palette (jet, turbo, inferno, viridis, Spectral and the like). It may be a photo.',
        `Use a grey depth map, or ${say.howToSet('colours')}.`,
      );
  }
}

function isOpaque({ data, channels }: MapColours): boolean {
  for (let p = 3; channels === 4 && p < data.length; p += 4) if (data[p]! < HALF_OPAQUE) return false;
  return true;
}

function brightness({ data, channels }: MapColours, isGreyOnly = false): Float32Array {
  const values = new Float32Array(data.length / channels);
  for (let i = 0, p = 0; i < values.length; i++, p += channels) {
    const [red, green, blue] = [data[p]!, data[p + 1]!, data[p + 2]!];
    const isUnknown = (channels === 4 && data[p + 3]! < HALF_OPAQUE) || (isGreyOnly && isColoured(red, green, blue, 255));
    values[i] = isUnknown ? NaN : luma(red, green, blue);
  }
  return values;
}
