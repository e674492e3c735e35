import { defineDepthSource, throwIfAborted, UnflatError, type DepthInput, type PluginContext } from 'unflat/plugin';
import { toDepthMap } from './convert.ts';
import { findEmbedded } from './embedded.ts';
import { guessLayout } from './guess-layout.ts';
import { isNpy } from './npy-header.ts';
import { readNpy } from './npy.ts';
import { aspectDifference } from './orient.ts';
import { isPfm, readPfm } from './pfm.ts';
import { readPicture } from './picture.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';
import { readRgbd, type Side } from './rgbd.ts';

/** Shapes that differ by this much are told to the person, and by more than the second are refused. */
const WARN_ASPECT = 0.03;
const REFUSE_ASPECT = 0.25;

async function readMapFile(input: DepthInput, context: PluginContext): Promise<RawDepth> {
  const { name, bytes } = input.map ?? { name: '', bytes: new Uint8Array() };
  if (bytes.length === 0) throw badDepth(name, 'the file is empty.', 'Copy or save it again.');
  if (isNpy(bytes)) return readNpy(bytes, name);
  if (isPfm(bytes)) return readPfm(bytes, name);
  return readPicture(bytes, name, context);
}

/** @throws UnflatError `bad-depth` when the map cannot be this photo's. */
function checkAspect(map: RawDepth, photoName: string, width: number, height: number, context: PluginContext): void {
  const difference = aspectDifference(map.width, map.height, width, height);
  if (difference <= WARN_ASPECT) return;
  const sizes = `${map.what} is ${map.width} × ${map.height}, but ${photoName} is ${width} × ${height}`;
  if (difference <= REFUSE_ASPECT) {
    context.warn(`${sizes}: the shapes differ, so depth was stretched over the photo. Edges may not meet.`);
    return;
  }
  const turned = aspectDifference(map.height, map.width, width, height) <= WARN_ASPECT;
  throw badDepth(map.what, `it is ${map.width} × ${map.height}, but ${photoName} is ${width} × ${height}: the shapes do not belong together.`,
    turned ? 'It seems to be turned by 90°: turn it and try again.' : 'Bring the map that belongs to this photo, uncropped.');
}

function sideOf({ photo, options }: DepthInput): Side | undefined {
  const layout = options.layout;
  if (layout === 'left' || layout === 'right' || layout === 'top' || layout === 'bottom') return layout;
  return layout === 'none' ? undefined : guessLayout(photo);
}

export default defineDepthSource({
  id: 'depth-map',
  label: 'My own depth map',
  options: [
    {
      id: 'polarity', label: 'Light and dark', type: 'choice', default: 'auto',
      choices: [
        { value: 'auto', label: 'Find out' },
        { value: 'near-white', label: 'White is near' },
        { value: 'near-black', label: 'Black is near' },
      ],
      help: 'What light parts of the map mean. Most programs write white = near.',
    },
    { id: 'flip', label: 'Swap near and far', type: 'boolean', default: false },
    {
      id: 'layout', label: 'Depth beside the photo', type: 'choice', default: 'auto',
      choices: [
        { value: 'auto', label: 'Find out' },
        { value: 'none', label: 'No' },
        { value: 'left', label: 'On the left' },
        { value: 'right', label: 'On the right' },
        { value: 'top', label: 'Above' },
        { value: 'bottom', label: 'Below' },
      ],
      help: 'For pictures that hold photo and depth side by side (RGBD).',
    },
    {
      id: 'exact', label: 'Take the map at its word', type: 'boolean', default: false,
      help: 'With an exact lens: the full scale of the file (255, 65535, 1.0) is disparity 1; nothing is stretched, flipped or guessed.',
    },
  ],
  supports: () => true,

  async detect(input, context) {
    if (input.map) return true;
    try {
      if (await findEmbedded(input.file, photoSize(input), context)) return true;
    } catch (error) {
      throwIfAborted(context.signal);
      // The photo announces depth: `estimate` then says what is wrong with it.
      if (error instanceof UnflatError) return true;
      throw error;
    }
    return sideOf(input) !== undefined;
  },

  async estimate(input, context) {
    const { photo, file, options } = input;
    throwIfAborted(context.signal);
    context.progress(0, 'Reading depth');
    const settings = { polarity: String(options.polarity ?? 'auto'), flip: options.flip === true, exact: options.exact === true };
    const finish = (map: RawDepth, fileName?: string): ReturnType<typeof toDepthMap> => {
      throwIfAborted(context.signal);
      context.progress(0.5);
      const depth = toDepthMap(map, settings, (message) => context.warn(message), fileName);
      throwIfAborted(context.signal);
      context.progress(1);
      return depth;
    };

    const { width, height } = photoSize(input);
    if (input.map) {
      const map = await readMapFile(input, context);
      checkAspect(map, photo.name, width, height, context);
      return { depth: finish(map, input.map.name) };
    }
    const asked = ['left', 'right', 'top', 'bottom'].includes(String(options.layout));
    const read = asked ? undefined : await findEmbedded(file, { width, height }, context);
    throwIfAborted(context.signal);
    if (read) {
      const map = await read(context);
      checkAspect(map, photo.name, width, height, context);
      return { depth: finish(map) };
    }
    const side = sideOf(input);
    if (side) {
      const { map, crop } = readRgbd(photo, side);
      return { depth: finish(map), crop };
    }
    throw new UnflatError('no-depth', `${photo.name} holds no depth. Bring its depth map as a second file (PNG, JPEG, WebP, NPY or PFM), for example ${exampleName(photo.name)}, or a photo that holds depth (portrait mode, RGBD).`);
  },
});

function photoSize({ photo }: DepthInput): { width: number; height: number } {
  return { width: photo.originalWidth, height: photo.originalHeight };
}

function exampleName(name: string): string {
  return `${name.replace(/\.[^.]+$/, '')}_depth.png`;
}
