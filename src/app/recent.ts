import { clear, createStore, del, type UseStore } from 'idb-keyval';
import { sha256, fitInto } from '../core/index.ts';
import type { ConvertInput } from '../pipeline/index.ts';
import type { ResultStore } from '../store/index.ts';
import type { OpenPhoto, Other3d, PhotoSettings } from './desk.ts';
import { readPhotos, writePhoto } from './write-photo.ts';
import { bitmapBlob, photoThumbnail, sceneThumbnail } from './scene-thumbnail.ts';
import { Watched } from './watch.ts';

/** A photo that was opened before, with the files it was made from. */
export interface RecentPhoto {
  /** A hash of its content, and of its map's. */
  id: string;
  title: string;
  input: ConvertInput;
  settings: PhotoSettings;
  hasDepthInside?: boolean;
  /** It was never a 3D photo yet. */
  isUnmade?: boolean;
  /** It is a 3D file of another program, of which nothing is made. */
  isOther3d?: boolean;
  thumbnail: Blob;
  /** Milliseconds since 1970. */
  usedAt: number;
  /** Milliseconds since 1970 at which it was removed. It can still be put back; who finds it so much later removes it for good. */
  removed?: number;
}

/** Takes back a removal, or makes it final; whatever comes second does nothing. */
export interface Removal {
  undo(): Promise<void>;
  finish(): Promise<void>;
}

/** A photo with its files that is to be in the list before it was made 3D. */
export type UnmadePhoto = Pick<RecentPhoto, 'title' | 'input'>;

/** What became of photos that were to be put into the list. */
export interface Queued {
  /** Those that are in the list now. */
  kept: readonly UnmadePhoto[];
  /** Those that are empty or damaged; they are left out. */
  unreadable: readonly UnmadePhoto[];
}

const MOST = 24;
const MOST_BYTES = 300e6;
/** Larger 3D files of other programs would take the place of too many photos. */
const MOST_OTHER_BYTES = 100e6;
const THUMBNAIL_PX = 240;
/** Hexadecimal digits of a photo's hash, which begin an id. */
const HASH_LENGTH = 64;
/** Milliseconds after which a removal that nobody finished is final: the page that could have taken it back is gone. */
const REMOVED_MS = 120_000;
/** By which the app's tabs tell each other that the list has changed. */
const CHANNEL = 'unflat-recent';
const HASHED = /^[0-9a-f]{64}(-[0-9a-f]{64})?$/;

/**
 * Photos opened before. The files lie here and the finished scene in the result store, so a photo
 * opens at once, and can still be made again with other settings. All of it stays on this machine.
 */
export class Recent extends Watched {
  list: readonly RecentPhoto[] = [];
  /** Bytes that the photos of the list and their results take; undefined until they were counted. */
  sizeBytes: number | undefined;
  /** Ids of photos that were removed and can still be put back. */
  readonly #removed = new Set<string>();
  readonly #results: ResultStore;
  #store: UseStore | undefined;
  #last: Promise<unknown> = Promise.resolve();
  readonly #tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : undefined;

  constructor(results: ResultStore) {
    super();
    this.#results = results;
    this.#tabs?.addEventListener('message', () => void this.#inTurn(() => this.#follow()));
  }

  dispose(): void {
    this.#tabs?.close();
  }

  load(): Promise<void> {
    return this.#inTurn(() => this.#load());
  }

  /** Counts again what photos and results take. Call it when a result was kept. */
  measure(): Promise<void> {
    return this.#inTurn(() => this.#measure());
  }

