import { DEPTH_SHARE, UnflatError, lacksDepth, type SourceFile } from '../core/index.ts';
import {
  Converter,
  isSceneFile,
  openSceneFile,
  type ConvertHooks,
  type ConvertInput,
  type ConvertResult,
  type ConvertSettings,
  type SceneHooks,
} from '../pipeline/index.ts';
import type { WorkerLike } from '../worker/index.ts';
import { fetchFile } from './fetch-file.ts';
import { BundledModels } from './bundled-models.ts';
import { addressesOf, type PagePlugin } from './load-plugins.ts';
import { inTurn, isTaken } from './in-turn.ts';

/** What an element or a script asks for. */
export interface PhotoRequest {
  /** The photo, or its address. */
  photo: File | SourceFile | string;
  /** Depth map of the photo, or its address; empty = none. */
  map: File | SourceFile | string;
  /** How the photo is converted. */
  settings: Partial<ConvertSettings>;
  /** Address of the folder with the built-in model, for photos without depth; undefined = none. */
  model: string | undefined;
  /** Address of the folder with the decoder for HEIC photos, with or without a slash at its end; undefined = none. */
  heic: string | undefined;
  /** Starts the worker that converts; undefined = the one that comes along. */
  createWorker: (() => WorkerLike) | undefined;
  /** The page's own plugins, which are asked before the built-in ones. Default: none. */
  plugins?: readonly PagePlugin[];
  /** Whose words messages use: attributes of `<unflat-photo>`, or options of `convert`. */
  surface: 'element' | 'script';
  /** Keeps results between visits, in the storage of the page's own site. Default false. */
  cache?: boolean;
  /** Asked whenever the next photo of the page is chosen: the smallest number is next. Default: all the same, in the order in which they came. */
  urgency?: () => number;
  /** Called when the photo's turn has come and its conversion begins. */
  onBegin?: () => void;
}

/**
 * Fetches a photo at once, so that what cannot be had is said at once, and makes it 3D when its turn has come. Of the bundled model
 * nothing is loaded before a photo needs it for its depth.
 * @throws UnflatError; `hooks.signal.reason` when cancelled.
 */
export async function convertPhoto(
  request: PhotoRequest,
  { signal, onProgress, onEarly }: SceneHooks & { signal: AbortSignal },
): Promise<ConvertResult> {
  const { photo, map, settings, model, heic, surface, plugins = [], cache: asksCache = false, urgency, onBegin } = request;
  // What a page's own plugin gives may change with its file, which no key knows.
  const cache = asksCache && plugins.length === 0;
  const file = <T>(given: T | string, what: string): T | Promise<File> =>
    typeof given === 'string' ? fetchFile(given, what, signal) : given;
  const [photoFile, mapFile] = await Promise.all([file(photo, 'photo'), map === '' ? undefined : file(map, 'depth map')]);
  const turn = <T>(queue: 'convert' | 'look' | 'open', run: () => Promise<T>): Promise<T> =>
    inTurn(
      signal,
      queue,
      () => {
        onBegin?.();
        return run();
      },
      urgency,
    );
  if (isSceneFile(photoFile)) return turn('open', () => openSceneFile(photoFile, signal));
  // After the photo was fetched: until then whoever asks may have got one.
  const { createWorker } = request;
  if (!createWorker)
    throw new UnflatError(
      'unsupported',
      'This page can show saved 3D photos only: unflat-view.js converts nothing. Load unflat-photo.js to convert photos.',
    );
  const input: ConvertInput = { photo: photoFile, ...(mapFile && { map: mapFile }) };
  const heicDecoder =
    heic === undefined ? undefined : new URL('libheif-bundle.mjs', new URL(heic.endsWith('/') ? heic : `${heic}/`, document.baseURI)).href;
  const start = (): Converter =>
    new Converter({
      createWorker,
      surface,
      ...(plugins.length > 0 && { modules: addressesOf(plugins) }),
      ...(cache && { store: CACHE, onKept: () => ((isKept = true), onKept()) }),
      ...(model !== undefined && { inference: BundledModels.in(model, surface) }),
      ...(heicDecoder !== undefined && { heicDecoder }),
      // A page's author who names a source may load the model for it; others get it only where there is no depth.
      opinions: (settings.depthSource ?? 'auto') !== 'auto',
    });
  const { inpainter = 'auto' } = settings;
  // The bundled models fill nothing in: for that they are not looked up, as loading them takes its time.
  const asked = { ...settings, inpainter: inpainter === 'auto' ? 'without-model' : inpainter };
  let converter: Converter | undefined;
  let isKept = false;
  let onKept = (): void => undefined;
  let overall = 0;
  // Looking at the photo and converting it are one job.
  const hooksFor = (share: number): ConvertHooks => ({
    signal,
    ...(onProgress && { onProgress: (step) => onProgress({ ...step, overall: (overall = Math.max(overall, step.overall * share)) }) }),
  });
  try {
    // A photo that is refused for its lack of depth does not wait for others to be converted.
    if (model === undefined && !mapFile) {
      await turn('look', () => (converter = start()).convertDepth(input, asked, hooksFor(DEPTH_SHARE)));
      // The worker goes on with what it has decoded; but to wait with it while others are converted takes too much memory.
      if (isTaken('convert')) {
        converter?.dispose();
        converter = undefined;
      }
    }
    const result = await turn('convert', () =>
      (converter ??= start()).convert(input, asked, { ...hooksFor(1), ...(onEarly && { onEarly }) }),
    );
    const used = converter;
    // What it keeps is written afterwards.
    if (cache && used && !result.report.stored && !isKept) {
      converter = undefined;
      onKept = () => used.dispose();
      setTimeout(onKept, KEEPING_MS);
    }
    return result;
  } catch (error) {
    if (lacksDepth(error) && surface === 'element') error.message += inTheTag(error.message, map);
    throw error;
  } finally {
    // The worker and its memory go; the scene is with the page.
    converter?.dispose();
  }
}

/** A photo of 960 pixels takes some 8 MB. */
const CACHE = {
  options: { name: 'unflat-photo', budgetBytes: 256 * 2 ** 20 },
  warnOnce: (message: string): void => console.warn(`<unflat-photo>: ${message}`),
};
/** Writing a result takes a second or two. */
const KEEPING_MS = 20_000;

/** Messages speak of files: what these are in a page. */
function inTheTag(message: string, map: PhotoRequest['map']): string {
  if (map === '') return message.includes('depth="') ? '' : ' The second file is the attribute depth="photo_depth.png".';
  return ` The map is that of ${typeof map === 'string' ? `the attribute depth, ${new URL(map, document.baseURI).href.slice(0, 200)}` : 'the property map'}.`;
}
