import type { DepthMap, Scene } from '../core/index.ts';
import { BlobStore, unkeptWords, type BlobStoreOptions } from './blob-store.ts';
import { compress, decompress } from './compress.ts';
import { isFull } from './make-room.ts';
import { decodeDepth, decodeMakings, decodeScene, encodeScene, type SceneMakings } from './encode-scene.ts';

/** Goes up when the way a scene is written changes; records of another version are dropped. */
const FORMAT_VERSION = 3;

/** Results of one photo file that are kept, with whatever settings. */
const MOST_OF_ONE_PHOTO = 4;

/** Where results are kept and how much of the disk they may take; plain data, so a worker can open the same store. */
export interface ResultStoreOptions {
  /** Name of the database. Default 'unflat-results'. */
  name?: string;
  /** Most bytes that all results together may take. Default 512 MiB, and never more than a fifth of what the browser grants. */
  budgetBytes?: number;
}

/** What is known of a result without reading it. */
export interface ResultEntry {
  key: string;
  /** The photo's name without extension. */
  name: string;
  /** Hash of the photo's file, where it was put in with its makings. */
  photoHash?: string;
  /** Working size of the photo in pixels. */
  width: number;
  height: number;
  sizeBytes: number;
  /** Milliseconds since 1970. */
  usedAt: number;
}

/** A result as it comes back; `report` is whatever plain data was put in with it. */
export interface StoredResult {
  scene: Scene;
  report: unknown;
}

/** What a result was made from, so that others can be made of it without beginning anew. */
export interface Makings extends SceneMakings {
  /** Hash of the photo's file. */
  photoHash: string;
  /** Hashes of all that decides the layers, and of all that decides the depth map. */
  layersKey: string;
  depthKey: string;
  /** Plain data that belongs to the depth map and the layers. */
  about: unknown;
}

interface Meta extends Pick<ResultEntry, 'name' | 'width' | 'height' | 'photoHash'> {
  layersKey?: string;
  /** Only where the depth map is in the record. */
  depthKey?: string;
}

/** The plain data of a record with makings. */
interface Extra {
  report: unknown;
  about: unknown;
}

/**
 * Finished scenes by the hash of what they were made of. Nothing here ever fails a conversion:
 * where the browser grants no storage (private windows, a full disk) nothing is kept and `onWarning` is told once.
 */
export class ResultStore {
  readonly options: ResultStoreOptions;
  readonly #blobs: BlobStore<Meta>;
  readonly #onWarning: ((message: string) => void) | undefined;
  #warned = false;

  /** @param onWarning told once, for people, when nothing can be kept. */
  constructor(options: ResultStoreOptions = {}, onWarning?: (message: string) => void) {
    this.options = options;
    this.#onWarning = onWarning;
    const blobOptions: BlobStoreOptions = {
      name: options.name ?? 'unflat-results',
      version: FORMAT_VERSION,
      budgetBytes: options.budgetBytes ?? 512 * 2 ** 20,
      onWarning: (message) => this.warnOnce(message),
    };
    this.#blobs = new BlobStore(blobOptions);
  }

  /** Tells `onWarning`, unless it was told before; also for what a worker has met with the same store. */
  warnOnce(message: string): void {
    if (!this.#warned) this.#onWarning?.(message);
    this.#warned = true;
  }

  /** Tells `onWarning` where something beside the results could not be kept as the storage is full: all of it has one reason. */
  warnIfFull(error: unknown): void {
    if (isFull(error)) this.warnOnce(unkeptWords(error));
  }

  /** The result of that key; undefined when there is none or it was damaged (it is then removed). */
  async get(key: string): Promise<StoredResult | undefined> {
    const bytes = await this.#blobs.get(key);
    if (!bytes) return undefined;
    try {
      const { scene, report } = read(await decompress(bytes));
      return { scene, report };
    } catch (error) {
      return this.#damaged(key, error);
    }
  }

  /** Keeps a result; the ones unused for longest make room. @returns whether it was kept. */
  async put(key: string, { scene, report }: StoredResult, makings?: Makings): Promise<boolean> {
    const { name, width, height } = scene;
    if (!makings) return this.#blobs.put(key, await compress(encodeScene(scene, { report })), { name, width, height });
    const { photoHash, layersKey, depthKey, about } = makings;
    const kept = await this.#blobs.put(key, await compress(encodeScene(scene, { report, about } satisfies Extra, makings)), {
      name,
      width,
      height,
      photoHash,
      layersKey,
      ...(makings.depth && { depthKey }),
    });
    if (kept) await this.#thinOut(key, photoHash);
    return kept;
  }

  /** Who moves sliders makes many results of one photo: the last few stay. */
  async #thinOut(key: string, photoHash: string): Promise<void> {
    const others = (await this.#blobs.list()).filter((entry) => entry.meta.photoHash === photoHash && entry.key !== key);
    for (const { key: old } of others.slice(MOST_OF_ONE_PHOTO - 1)) await this.#blobs.remove(old);
  }

  /** A result with those layers, however they are inpainted, and what they were before; undefined when there is none. */
  layers(layersKey: string): Promise<(StoredResult & Pick<Makings, 'grown' | 'depth' | 'about'>) | undefined> {
    return this.#find(
      (meta) => meta.layersKey === layersKey,
      (bytes) => {
        const result = read(bytes);
        const makings = decodeMakings(bytes, result.scene);
        return makings && { ...result, ...makings };
      },
    );
  }

  /** A depth map that took long to make, with its `about`; undefined when it is in no result. */
  depth(depthKey: string): Promise<{ depth: DepthMap; about: unknown } | undefined> {
    return this.#find(
      (meta) => meta.depthKey === depthKey,
      (bytes) => {
        const found = decodeDepth(bytes);
        return found && { depth: found.depth, about: (found.extra as Extra).about };
      },
    );
  }

  /** All results, the last used first. */
  async list(): Promise<ResultEntry[]> {
    const entries = await this.#blobs.list();
    return entries.map(({ key, sizeBytes, usedAt, meta: { name, photoHash, width, height } }) => ({
      key,
      sizeBytes,
      usedAt,
      name,
      ...(photoHash !== undefined && { photoHash }),
      width,
      height,
    }));
  }

  /** Bytes that all results take together. */
  async sizeBytes(): Promise<number> {
    const entries = await this.#blobs.list();
    return entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  }

  /** Gives up the results unused for longest until so many bytes are free; models come before results. @returns the bytes given up. */
  async release(bytes: number): Promise<number> {
    let released = 0;
    for (const { key, sizeBytes } of (await this.#blobs.list()).reverse()) {
      if (released >= bytes) break;
      await this.#blobs.remove(key);
      released += sizeBytes;
    }
    return released;
  }

  async #find<T>(isMeant: (meta: Meta) => boolean, decode: (bytes: Uint8Array) => T | undefined): Promise<T | undefined> {
    const entry = (await this.#blobs.list()).find(({ meta }) => isMeant(meta));
    const bytes = entry && (await this.#blobs.get(entry.key));
    if (!bytes) return undefined;
    try {
      return decode(await decompress(bytes));
    } catch (error) {
      return this.#damaged(entry.key, error);
    }
  }

  async #damaged(key: string, error: unknown): Promise<undefined> {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    await this.#blobs.remove(key);
    return undefined;
  }

  remove(key: string): Promise<void> {
    return this.#blobs.remove(key);
  }

  clear(): Promise<void> {
    return this.#blobs.clear();
  }
}

function read(bytes: Uint8Array): StoredResult & { about: unknown } {
  const { scene, extra } = decodeScene(bytes);
  const { report, about } = extra as Extra;
  return { scene, report, about };
}
