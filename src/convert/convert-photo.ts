import { UnflatError, lacksDepth, type SourceFile } from '../core/index.ts';
import {
  Converter,
  isSceneFile,
  openSceneFile,
  type ConvertHooks,
  type ConvertInput,
  type ConvertResult,
  type ConvertSettings,
} from '../pipeline/index.ts';
import type { WorkerLike } from '../worker/index.ts';
import { fetchFile } from './fetch-file.ts';
import { BundledModels } from './bundled-models.ts';
import { inTurn } from './in-turn.ts';

/** What an element or a script asks for. */
export interface PhotoRequest {
  /** The photo, or its address. */
  photo: File | SourceFile | string;
  /** Depth map of the photo, or its address; empty = none. */
  map: File | SourceFile | string;
  /** How the photo is converted. */
  settings: Partial<ConvertSettings>;
  /** Address of the folder with the built-in model, for photos without depth; undefined = none. */
  network: string | undefined;
  /** Address of the folder with the decoder for HEIC photos, with or without a slash at its end; undefined = none. */
  heic: string | undefined;
  /** Starts the worker that converts; undefined = the one that comes along. */
  createWorker: (() => WorkerLike) | undefined;
  /** Whose words messages use: attributes of `<unflat-photo>`, or options of `convert`. */
  surface: 'element' | 'script';
}

/**
 * Fetches a photo at once, so that what cannot be had is said at once, and makes it 3D when its turn has come. The depth is that
 * of its map or inside it; only where there is none, the built-in model is loaded and asked.
 * @throws UnflatError; `hooks.signal.reason` when cancelled.
 */
export async function convertPhoto(
  { photo, map, settings, network, heic, createWorker, surface }: PhotoRequest,
  hooks: ConvertHooks & { signal: AbortSignal },
): Promise<ConvertResult> {
  const { signal, onProgress } = hooks;
  let overall = 0;
  // Both tries are one job.
  hooks = {
    ...hooks,
    ...(onProgress && { onProgress: (step) => onProgress({ ...step, overall: (overall = Math.max(overall, step.overall)) }) }),
  };
  const file = <T>(given: T | string, what: string): T | Promise<File> =>
    typeof given === 'string' ? fetchFile(given, what, signal) : given;
  const [photoFile, mapFile] = await Promise.all([file(photo, 'photo'), map === '' ? undefined : file(map, 'depth map')]);
  if (isSceneFile(photoFile)) return openSceneFile(photoFile, signal);
  if (!createWorker)
    throw new UnflatError('unsupported', 'This page can show finished 3D photos only; load the unflat-photo bundle to convert photos.');
  const input: ConvertInput = { photo: photoFile, ...(mapFile && { map: mapFile }) };
  const networks = network === undefined || mapFile ? undefined : BundledModels.in(network);
  const isNamed = (settings.depthSource ?? 'auto') !== 'auto';
  const heicDecoder =
    heic === undefined ? undefined : new URL('libheif-bundle.mjs', new URL(heic.endsWith('/') ? heic : `${heic}/`, document.baseURI)).href;
  const withConverter = async <T>(run: (converter: Converter) => Promise<T>): Promise<T> => {
    const converter = new Converter({
      createWorker,
      surface,
      ...(networks && { inference: networks }),
      ...(heicDecoder !== undefined && { heicDecoder }),
    });
    try {
      return await run(converter);
    } catch (error) {
      if (lacksDepth(error) && surface === 'element') error.message += inTheTag(error.message, map);
      throw error;
    } finally {
      // The worker and its memory go; the scene is with the page.
      converter.dispose();
    }
  };
  // A photo that is refused for its lack of depth does not wait for others to be converted.
  if (!networks && !mapFile)
    await inTurn(signal, 'look', () => withConverter((converter) => converter.convertDepth(input, settings, { signal })));
  return inTurn(signal, 'convert', () =>
    withConverter(async (converter) => {
      if (networks) networks.areWanted = isNamed;
      try {
        return await converter.convert(input, settings, hooks);
      } catch (error) {
        if (!networks || isNamed || !lacksDepth(error)) throw error;
        await networks.check(photoFile.name, surface, signal);
      }
      networks.areWanted = true;
      // The decoded photo is still at hand.
      return converter.convert(input, settings, hooks);
    }),
  );
}

/** Messages speak of files: what these are in a page. */
function inTheTag(message: string, map: PhotoRequest['map']): string {
  if (map === '') return message.includes('depth="') ? '' : ' The second file is the attribute depth="photo_depth.png".';
  return ` The map is that of ${typeof map === 'string' ? `the attribute depth, ${new URL(map, document.baseURI).href.slice(0, 200)}` : 'the property map'}.`;
}
