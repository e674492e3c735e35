/** Storage that may refuse: private windows, blocked cookies. */
type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** A photo that is being made, as it is noted down. */
export interface Work {
  title: string;
  /** The page that works on it. */
  page: string;
}

const WORK = 'unflat-under-way';
const LAST = 'unflat-last-open';
/** Name of the lock that a page holds as long as it lives, before its own mark. */
const ALIVE = 'unflat-page-';

/**
 * What was open last, and a note of the photo that is being worked on. A note whose page is gone means that the page ended in the middle
 * of that work, most likely because the device ran out of memory: the same work must not start again by itself.
 */
export class UnderWay {
  readonly #storage: Kept | undefined;
  readonly #page = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  readonly #locks: LockManager | undefined;

  constructor(storage: Kept | undefined = storageOf(), locks: LockManager | undefined = globalThis.navigator?.locks) {
    this.#storage = storage;
    this.#locks = locks;
    void locks?.request(ALIVE + this.#page, { mode: 'shared' }, () => new Promise<never>(() => {}))?.catch(() => undefined);
  }

  /** Id of the sample or photo that was open last. */
  get lastOpen(): string | undefined {
    return this.#try((storage) => storage.getItem(LAST) ?? undefined);
  }

  set lastOpen(id: string | undefined) {
    this.#try((storage) => (id === undefined ? storage.removeItem(LAST) : storage.setItem(LAST, id)));
  }

  /** Notes that this photo is worked on. */
  begin(title: string): void {
    this.#try((storage) => storage.setItem(WORK, JSON.stringify({ title, page: this.#page } satisfies Work)));
  }

  /** The work is done, given up, or its page was left in good order. */
  end(): void {
    if (this.#note()?.page === this.#page) this.#try((storage) => storage.removeItem(WORK));
  }

  /** Title of the photo in the middle of which a page ended, once; undefined where none did. */
  async broken(): Promise<string | undefined> {
    const note = this.#note();
    if (!note || note.page === this.#page) return undefined;
    const held = await this.#locks?.query().then(
      (locks) => locks.held,
      () => undefined,
    );
    if (held?.some(({ name }) => name === ALIVE + note.page)) return undefined;
    this.#try((storage) => storage.removeItem(WORK));
    return note.title;
  }

  #note(): Work | undefined {
    const note = this.#try((storage) => JSON.parse(storage.getItem(WORK) ?? 'null') as Partial<Work> | null);
    return typeof note?.title === 'string' && typeof note.page === 'string' ? { title: note.title, page: note.page } : undefined;
  }

  #try<T>(task: (storage: Kept) => T): T | undefined {
    try {
      return this.#storage && task(this.#storage);
    } catch {
      return undefined;
    }
  }
}

function storageOf(): Kept | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
