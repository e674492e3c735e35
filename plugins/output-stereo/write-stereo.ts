import { EventLoop, UnflatError, throwIfAborted } from 'unflat/plugin';
import type { Camera, OptionValues, OutputFile, OutputInput, PluginContext, Raster } from 'unflat/plugin';
import { encodePicture } from '../shared/encode-picture.ts';
import { frameOf } from '../shared/moves/frame-of.ts';
import { isCovered } from '../shared/moves/is-covered.ts';
import { largestPart } from '../shared/moves/largest-part.ts';
import { shotOptions } from '../shared/moves/move-options.ts';
import { shotOf, shrunkWords } from '../shared/moves/shot.ts';
import { readFrames } from '../shared/read-frames.ts';
import { frameRateOf } from '../shared/video/video-options.ts';
import { encodeVideo } from '../shared/video/encode-video.ts';
import { zipOf } from '../shared/zip-of.ts';
import { LAYOUTS, composeEyes, type StereoLayout } from './compose-eyes.ts';
import { mpoOf } from './mpo-of.ts';
import { eyesOf, floatingWindow, rigOf, type Eyes } from './rig.ts';

/** Renders and writes one stereo picture or video; the values of all options are those of the plugin's description. */
export async function writeStereo(input: OutputInput, context: PluginContext): Promise<OutputFile> {
  throwIfAborted(context.signal);
  return input.product === 'stereo-video' ? writeVideo(input, context) : writeStill(input, context);
}

/** Hides the strips of the floating window. */
type Window = (left: Raster, right: Raster) => void;

/** So many moments of a move are looked at for what lies outside the picture. */
const LOOKED_AT = 24;

/** Two eyes for each camera. */
function eyesFor({ scene, options }: OutputInput, cameras: readonly Camera[], context: PluginContext): { eyes: Eyes[]; window: Window } {
  const { width, fx } = cameras[0]!;
  const wanted = rigOf(scene, fx / width, {
    convergence: Number(options['convergence'] ?? 75) / 100,
    ...(options['comfortable'] === false && { depth: Number(options['depth'] ?? 3) / 100 }),
  });
  const some = cameras.filter((_, i) => i % Math.ceil(cameras.length / LOOKED_AT) === 0);
  const part = largestPart((size) =>
    eyesOf(some, { ...wanted, baseline: wanted.baseline * size }).every(
      ({ left, right }) => isCovered(scene, left) && isCovered(scene, right),
    ),
  );
  const rig = { ...wanted, baseline: wanted.baseline * part };
  if (part < 0.95 || wanted.isLimited)
    context.warn(
      'The eyes are not as far apart as asked for, as more would show what lies outside the picture; a larger depth strength gives them more room.',
    );
  const strips = options['window'] === false ? { left: 0, right: 0 } : floatingWindow(scene, fx / width, rig);
  const window: Window = (left, right) => {
    blacken(left, 0, Math.round(strips.left * width));
    blacken(right, width - Math.round(strips.right * width), width);
  };
  return { eyes: eyesOf(cameras, rig), window };
}

function blacken({ width, height, rgba }: Raster, from: number, to: number): void {
  for (let y = 0; y < height; y++) {
    for (let x = from; x < to; x++) rgba.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3);
  }
}

async function writeStill(input: OutputInput, context: PluginContext): Promise<OutputFile> {
  const { product, scene, options, frames } = input;
  const { signal, progress } = context;
  const camera = frameOf(scene, shotOptions(options, 1920));
  const { eyes, window } = eyesFor(input, [camera], context);
  const pair: Raster[] = [];
  for await (const raster of readFrames(frames, [eyes[0]!.left, eyes[0]!.right], signal)) {
    pair.push(raster);
    progress(0.4 * pair.length, 'Rendering both eyes');
  }
  const [left, right] = pair as [Raster, Raster];
  window(left, right);
  const bytesOf = async (raster: Raster, type: 'jpg' | 'png'): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await (await encodePicture(raster, type, signal)).arrayBuffer());
  const type = options['picture'] === 'png' ? 'png' : 'jpg';
  let file: OutputFile;
  if (product === 'mpo') {
    file = { suffix: '_3d.mpo', blob: new Blob([mpoOf(await bytesOf(left, 'jpg'), await bytesOf(right, 'jpg'))], { type: 'image/mpo' }) };
  } else if (product === 'jps') {
    file = { suffix: '_3d.jps', blob: new Blob([await bytesOf(composeEyes(left, right, 'crossed'), 'jpg')], { type: 'image/jps' }) };
  } else if (product === 'left-right') {
    const files = { [`${scene.name}_L.${type}`]: await bytesOf(left, type), [`${scene.name}_R.${type}`]: await bytesOf(right, type) };
    file = { suffix: '_left-right.zip', blob: zipOf(files) };
  } else {
    const layout = layoutOf(product, options);
    const blob = await encodePicture(composeEyes(left, right, layout), type, signal);
    file = { suffix: `_3d${LAYOUTS[layout].suffix}.${type}`, blob };
  }
  throwIfAborted(signal);
  progress(1);
  return file;
}

function layoutOf(product: string, options: OptionValues): StereoLayout {
  return (product === 'anaglyph' ? (options['glasses'] ?? 'dubois') : (options['layout'] ?? 'parallel')) as StereoLayout;
}

async function writeVideo(input: OutputInput, context: PluginContext): Promise<OutputFile> {
  const { scene, options, frames } = input;
  const { signal } = context;
  const { fps, count } = frameRateOf(options);
  const move = String(options['move'] ?? 'zoom-in');
  // Beside the move there must be room for both eyes.
  const { cameras, shrunkBy } = shotOf(move, withRoom(scene), {
    ...shotOptions(options, 960),
    longerSidePx: Number(options['videoPx'] ?? 960),
    frames: count,
  });
  const words = shrunkWords(move, shrunkBy);
  if (words !== undefined) context.warn(words);
  const layout = layoutOf('stereo-video', options);
  if (layout === 'interlaced')
    throw new UnflatError(
      'unsupported',
      'Row by row is for pictures, as the compression of videos would mix the rows; choose another layout.',
    );
  const { eyes, window } = eyesFor(input, cameras, context);
  const both = eyes.flatMap(({ left, right }) => [left, right]);
  const loop = new EventLoop();
  async function* pictures(): AsyncGenerator<Raster> {
    let left: Raster | undefined;
    for await (const raster of readFrames(frames, both, signal)) {
      if (!left) {
        left = raster;
        continue;
      }
      await loop.turn();
      window(left, raster);
      yield composeEyes(left, raster, layout);
      left = undefined;
    }
  }
  const { width, height } = cameras[0]!;
  const across = layout === 'parallel' || layout === 'crossed' ? 2 * width : width;
  const down = layout === 'top-bottom' ? 2 * height : height;
  try {
    const { container, blob } = await encodeVideo(
      pictures,
      {
        name: move,
        count,
        width: across,
        height: down,
        fps,
        format: String(options['format'] ?? 'auto'),
        quality: String(options['quality'] ?? 'standard'),
      },
      context,
    );
    return { suffix: `_${move}_3d${LAYOUTS[layout].suffix}.${container}`, blob };
  } finally {
    loop.dispose();
  }
}

/** The scene with half of the room to the sides: the other half is for the eyes. */
function withRoom<T extends OutputInput['scene']>(scene: T): T {
  return { ...scene, eyebox: { ...scene.eyebox, x: scene.eyebox.x / 2 } };
}
