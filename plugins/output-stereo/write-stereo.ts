import { EventLoop, UnflatError, throwIfAborted } from 'unflat/plugin';
import type { Camera, OptionValues, OutputFile, OutputInput, OutputPlan, PluginContext, Raster } from 'unflat/plugin';
import { encodePicture } from '../shared/encode-picture.ts';
import { frameOf } from '../shared/moves/frame-of.ts';
import { isCovered } from '../shared/moves/is-covered.ts';
import { largestPart } from '../shared/moves/largest-part.ts';
import { shotOptions } from '../shared/moves/move-options.ts';
import { shotOf, shrunkWords } from '../shared/moves/shot.ts';
import { readFrames } from '../shared/read-frames.ts';
import { frameRateOf } from '../shared/video/video-options.ts';
import { encodeVideo } from '../shared/video/encode-video.ts';
import { videoBytes } from '../shared/video/encoding.ts';
import { zipOf } from '../shared/zip-of.ts';
import { LAYOUTS, composeEyes, type StereoLayout } from './compose-eyes.ts';
import { depthCheck } from './depth-check.ts';
import { labelDepth } from './label-depth.ts';
import { mpoOf } from './mpo-of.ts';
import { eyesOf, floatingWindow, rigOf, type Eyes } from './rig.ts';

/** Renders and writes one stereo picture or video; the values of all options are those of the plugin's description. */
export async function writeStereo(input: OutputInput, context: PluginContext): Promise<OutputFile> {
  throwIfAborted(context.signal);
  return input.product === 'stereo-video' ? writeVideo(input, context) : writeStill(input, context);
}

/** Size of the picture with which the eyes are checked, in pixels of an eye's longer side. */
const CHECKED_PX = 640;

/** How a person looks at a layout, and what helps where the eyes are swapped. */
const CHECK_WORDS: Readonly<Record<StereoLayout, string>> = (() => {
  const test = 'NEAR must stand in front of FAR.';
  const player = `In your player, ${test} If it stands behind, let the player swap the eyes.`;
  const glasses = `With the red glass before your left eye, ${test} If it stands behind, turn the glasses round.`;
  return {
    parallel: `With your left eye on the left picture, ${test} If it stands behind, your eyes cross: choose the layout for crossed eyes.`,
    crossed: `With crossed eyes, ${test} If it stands behind, choose the layout with the left eye left.`,
    half: player,
    'top-bottom': player,
    'half-top-bottom': player,
    interlaced: `With polarised glasses, ${test} If it stands behind, move the picture up or down by one row.`,
    dubois: glasses,
    'half-colour': glasses,
    grey: glasses,
  };
})();

/** JPEG at our quality: two rendered photos gave 0.2 and 0.3 bytes a pixel; PNG without loss 1.8. */
const PICTURE_BYTES = { jpg: 0.25, png: 1.8 };

/** What a stereo file will be, and the picture that shows whether the eyes are the right way round. */
export function planStereo({ product, scene, options }: Pick<OutputInput, 'product' | 'scene' | 'options'>): OutputPlan {
  const isVideo = product === 'stereo-video';
  const layout = product === 'jps' ? 'crossed' : product === 'mpo' || product === 'left-right' ? 'parallel' : layoutOf(product, options);
  const sample = {
    product: 'stereo',
    options: { check: true, layout, longerSidePx: CHECKED_PX, picture: 'png' },
    words: CHECK_WORDS[layout],
  };
  const shot = shotOptions(options, 1920);
  const { width, height } = frameOf(scene, { ...shot, longerSidePx: isVideo ? Number(options['videoPx'] ?? 960) : shot.longerSidePx });
  if (!isVideo) {
    const pixels = 2 * width * height;
    const type = options['picture'] === 'png' && product !== 'mpo' && product !== 'jps' ? 'png' : 'jpg';
    return { bytes: pixels * PICTURE_BYTES[type], drawing: { frames: 2, pixels, encodeNs: 200 }, sample };
  }
  const { fps, count } = frameRateOf(options);
  const size = sizeOf(layout, width, height);
  const bytes = videoBytes({ ...size, fps }, count, String(options['format'] ?? 'auto'), String(options['quality'] ?? 'standard'));
  return { bytes, drawing: { frames: 2 * count, pixels: 2 * count * width * height }, sample };
}

function sizeOf(layout: StereoLayout, width: number, height: number): { width: number; height: number } {
  return {
    width: layout === 'parallel' || layout === 'crossed' ? 2 * width : width,
    height: layout === 'top-bottom' ? 2 * height : height,
  };
}

/** Hides the strips of the floating window. */
type Window = (left: Raster, right: Raster) => void;

interface EyesFor {
  eyes: Eyes[];
  window: Window;
  /** Largest disparity between the eyes, to both sides, in pixels. */
  mostPx: number;
}

/** So many moments of a move are looked at for what lies outside the picture. */
const LOOKED_AT = 24;

/** Two eyes for each camera. */
function eyesFor({ scene, options }: OutputInput, cameras: readonly Camera[], context: PluginContext): EyesFor {
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
  const mostPx = 4 + Math.ceil(1.2 * fx * rig.baseline * Math.max(rig.near - rig.screen, rig.screen - rig.far));
  return { eyes: eyesOf(cameras, rig), window, mostPx };
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
  const { eyes, window, mostPx } = eyesFor(input, [camera], context);
  const pair: Raster[] = [];
  for await (const raster of readFrames(frames, [eyes[0]!.left, eyes[0]!.right], signal)) {
    pair.push(raster);
    progress(0.4 * pair.length, 'Rendering both eyes');
  }
  const [left, right] = pair as [Raster, Raster];
  const check = depthCheck(scene, eyes[0]!.left, left, right, mostPx);
  if (check?.isRight === false)
    context.warn('The eyes of this picture seem to be swapped: what is near has the smaller disparity. Check the depth map.');
  window(left, right);
  if (check && options['check'] === true) labelDepth(check, left, right);
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
  try {
    const { container, blob } = await encodeVideo(
      pictures,
      {
        name: move,
        count,
        ...sizeOf(layout, width, height),
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
