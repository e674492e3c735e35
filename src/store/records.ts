import { delMany, getMany, keys, setMany, type UseStore } from 'idb-keyval';
import { answersWithin } from './answers-within.ts';
import { openStore } from './open-store.ts';

/** Records by name; each call is one transaction. */
export interface Records {
  /** False where they last for this visit only. */
  readonly lasting: boolean;
  keys(): Promise<string[]>;
  getMany(names: string[]): Promise<unknown[]>;
  setMany(entries: [string, unknown][]): Promise<void>;
  delMany(names: string[]): Promise<void>;
}

/** A database that does not answer (another window upgrades it, a broken profile) must not hold up anything for longer. */
const PATIENCE_MS = 5000;

/** Records in a database of that name, or in memory where the browser grants none. */
export async function openRecords(name: string): Promise<Records> {
  try {
    const store = openStore(name);
    await answersWithin(PATIENCE_MS, store);
    await triesBlob(store);
    return new KeptRecords(store);
  } catch {
    return new PassingRecords();
  }
}

/** Some private windows have a database that takes everything but Blobs. */
async function triesBlob(store: UseStore): Promise<void> {
  await setMany([['try:', new Blob(['x'])]], store);
  await delMany(['try:'], store);
}

class KeptRecords implements Records {
  readonly lasting = true;
  readonly #store: UseStore;

  constructor(store: UseStore) {
    this.#store = store;
  }

  keys(): Promise<string[]> {
    return keys<string>(this.#store);
  }

  getMany(names: string[]): Promise<unknown[]> {
    return getMany<unknown>(names, this.#store);
  }

  setMany(entries: [string, unknown][]): Promise<void> {
    return setMany(entries, this.#store);
  }

  delMany(names: string[]): Promise<void> {
    return delMany(names, this.#store);
  }
}

class PassingRecords implements Records {
  readonly lasting = false;
  readonly #records = new Map<string, unknown>();

  keys(): Promise<string[]> {
    return Promise.resolve([...this.#records.keys()]);
  }

  getMany(names: string[]): Promise<unknown[]> {
    return Promise.resolve(names.map((name) => structuredCloneOfPlain(this.#records.get(name))));
  }

  setMany(entries: [string, unknown][]): Promise<void> {
    for (const [name, value] of entries) this.#records.set(name, structuredCloneOfPlain(value));
    return Promise.resolve();
  }

  delMany(names: string[]): Promise<void> {
    for (const name of names) this.#records.delete(name);
    return Promise.resolve();
  }
}

/** As a database would: who changes what he got does not change what is kept. Blobs never change. */
function structuredCloneOfPlain(value: unknown): unknown {
  return value instanceof Blob ? value : structuredClone(value);
}
