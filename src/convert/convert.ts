import type { Progress, SourceFile } from '../core/index.ts';
import type { ConvertResult, ConvertSettings } from '../pipeline/index.ts';
import { convertPhoto } from './convert-photo.ts';
import { loadPlugins } from './load-plugins.ts';
import { startWorker } from './start-worker.ts';

/** A picture's file, its bytes with a name, or its address, which counts from the page's. */
export type PhotoFile = Blob | SourceFile | URL | string;

/** How a photo is made 3D; all of it may be left out. */
export interface ConvertOptions {
  /** The photo's depth map (PNG, JPEG, WebP, TIFF, OpenEXR, NPY, PFM …). Default: the depth inside the photo, else the built-in model's. */
  depth?: PhotoFile;
  /**
   * Addresses of plugins, counted from the page's: modules whose default export is made by `unflat/plugin`, and that import only by
   * addresses, as they run in a worker. They come before the built-in ones: an inpainter among them fills in the hidden parts, a depth
   * source is asked before the photo itself (but not where `depth` is given). Default: none.
   */
  plugins?: readonly (string | URL)[];
  /** Working resolution, inpainter, options of the plugins and more. Default: each setting's own default. */
  settings?: Partial<ConvertSettings>;
  /** Cancels the work: the promise then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Hears which stage is at work, and how much of it is done (0..1). */
  onProgress?: (progress: Progress) => void;
  /**
   * Address of the folder `unflat-depth` of this package, with the built-in model for photos without depth; 'none' = they are refused.
   * Default: where it lies beside this module in the package; with a bundler name it.
   */
  model?: string | URL;
  /**
   * The old name of `model`.
   * @deprecated Use `model`; this name will be removed in 0.2.
   */
  network?: string | URL;
  /** Address of the folder `unflat-heic`, which decodes HEIC photos where the browser cannot. Default: as with `model`. */
  heic?: string | URL;
}

/** Not a literal below: bundlers would take the folders for files of theirs. */
const here = import.meta.url;

/**
 * Makes a photo 3D, in a worker, on the person's own device. Several calls are worked on one after the other.
 * @param photo what to convert: any picture that the browser can decode, or HEIC.
 * @returns the scene (layers, meshes, lens: `<unflat-photo>` shows it, `save` writes it) and the report: how it was made, times in ms,
 *   warnings and notes for people.
 * @throws UnflatError whose `message` names the file, what is wrong and what to do, and whose `code` is for programs: 'no-depth',
 *   'not-an-image', 'bad-plugin', 'io' …
 * @throws TypeError naming the argument that cannot be.
 * @throws `options.signal.reason` when cancelled.
 */
export async function convert(photo: PhotoFile, options: ConvertOptions = {}): Promise<ConvertResult> {
  const {
    depth,
    settings = {},
    signal = new AbortController().signal,
    onProgress,
    heic = new URL('../element/unflat-heic/', here),
  } = options;
  // oxlint-disable-next-line typescript/no-deprecated -- the old name holds for a version.
  const model = options.model ?? options.network ?? new URL('../element/unflat-depth/', here);
  const photoFile = checked(photo, 'photo');
  const map = depth === undefined ? '' : checked(depth, 'options.depth');
  signal.throwIfAborted();
  const plugins = await loadPlugins(options.plugins, signal);
  const createWorker = await startWorker();
  signal.throwIfAborted();
  const folder = String(model);
  return convertPhoto(
    {
      photo: photoFile,
      map,
      settings,
      model: folder === 'none' ? undefined : folder,
      heic: String(heic),
      createWorker,
      plugins,
      surface: 'script',
    },
    { signal, ...(onProgress && { onProgress }) },
  );
}

/** @throws TypeError where it is nothing that a photo can be. */
function checked(file: PhotoFile, path: string): File | SourceFile | string {
  if (typeof file === 'string' && file !== '') return file;
  if (file instanceof URL) return file.href;
  if (file instanceof File) return file;
  if (file instanceof Blob) return new File([file], path === 'photo' ? 'photo' : 'depth map', { type: file.type });
  if (typeof file === 'object' && file !== null && typeof file.name === 'string' && file.bytes instanceof Uint8Array) return file;
  throw new TypeError(`${path} must be a File, a Blob, { name, bytes } or an address, got ${file === '' ? 'an empty text' : kindOf(file)}`);
}

/** What a value that is no photo is, in a word or two: `an Array`, `null`, `42`. */
function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const name = (value.constructor as { name?: string } | undefined)?.name ?? 'Object';
  return /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`;
}
