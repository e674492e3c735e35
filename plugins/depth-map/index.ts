import {
  defineDepthSource,
  runPasses,
  throwIfAborted,
  UnflatError,
  type DepthInput,
  type DepthResult,
  type PluginContext,
  type Raster,
} from 'unflat/plugin';
import { colourReading } from './colour-reading.ts';
import { toDepthMap } from './to-depth-map.ts';
import { findEmbedded } from './find-embedded.ts';
import { fitToPhoto } from './fit-to-photo.ts';
import { guessLayout } from './guess-layout.ts';
import { isThePhoto } from './why-no-depth.ts';
import { readMapFile } from './read-map-file.ts';
import { turnUpright } from './turn-upright.ts';
import { PALETTE_NAMES, paletteTitle } from '../shared/palette-names.ts';
import type { RawDepth } from './raw-depth.ts';
import { howToRead } from './how-to-read.ts';
import { cut, halves, readRgbd, type Halves, type Side } from './read-rgbd.ts';
import { askedTurn, TURN_CHOICES } from './asked-turn.ts';

/** The option's answer, or undefined where it has to be found out or there is none. */
function askedSide({ options: { layout } }: DepthInput): Side | undefined {
  return layout === 'left' || layout === 'right' || layout === 'top' || layout === 'bottom' ? layout : undefined;
}

/** Where depth lies beside the photo in one picture, found out and said where nobody said it. */
async function halvesOf(input: DepthInput, context: PluginContext, isTold: boolean): Promise<Halves | undefined> {
  const { photo, options } = input;
  const asked = askedSide(input);
  if (asked !== undefined) return halves(photo, asked);
  if (options.layout === 'none') return undefined;
  const found = await guessLayout(photo, context);
  if (!found) return undefined;
  const { side, certainty, isDepth } = found;
  const sure = certainty < 0.5 ? ' (a guess)' : ` (${Math.round(certainty * 100)} % sure)`;
  if (isDepth && isTold)
    context.note(
      `${photo.name} was read as a photo with its depth map ${PLACES[side]}${sure}. If it is one picture, ${context.howToSet('layout', 'none')}.`,
    );
  if (!isDepth && !isTold)
    context.note(
      `${photo.name} has a grey half, which does not look like the depth of the other${sure}; it was taken as one picture. If it is its depth map, ${context.howToSet('layout', side)}.`,
    );
  return isDepth ? found : undefined;
}

const PLACES: Readonly<Record<Side, string>> = { left: 'on its left', right: 'on its right', top: 'above it', bottom: 'below it' };

export default defineDepthSource({
  id: 'depth-map',
  label: 'My own depth map',
  readsDepthFiles: true,
  options: [
    {
      id: 'polarity',
      label: 'Light and dark',
      type: 'choice',
      default: 'auto',
      choices: [
        { value: 'auto', label: 'Detect automatically' },
        { value: 'near-white', label: 'White is near' },
        { value: 'near-black', label: 'Black is near' },
      ],
      help: 'What light parts of the map mean. Most programs write white = near.',
    },
    { id: 'flip', label: 'Swap near and far', type: 'boolean', default: false },
    {
      id: 'layout',
      label: 'Depth beside the photo',
      type: 'choice',
      default: 'auto',
      choices: [
        { value: 'auto', label: 'Detect automatically' },
        { value: 'none', label: 'No' },
        { value: 'left', label: 'On the left' },
        { value: 'right', label: 'On the right' },
        { value: 'top', label: 'Above' },
        { value: 'bottom', label: 'Below' },
      ],
      help: 'For images that hold photo and depth side by side (RGBD).',
    },
    {
      id: 'colours',
      label: 'Colours',
      type: 'choice',
      default: 'auto',
      choices: [
        { value: 'auto', label: 'Detect automatically' },
        { value: 'brightness', label: 'By brightness' },
        ...PALETTE_NAMES.map((name) => ({ value: name, label: paletteTitle(name) })),
      ],
      help: 'How to read a depth map in false colours.',
    },
    {
      id: 'turn',
      label: 'Turn the map',
      type: 'choice',
      default: 'auto',
      choices: [{ value: 'auto', label: 'Detect automatically' }, ...TURN_CHOICES],
      help: 'For a map that is rotated or mirrored against its photo.',
    },
    {
      id: 'exact',
      label: 'Use absolute values',
      type: 'boolean',
      default: false,
      help: 'With an exact lens: the full scale of the file (255, 65535, 1.0) is disparity 1; nothing is stretched, flipped or guessed.',
    },
  ],
  supports: () => true,

  async detect(input, context) {
    if (input.map) return true;
    try {
      if (await findEmbedded(input.file, input.photo, context)) return true;
    } catch (error) {
      throwIfAborted(context.signal);
      // The photo announces depth: `estimate` then says what is wrong with it.
      if (error instanceof UnflatError) return true;
      throw error;
    }
    return (await halvesOf(input, context, false)) !== undefined;
  },

  async estimate(input, context) {
    const { photo, file, options } = input;
    throwIfAborted(context.signal);
    context.progress(0, 'Reading depth');
    const settings = { polarity: String(options.polarity ?? 'auto'), flip: options.flip === true, exact: options.exact === true };
    const finish = async (map: RawDepth, picture: Raster, fileName?: string): Promise<DepthResult> => {
      throwIfAborted(context.signal);
      context.progress(0.5);
      const { reading, ...how } = await howToRead(map, settings, picture, fileName, context);
      const depth = await runPasses(
        toDepthMap(how, picture, settings.exact, (message) => context.warn(message)),
        context.signal,
      );
      throwIfAborted(context.signal);
      context.progress(1);
      return { depth, reading };
    };

    if (input.map) {
      const read = await readMapFile(input, context);
      const map = await runPasses(fitToPhoto(read, input, context), context.signal);
      if (!settings.exact && map.kind === 'picture' && (await runPasses(isThePhoto(map, photo), context.signal)))
        context.warn(
          `${input.map.name} looks like ${photo.name} in black and white, not like its depth: the 3D photo may be wrong. Use its depth map.`,
        );
      return finish(map, photo, input.map.name);
    }
    const read = askedSide(input) ? undefined : await findEmbedded(file, photo, context);
    throwIfAborted(context.signal);
    if (read) {
      return finish(await runPasses(fitToPhoto(await read(context), input, context), context.signal), photo);
    }
    const places = await halvesOf(input, context, true);
    if (places) {
      const { map, crop } = await runPasses(readRgbd(photo, places, colourReading(options.colours), context), context.signal);
      return { ...(await finish(turnUpright(map, askedTurn(options.turn) ?? 1), cut(photo, crop))), crop };
    }
    throw new UnflatError(
      'no-depth',
      `${photo.name} holds no depth. Add its depth map as a second file (PNG, JPEG, WebP, TIFF, OpenEXR, NPY or PFM), for example ${exampleName(photo.name)}, or a photo that holds depth (portrait mode, RGBD).`,
    );
  },
});

function exampleName(name: string): string {
  return `${name.replace(/\.[^.]+$/, '')}_depth.png`;
}
