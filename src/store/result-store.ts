import type { Scene } from '../core/index.ts';
import { BlobStore, type BlobStoreOptions } from './blob-store.ts';
import { decodeScene, encodeScene } from './scene-codec.ts';

/** Goes up when the way a scene is written changes; records of another version are dropped. */
const FORMAT_VERSION = 1;

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

type Meta = Pick<ResultEntry, 'name' | 'width' | 'height'>;

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

  /** The result of that key; undefined when there is none or it was damaged (it is then removed). */
  async get(key: string): Promise<StoredResult | undefined> {
    const bytes = await this.#blobs.get(key);
    if (!bytes) return undefined;
    try {
      const { scene, extra } = decodeScene(bytes);
      return { scene, report: extra };
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
      await this.#blobs.remove(key);
      return undefined;
    }
  }

  /** Keeps a result; the ones unused for longest make room. @returns whether it was kept. */
  async put(key: string, { scene, report }: StoredResult): Promise<boolean> {
    const { name, width, height } = scene;
    return this.#blobs.put(key, encodeScene(scene, report), { name, width, height });
  }

  /** All results, the last used first. */
  async list(): Promise<ResultEntry[]> {
    const entries = await this.#blobs.list();
    return entries.map(({ key, sizeBytes, usedAt, meta }) => ({ key, sizeBytes, usedAt, ...meta }));
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

  remove(key: string): Promise<void> {
    return this.#blobs.remove(key);
  }

  clear(): Promise<void> {
    return this.#blobs.clear();
  }
}
