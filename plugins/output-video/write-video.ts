import { throwIfAborted } from 'unflat/plugin';
import type { OutputFile, OutputInput, PluginContext } from 'unflat/plugin';
import { shotOptions } from '../shared/moves/move-options.ts';
import { OWN_PATH, ownPath, shotOf, shrunkWords } from '../shared/moves/shot.ts';
import { frameRateOf } from '../shared/video/video-options.ts';
import { encodeVideo } from '../shared/video/encode-video.ts';

/** Renders and encodes one video; the values of all options are those of the plugin's description. */
export async function writeVideo({ product, scene, options, frames }: OutputInput, context: PluginContext): Promise<OutputFile> {
  throwIfAborted(context.signal);
  const shot = shotOptions(options, 960);
  // A path of the person's own has its own length.
  const { fps, count } = frameRateOf(product === OWN_PATH ? { ...options, seconds: ownPath(shot.path).seconds } : options);
  const { cameras, shrunkBy } = shotOf(product, scene, { ...shot, frames: count });
  const words = shrunkWords(product, shrunkBy);
  if (words !== undefined) context.warn(words);
  const { width, height } = cameras[0]!;
  const { container, blob } = await encodeVideo(
    () => frames(cameras),
    {
      name: product,
      count,
      width,
      height,
      fps,
      format: String(options['format'] ?? 'auto'),
      quality: String(options['quality'] ?? 'standard'),
    },
    context,
  );
  return { suffix: `_${product}.${container}`, blob };
}
