import { clear, createStore, del, entries, set, type UseStore } from 'idb-keyval';
import type { ConvertInput } from '../pipeline/index.ts';
import type { ResultStore } from '../store/index.ts';
import type { OpenPhoto, PhotoSettings } from './desk.ts';
import { bitmapBlob, sceneThumbnail } from './thumbnail.ts';
import { Watched } from './watch.ts';

/** A photo that was opened before, with the files it was made from. */
export interface RecentPhoto {
  id: string;
  title: string;
  input: ConvertInput;
  settings: PhotoSettings;
  hasDepthInside?: boolean;
  thumbnail: Blob;
  /** Milliseconds since 1970. */
  usedAt: number;
}

const MOST = 24;
const MOST_BYTES = 300e6;

/**
 * Photos opened before. The files lie here and the finished scene in the result store, so a photo
 * opens at once, and can still be made again with other settings. All of it stays on this machine.
 */
export class Recent extends Watched {
  list: readonly RecentPhoto[] = [];
  /** Bytes that photos and results take. */
  sizeBytes = 0;
  readonly #results: ResultStore;
  #store: UseStore | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(results: ResultStore) {
    super();
    this.#results = results;
  }

  load(): Promise<void> {
    return this.#inTurn(() => this.#load());
  }

  /** Puts a photo at the top of the list. */
  keep(photo: OpenPhoto): Promise<void> {
    return this.#inTurn(() => this.#keep(photo));
  }

  remove(photo: RecentPhoto): Promise<void> {
    return this.#inTurn(() => this.#remove(photo));
  }

  clear(): Promise<void> {
    return this.#inTurn(() => this.#clear());
  }

  /** One thing after the other: what is removed must not come back by a keep that was still under way. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #load(): Promise<void> {
    await this.#try(async (store) => {
      const all = (await entries<string, RecentPhoto>(store)).map(([, photo]) => photo);
      this.list = all.sort((a, b) => b.usedAt - a.usedAt);
    });
    await this.#measure();
  }

  async #measure(): Promise<void> {
    this.changed();
    this.sizeBytes = this.#filesBytes() + (await this.#results.sizeBytes());
    this.changed();
  }

  async #keep({ title, input, settings, hasDepthInside, scene }: OpenPhoto): Promise<void> {
    await this.#try(async (store) => {
      const bitmap = await sceneThumbnail(scene, 240);
      if (!bitmap) return;
      const photo: RecentPhoto = { id: idOf(input), title, input, settings, hasDepthInside, thumbnail: await bitmapBlob(bitmap), usedAt: Date.now() };
      await set(photo.id, photo, store);
      // What is in the list keeps its place until the next visit: nothing moves under a finger.
      if (this.list.some(({ id }) => id === photo.id)) this.list = this.list.map((each) => (each.id === photo.id ? photo : each));
      else this.list = [photo, ...this.list];
      await this.#makeRoom(store);
      await this.#measure();
    });
  }

  async #remove(photo: RecentPhoto): Promise<void> {
    this.list = this.list.filter(({ id }) => id !== photo.id);
    this.changed();
    await this.#try((store) => del(photo.id, store));
    await this.#forgetResults(photo);
    await this.#measure();
  }

  async #clear(): Promise<void> {
    this.list = [];
    this.changed();
    await this.#try((store) => clear(store));
    await this.#results.clear();
    await this.#measure();
  }

  /** A result's key is not ours to know; those of the same name go, and are at worst made again. */
  async #forgetResults(photo: RecentPhoto): Promise<void> {
    const name = photo.input.photo.name.replace(/\.[^.]+$/, '');
    const results = await this.#results.list();
    await Promise.all(results.filter((result) => result.name === name).map((result) => this.#results.remove(result.key)));
  }

  async #makeRoom(store: UseStore): Promise<void> {
    let bytes = 0;
    const gone = this.list.filter((photo, index) => {
      bytes += inputBytes(photo.input);
      return index >= MOST || (index > 0 && bytes > MOST_BYTES);
    });
    this.list = this.list.filter((photo) => !gone.includes(photo));
    await Promise.all(gone.map((photo) => del(photo.id, store)));
  }

  #filesBytes(): number {
    return this.list.reduce((sum, photo) => sum + inputBytes(photo.input) + photo.thumbnail.size, 0);
  }

  /** Where the browser grants no storage the list stays empty, and everything else works. */
  async #try(task: (store: UseStore) => Promise<void>): Promise<void> {
    try {
      this.#store ??= createStore('unflat-recent', 'photos');
      await task(this.#store);
    } catch {
      this.#store = undefined;
    }
  }
}

function fileBytes(file: ConvertInput['photo'] | undefined): number {
  if (!file) return 0;
  return file instanceof Blob ? file.size : file.bytes.byteLength;
}

function inputBytes({ photo, map }: ConvertInput): number {
  return fileBytes(photo) + fileBytes(map);
}

/** One photo with one map, however often it is opened. */
export function idOf({ photo, map }: ConvertInput): string {
  return [photo, map].map((file) => (file ? `${file.name}:${fileBytes(file)}` : '')).join('|');
}
