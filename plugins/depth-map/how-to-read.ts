import { runPasses, type DepthMap, type DepthReading, type PluginContext, type Raster } from 'unflat/plugin';
import { extremes } from './normalise.ts';
import { isGuess, settlePolarity, SURE, type Polarity, type Reading } from './polarity.ts';
import type { RawDepth } from './raw-depth.ts';

/** How a map is read, and whether near and far are swapped after that. */
export interface HowToRead extends Reading {
  isSwapped: boolean;
  reading: DepthReading;
  /** The bundled model's depth of the photo, where it was asked. */
  depth?: DepthMap;
}

/** The options that decide it; the plugin's options of the same names. */
export interface ReadingOptions {
  polarity: string;
  flip: boolean;
  exact: boolean;
}

/** Signs that a person is told of. */
const TOLD = 2;

/**
 * Settles how a map's values are to be read, and says so where it is a guess that may be wrong or is unusual. Where it has to look, it
 * asks the bundled model for its opinion. Flipping a guess takes the other reading (disparity instead of distance); else near and far
 * are swapped.
 * @param photo upright and cropped as the map is.
 */
export async function howToRead(
  map: RawDepth,
  options: ReadingOptions,
  photo: Raster,
  fileName: string | undefined,
  context: PluginContext,
): Promise<HowToRead> {
  if (options.exact)
    return {
      map,
      meaning: exactMeaning(map),
      isSwapped: false,
      reading: readingOf(map, exactMeaning(map), false, 1, ['taken at its word']),
    };
  const [least, largest] = extremes(map.values);
  if (!(least < largest))
    return {
      map,
      meaning: 'near-high',
      isSwapped: options.flip,
      reading: readingOf(map, 'near-high', options.flip, 1, ['it has no depth to swap']),
    };
  const depth = isGuess(map, options.polarity) ? await context.estimateDepth(photo) : undefined;
  const settled = await runPasses(
    settlePolarity(map, options.polarity, { photo, depth, ...(fileName !== undefined && { fileName }) }),
    context.signal,
  );
  const { meaning, otherwise, certainty, evidence } = settled;
  if (options.flip) {
    const taken = otherwise ?? { meaning, map: settled.map };
    return {
      ...taken,
      isSwapped: !otherwise,
      reading: readingOf(map, taken.meaning, !otherwise, 1, ['swapped as asked for']),
      ...(depth && { depth }),
    };
  }
  if (otherwise && (certainty < SURE || meaning !== 'near-high')) context.note(noteOf(map, settled, context.howToSet('flip', true)));
  return {
    map: settled.map,
    meaning,
    isSwapped: false,
    reading: readingOf(map, meaning, false, certainty, evidence),
    ...(depth && { depth }),
  };
}

/** At its word: what the format tells, else larger = nearer; nothing is guessed. */
function exactMeaning(map: RawDepth): 'near-high' | 'near-low' {
  return map.meaning === 'near-low' ? 'near-low' : 'near-high';
}

function readingOf(map: RawDepth, meaning: Polarity['meaning'], isSwapped: boolean, certainty: number, evidence: string[]): DepthReading {
  return {
    nearIs: (meaning === 'near-high') !== isSwapped ? 'high' : 'low',
    kind: meaning === 'distance' || (meaning === 'near-low' && map.range !== undefined) ? 'distance' : 'disparity',
    certainty,
    evidence,
  };
}

function noteOf({ what, kind }: RawDepth, { meaning, certainty, evidence }: Polarity, howToFlip: string): string {
  const high = kind === 'picture' ? 'white' : 'larger';
  const read = meaning === 'distance' ? 'as distances' : meaning === 'near-high' ? `${high} = near` : `${high} = far`;
  const pro = evidence
    .filter((each) => !each.startsWith('against it'))
    .slice(0, TOLD)
    .join(' and ');
  const by = pro ? `, judging by ${pro}` : '';
  if (certainty >= SURE) return `${what} was read ${read}${by}. If it looks inside out, ${howToFlip}.`;
  return `${what} does not show clearly which way is near; it was read ${read}${by}${certainty < 0.5 ? ', but this is a guess' : ` (${Math.round(certainty * 100)} % sure)`}. If it looks inside out, ${howToFlip}.`;
}