  /** Takes a photo out of the list that was queued and could not be made. */
  async drop(input: ConvertInput): Promise<void> {
    const id = await idOf(input);
    await this.#inTurn(async () => {
      const photo = this.list.find((each) => each.id === id);
      if (!photo?.isUnmade) return;
      this.list = this.list.filter((each) => each !== photo);
      await this.#try((store) => del(id, store));
      await this.#measure();
      this.#tell();
    });
  }

  /** Puts a photo at the top of the list. @returns its id; undefined where nothing is kept. */
  async keep(photo: OpenPhoto): Promise<string | undefined> {
    let id: string | undefined;
    await this.#inTurn(async () => void (id = await this.#keep(photo)));
    return id;
  }

  /** Puts a 3D file of another program at the top of the list, unless other files belong to it. @param canvas its picture, just drawn. */
  async keepOther3d({ title, file }: Pick<Other3d, 'title' | 'file'>, canvas: HTMLCanvasElement): Promise<void> {
    if (!file || file.size > MOST_OTHER_BYTES) return;
    const { width, height } = fitInto(canvas.width, canvas.height, THUMBNAIL_PX);
    // Its pixels are there until the browser has shown them.
    const picture = createImageBitmap(canvas, { resizeWidth: width, resizeHeight: height });
    await this.#inTurn(async () => {
      await this.#try(async (store) => {
        const input = { photo: file };
        const [id, thumbnail] = await Promise.all([idOf(input), picture.then(bitmapBlob)]);
        const photo: RecentPhoto = { id, title, input, settings: {}, isOther3d: true, thumbnail, usedAt: Date.now() };
        await this.#put(photo, store);
        const isKnown = this.list.some((each) => each.id === id);
        this.list = isKnown ? this.list.map((each) => (each.id === id ? photo : each)) : [photo, ...this.list];
        await this.#makeRoom(store);
        await this.#measure();
        this.#tell();
      });
    });
  }

  /** Puts photos at the top of the list that were not made yet, in their order. */
  async queue(photos: readonly UnmadePhoto[]): Promise<Queued> {
    let queued: Queued = { kept: [], unreadable: [] };
    await this.#inTurn(async () => void (queued = await this.#queue(photos)));
    return queued;
  }

  /** Takes a photo out of the list; until `finish` it can be put back, with all that was made of it. */
  remove(photo: RecentPhoto): Promise<Removal> {
    return this.#removeAll([photo]);
  }

  /** Takes all photos out of the list; until `finish` they can be put back. */
  clear(): Promise<Removal> {
    return this.#removeAll(this.list);
  }

  /** One thing after the other: what is removed must not come back by a keep that was still under way. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #load(): Promise<void> {
    await this.#try(async (store) => {
      const all = await Promise.all((await readPhotos(store)).map(([key, photo]) => this.#known(key, photo, store)));
      const gone = all.filter(({ id, removed }) => removed && !this.#removed.has(id) && Date.now() - removed > REMOVED_MS);
      this.list = all.filter(({ removed }) => !removed).sort((a, b) => b.usedAt - a.usedAt);
      if (gone.length) await this.#forget(gone, store);
    });
    await this.#measure();
  }

  /** What another tab has changed: what is here keeps its place, what is new comes on top. */
  async #follow(): Promise<void> {
    await this.#try(async (store) => {
      const kept = new Map((await readPhotos(store)).filter(([, { removed }]) => !removed));
      const here = this.list.filter(({ id }) => kept.has(id));
      const fresh = [...kept.values()].filter(({ id }) => !here.some((each) => each.id === id)).sort((a, b) => b.usedAt - a.usedAt);
      // Files that are open here stay the same objects.
      this.list = [...fresh, ...here.map((photo) => ({ ...kept.get(photo.id)!, input: photo.input }))];
    });
    await this.#measure();
  }

  #tell(): void {
    this.#tabs?.postMessage('changed');
  }

  /** Names and sizes were the keys once, under which one photo hid another. */
  async #known(key: string, photo: RecentPhoto, store: UseStore): Promise<RecentPhoto> {
    if (HASHED.test(key)) return photo;
    const known = { ...photo, id: await idOf(photo.input) };
    await writePhoto(known, store);
    await del(key, store);
    return known;
  }

  async #measure(): Promise<void> {
    this.changed();
    const hashes = new Set(this.list.map(({ id }) => photoHashOf(id)));
    const results = (await this.#results.list()).filter(({ photoHash }) => photoHash !== undefined && hashes.has(photoHash));
    this.sizeBytes = this.#filesBytes() + results.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    this.changed();
  }

  async #keep({ title, input, settings, hasDepthInside, scene }: OpenPhoto): Promise<string | undefined> {
    return this.#try(async (store) => {
      const bitmap = await sceneThumbnail(scene, THUMBNAIL_PX);
      if (!bitmap) return undefined;
      const photo: RecentPhoto = {
        id: await idOf(input),
        title,
        input,
        settings,
        hasDepthInside,
        thumbnail: await bitmapBlob(bitmap),
        usedAt: Date.now(),
      };
      await this.#put(photo, store);
      // What is in the list keeps its place until the next visit: nothing moves under a finger.
      const old = this.list.find((each) => each.id === photo.id) ?? this.#bare(photo);
      this.list = old ? this.list.map((each) => (each === old ? photo : each)) : [photo, ...this.list];
      if (old && old.id !== photo.id) await del(old.id, store);
      await this.#makeRoom(store);
      await this.#measure();
      this.#tell();
      return photo.id;
    });
  }

  /** A photo without a map, which now has one, is the same photo. With another map it is not: nothing that a person gave is lost. */
  #bare({ id, input }: Pick<RecentPhoto, 'id' | 'input'>): RecentPhoto | undefined {
    return input.map && this.list.find((each) => each.id === photoHashOf(id));
  }

  async #queue(photos: readonly UnmadePhoto[]): Promise<Queued> {
    const unreadable: UnmadePhoto[] = [];
    const kept = await this.#try(async (store) => {
      const now = Date.now();
      const ids: string[] = [];
      let above: string | undefined;
      for (const [index, unmade] of photos.entries()) {
        const { title, input } = unmade;
        const id = await idOf(input);
        ids.push(id);
        // A photo that is in the list without its map gets it there once it is made.
        if (this.list.some((each) => each.id === id) || this.#bare({ id, input })) continue;
        const thumbnail = await photoThumbnail(input.photo, THUMBNAIL_PX);
        if (!thumbnail) {
          unreadable.push(unmade);
          continue;
        }
        const photo: RecentPhoto = { id, title, input, settings: {}, isUnmade: true, thumbnail, usedAt: now - index };
        await this.#put(photo, store);
        const at = this.list.findIndex((each) => each.id === above) + 1;
        this.list = this.list.toSpliced(at, 0, photo);
        above = id;
        this.changed();
      }
      await this.#makeRoom(store);
      await this.#measure();
      this.#tell();
      return photos.filter((_, index) => this.list.some((each) => each.id === ids[index]));
    });
    return { kept: kept ?? [], unreadable };
  }

  /** What is put in again is no longer removed. */
  async #put(photo: RecentPhoto, store: UseStore): Promise<void> {
    this.#removed.delete(photo.id);
    await writePhoto(photo, store);
  }

  async #removeAll(photos: readonly RecentPhoto[]): Promise<Removal> {
    const before = this.list;
    this.list = this.list.filter((photo) => !photos.includes(photo));
    for (const { id } of photos) this.#removed.add(id);
    this.changed();
    await this.#inTurn(async () => {
      // A keep or an Undo that was still under way may have put them in again.
      for (const { id } of photos) this.#removed.add(id);
      await this.#try(async (store) => {
        for (const photo of photos) await writePhoto({ ...photo, removed: Date.now() }, store);
      });
      await this.#measure();
      this.#tell();
    });
    const pending = (): RecentPhoto[] => photos.filter(({ id }) => this.#removed.has(id));
    return {
      undo: () =>
        this.#inTurn(async () => {
          const back = pending();
          this.list = [
            ...this.list.filter((photo) => !before.some(({ id }) => id === photo.id)),
            ...before.filter(({ id }) => back.some((each) => each.id === id) || this.list.some((each) => each.id === id)),
          ];
          this.changed();
          await this.#try(async (store) => {
            for (const photo of back) await this.#put(photo, store);
          });
          await this.#measure();
          this.#tell();
        }),
      finish: () =>
        this.#inTurn(async () => {
          const gone = pending();
          await this.#try((store) => this.#forget(gone, store));
          await this.#measure();
          this.#tell();
        }),
    };
  }

  /** Gives up photos for good, and whatever was made of them, with their maps or others; without any photo nothing at all is kept. */
  async #forget(photos: readonly RecentPhoto[], store: UseStore): Promise<void> {
    if (!photos.length) return;
    for (const { id } of photos) this.#removed.delete(id);
    await Promise.all(photos.map(({ id }) => del(id, store)));
    if (!this.list.length && !this.#removed.size) {
      await clear(store);
      return this.#results.clear();
    }
    const hashes = new Set(photos.map(({ id }) => photoHashOf(id)));
    const results = await this.#results.list();
    await Promise.all(
      results.filter(({ photoHash }) => photoHash !== undefined && hashes.has(photoHash)).map(({ key }) => this.#results.remove(key)),
    );
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

  /** Where the browser grants no storage, or no more, the list stays as it is, and everything else works. */
  async #try<T>(task: (store: UseStore) => Promise<T>): Promise<T | undefined> {
    try {
      this.#store ??= createStore('unflat-recent', 'photos');
      return await task(this.#store);
    } catch (error) {
      this.#store = undefined;
      this.#results.warnIfFull(error);
      return undefined;
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

const hashes = new WeakMap<NonNullable<ConvertInput['photo']>, Promise<string>>();

/** Each file is read once, however often it is asked about. */
function hashOf(file: ConvertInput['photo']): Promise<string> {
  const known =
    hashes.get(file) ?? (file instanceof Blob ? file.arrayBuffer().then((buffer) => sha256(new Uint8Array(buffer))) : sha256(file.bytes));
  hashes.set(file, known);
  return known;
}

/** One photo with one map, however often it is opened and whatever its name is: the hash of the photo, and of its map. */
export async function idOf({ photo, map }: ConvertInput): Promise<string> {
  const [photoHash, mapHash] = await Promise.all([hashOf(photo), map ? hashOf(map) : '']);
  return mapHash ? `${photoHash}-${mapHash}` : photoHash;
}

/** The part of an id that speaks of the photo. */
function photoHashOf(id: string): string {
  return id.slice(0, HASH_LENGTH);
}

/** Whether both are the same files; what was opened from the list is. */
export function isSameInput(a: ConvertInput, b: ConvertInput): boolean {
  return a.photo === b.photo && a.map === b.map;
}
