import { delMany, getMany, keys, set, setMany, type UseStore } from 'idb-keyval';
import { answersWithin } from './answers-within.ts';
import { checksum } from '../download/index.ts';
import { openStore } from './open-store.ts';
import { isFull } from './make-room.ts';

export interface BlobStoreOptions {
  /** Name of the database; one a namespace, so that namespaces cannot harm each other. */
  name: string;
  /** Version of the content's format; records of another version count as absent. */
  version: number;
  /** Most bytes that all records together may take. */
  budgetBytes: number;
  /** Told once, for people, when nothing can be kept. */
  onWarning?: (message: string) => void;
}

export interface BlobEntry<M> {
  key: string;
  sizeBytes: number;
  /** Milliseconds since 1970. */
  usedAt: number;
  meta: M;
}

interface EntryRecord<M> {
  version: number;
  sizeBytes: number;
  checksum: number;
  usedAt: number;
  meta: M;
}

const ENTRY = 'entry:';
const DATA = 'data:';
/** A database that does not answer (another window upgrades it, a broken profile) must not hold up a conversion. */
const PATIENCE_MS = 2000;
/** Share of what the browser grants to this origin that one namespace may fill. */
const QUOTA_SHARE = 0.2;

/**
 * Large records in IndexedDB: each as a Blob (quicker than buffers; where Blobs are refused, its bytes) beside a small entry with its length and checksum.
 * The records unused for longest go when the budget is full. Without IndexedDB every call answers as if the store were empty.
 */
export class BlobStore<M> {
  readonly #options: BlobStoreOptions;
  #store: UseStore | undefined;
  #broken = false;
  #warned = false;
  /** Some private windows have a database that takes everything but Blobs. */
  #takesBlobs = true;

  constructor(options: BlobStoreOptions) {
    this.#options = options;
  }

  /** The record's bytes; undefined when absent. A damaged record is removed. */
  async get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#try(async (store) => {
      const [entry, data] = (await getMany<unknown>([ENTRY + key, DATA + key], store)) as [
        EntryRecord<M> | undefined,
        Blob | Uint8Array<ArrayBuffer> | undefined,
      ];
      if (!entry && !data) return undefined;
      const bytes = entry && entry.version === this.#options.version ? await readData(data) : undefined;
      if (!entry || !bytes || bytes.byteLength !== entry.sizeBytes || checksum(bytes) !== entry.checksum) {
        await delMany([ENTRY + key, DATA + key], store);
        return undefined;
      }
      // Nobody waits for the note of its use.
      void this.#try((again) => set(ENTRY + key, { ...entry, usedAt: Date.now() }, again));
      return bytes;
    });
  }

  /** @returns whether the record was kept. */
  async put(key: string, bytes: Uint8Array<ArrayBuffer>, meta: M): Promise<boolean> {
    const sizeBytes = bytes.byteLength;
    const entry: EntryRecord<M> = { version: this.#options.version, sizeBytes, checksum: checksum(bytes), usedAt: Date.now(), meta };
    const kept = await this.#try(async (store) => {
      const budget = await this.#budget();
      if (sizeBytes > budget) {
        // What the caller allows is the caller's own choice; a browser that grants less is news.
        if (budget < this.#options.budgetBytes) this.#tell(FULL);
        return false;
      }
      const write = (): Promise<void> => this.#write(key, entry, bytes, store);
      await this.#makeRoom(store, budget - sizeBytes, key);
      try {
        await write();
      } catch (error) {
        if (!isFull(error)) throw error;
        // The browser's own limit lies lower than our budget: give up all older records before giving up this one.
        await this.#makeRoom(store, 0, key);
        await write();
      }
      return true;
    });
    return kept ?? false;
  }

  async #write(key: string, entry: EntryRecord<M>, bytes: Uint8Array<ArrayBuffer>, store: UseStore): Promise<void> {
    const write = (data: Blob | Uint8Array): Promise<void> =>
      setMany(
        [
          [ENTRY + key, entry],
          [DATA + key, data],
        ],
        store,
      );
    if (!this.#takesBlobs) return write(bytes);
    try {
      await write(new Blob([bytes]));
    } catch (error) {
      if (isFull(error)) throw error;
      await write(bytes);
      this.#takesBlobs = false;
    }
  }

  /** All records, the last used first. */
  async list(): Promise<BlobEntry<M>[]> {
    return (await this.#try((store) => this.#entries(store))) ?? [];
  }

  async remove(key: string): Promise<void> {
    await this.#try((store) => delMany([ENTRY + key, DATA + key], store));
  }

  async clear(): Promise<void> {
    await this.#try(async (store) => delMany(await keys(store), store));
  }

  async #entries(store: UseStore): Promise<(BlobEntry<M> & { version: number })[]> {
    const names = (await keys<string>(store)).filter((name) => name.startsWith(ENTRY));
    const records = await getMany<EntryRecord<M> | undefined>(names, store);
    return records
      .flatMap((record, i) =>
        record
          ? [
              {
                key: names[i]!.slice(ENTRY.length),
                sizeBytes: record.sizeBytes,
                usedAt: record.usedAt,
                meta: record.meta,
                version: record.version,
              },
            ]
          : [],
      )
      .sort((a, b) => b.usedAt - a.usedAt);
  }

  /** Removes the records that nothing can read any more, and those unused for longest until the others (`key` aside, which is replaced) fit into `bytes`. */
  async #makeRoom(store: UseStore, bytes: number, key: string): Promise<void> {
    let left = bytes;
    const gone: string[] = [];
    for (const entry of await this.#entries(store)) {
      if (entry.key === key) continue;
      const isOfUse = entry.version === this.#options.version;
      if (isOfUse) left -= entry.sizeBytes;
      if (!isOfUse || left < 0) gone.push(ENTRY + entry.key, DATA + entry.key);
    }
    if (gone.length) await delMany(gone, store);
  }

  async #budget(): Promise<number> {
    const { quota } = (await globalThis.navigator?.storage?.estimate?.().catch(() => undefined)) ?? {};
    return Math.min(this.#options.budgetBytes, quota === undefined ? Infinity : quota * QUOTA_SHARE);
  }

  /** Runs a task on the database; whatever the database does, the answer is at worst "nothing". */
  async #try<T>(task: (store: UseStore) => Promise<T>): Promise<T | undefined> {
    if (this.#broken) return undefined;
    try {
      return await task(await this.#open());
    } catch (error) {
      this.#warn(error);
      return undefined;
    }
  }

  async #open(): Promise<UseStore> {
    if (!this.#store) {
      const store = openStore(this.#options.name);
      await answersWithin(PATIENCE_MS, store);
      this.#store = store;
    }
    return this.#store;
  }

  #warn(error: unknown): void {
    // A full disk may have room again later; a database that cannot be opened will not get better.
    this.#broken = !isFull(error);
    this.#tell(unkeptWords(error));
  }

  #tell(words: string): void {
    if (!this.#warned) this.#options.onWarning?.(words);
    this.#warned = true;
  }
}

const FULL =
  'The browser’s storage is full: photos and results are not kept, and everything else works. Remove photos or models that you no longer need, or free some disk space, and open the photo again.';

/** Why nothing was kept, for people, and what to do about it. */
export function unkeptWords(error: unknown): string {
  return isFull(error) ? FULL : 'This browser or window grants no storage: photos and results are not kept, and everything else works.';
}

async function readData(data: Blob | Uint8Array<ArrayBuffer> | undefined): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!(data instanceof Blob)) return data;
  // A Blob whose file was lost behind the database's back rejects when read.
  return data.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    () => undefined,
  );
}
