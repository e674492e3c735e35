import { throwIfAborted } from 'unflat/plugin';
import type { OutputFile, OutputInput, OutputPlan, PluginContext } from 'unflat/plugin';
import { blurWords } from '../shared/lens/aperture-of.ts';
import { filmOf } from '../shared/lens/film-of.ts';
import { previewOf } from '../shared/lens/light-at.ts';
import { throughLens } from '../shared/lens/through-lens.ts';
import { shotOptions } from '../shared/moves/move-options.ts';
import { OWN_PATH, ownPath, shrunkWords } from '../shared/moves/shot.ts';
import { frameRateOf } from '../shared/video/video-options.ts';
import { encodeVideo } from '../shared/video/encode-video.ts';
import { videoBytes } from '../shared/video/encoding.ts';

type Wanted = Pick<OutputInput, 'product' | 'scene' | 'options'>;

function shotFor({ product, scene, options }: Wanted) {
  const shot = shotOptions(options, 960);
  // A path of the person's own has its own length.
  const { fps, count } = frameRateOf(product === OWN_PATH ? { ...options, seconds: ownPath(shot.path).seconds } : options);
  const film = filmOf(product, scene, { ...shot, frames: count }, options);
  const { width, height } = film.cameras[0]!;
  const format = String(options['format'] ?? 'auto');
  const quality = String(options['quality'] ?? 'standard');
  return { ...film, video: { count, width, height, fps, format, quality } };
}

/** What a video will be. */
export function planVideo(wanted: Wanted): OutputPlan {
  const { cameras, lens, video } = shotFor(wanted);
  const { count, width, height, fps, format, quality } = video;
  const drawn = count * (lens?.places.length ?? 1);
  return {
    bytes: videoBytes(video, count, format, quality),
    drawing: { frames: drawn, pixels: drawn * width * height },
    move: { cameras, seconds: count / fps, ...previewOf(lens) },
  };
}

/** Renders and encodes one video; the values of all options are those of the plugin's description. */
export async function writeVideo(input: OutputInput, context: PluginContext): Promise<OutputFile> {
  throwIfAborted(context.signal);
  const { product, frames } = input;
  const { cameras, shrunkBy, lens, video } = shotFor(input);
  for (const words of [shrunkWords(product, shrunkBy), blurWords(lens)]) if (words !== undefined) context.warn(words);
  const pictures = lens ? () => throughLens(frames, cameras, lens, context) : () => frames(cameras);
  const { container, blob } = await encodeVideo(pictures, { name: product, ...video }, context);
  return { suffix: `_${product}.${container}`, blob };
}
