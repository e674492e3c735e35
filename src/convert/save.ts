import { outputs } from '../../plugins/outputs.ts';
import type { Camera, Progress, Scene } from '../core/index.ts';
import { Converter } from '../pipeline/index.ts';
import type { SceneFrames } from '../viewer/index.ts';
import { addressesOf, loadPlugins } from './load-plugins.ts';
import { startDrawing, startWorker } from './start-worker.ts';

/** How a file is saved; all of it may be left out. */
export interface SaveOptions {
  /** The output's own options, as `{ relief: 'full' }` of `ply` and `photo3d` or `{ fps: 30 }` of the videos: each output's README lists them. Default: their defaults. */
  settings?: Readonly<Record<string, number | boolean | string>>;
  /** Addresses of plugins, as with `convert`: outputs among them write what they say. Default: none. */
  plugins?: readonly (string | URL)[];
  /** Cancels the work: the promise then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Hears how much is done (0..1). */
  onProgress?: (progress: Progress) => void;
  /** Hears what went otherwise than one may expect, as a sentence for people. */
  onWarning?: (message: string) => void;
}

/**
 * Writes one file of a scene.
 * @param scene what `convert` gave, or the `scene` of an `<unflat-photo>`.
 * @param product 'depth' (16-bit PNG), 'ply', 'photo3d' (GLB), 'html' (a web page in one file), the videos 'zoom-in', 'dolly-zoom-in', 'circle' and 'swing', or a product of a plugin.
 * @returns the file, named after the photo: `photo.ply`, `photo_depth.png`, `photo_zoom-in.mp4`.
 * @throws UnflatError 'bad-plugin' where nothing writes that product, 'unsupported' where it cannot be written here (videos without
 *   WebCodecs), 'graphics-unavailable' where videos cannot be drawn; TypeError naming the option that is out of range.
 * @throws `options.signal.reason` when cancelled.
 */
export async function save(scene: Scene, product: string, options: SaveOptions = {}): Promise<File> {
  const { settings = {}, signal, onProgress, onWarning } = options;
  signal?.throwIfAborted();
  const plugins = (await loadPlugins(options.plugins, signal)).filter(({ kind }) => kind === 'output');
  const own = Object.fromEntries(plugins.map(({ id, plugin }) => [id, async () => ({ default: plugin })]));
  const converter = new Converter({
    surface: 'script',
    createWorker: await startWorker(),
    modules: addressesOf(plugins),
    plugins: { ...own, ...outputs },
  });
  let renderer: SceneFrames | undefined;
  async function* frames(cameras: Iterable<Camera>): AsyncGenerator<ImageBitmap> {
    const { SceneFrames } = await import('../viewer/index.ts');
    renderer ??= new SceneFrames(scene, await startDrawing());
    yield* renderer.frames(cameras);
  }
  try {
    const { suffix, blob } = await converter.save(scene, product, settings, frames, {
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
      ...(onWarning && { onWarning }),
    });
    return new File([blob], `${scene.name ?? 'photo'}${suffix}`, { type: blob.type });
  } finally {
    converter.dispose();
    renderer?.dispose();
  }
}
