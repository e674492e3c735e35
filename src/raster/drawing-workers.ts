import { UnflatError, fromWire, nextTask, type Camera } from '../core/index.ts';
import type { DrawnScene } from './prepare-scene.ts';
import { LAYER_ARRAYS, arrayLike, bytesOf, withArrays, type SceneArray } from './with-arrays.ts';
import type { FromBands, ToBands } from './answer-bands.ts';

/** A picture is drawn in so many bands, a worker each: more of them would each keep the whole scene. */
const MOST_WORKERS = 2;
/** A scene goes to the workers in pieces of so many bytes, this many under way: the page copies one in about a millisecond. */
const PIECE_BYTES = 2 ** 21;
const PIECES = 2;

/** Its program is missing, or the page's rules keep it out. */
const NOT_STARTED = 'could not be started';

/** Rows of a picture. */
export interface Band {
  /** First row. */
  y: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** A scene that is open in the workers. */
export interface OpenScene {
  /** Bytes that it takes in all of them. */
  readonly bytes: number;
  /** Draws a picture, one at a time. The bands are the caller's until the next picture is there. @throws UnflatError `graphics-unavailable`. */
  draw(camera: Camera): Promise<Band[]>;
  /** Gives its memory back. Idempotent. */
  close(): void;
}

interface Asked {
  resolve(answer: FromBands): void;
  reject(error: unknown): void;
}

/** What a message says besides its id. */
type Message = ToBands extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never;

/** The workers of a page that draw pictures to be looked at: each has all the scenes that are open, and draws a band of each picture. */
export class DrawingWorkers {
  readonly #createWorker: () => Worker;
  readonly #count: number;
  readonly #asked = new Map<number, Asked>();
  #workers: Worker[] = [];
  /** Why the last workers ended. */
  #ended: UnflatError | undefined;
  /** Their program is not where it should be, or may not run: it is not asked for again. */
  #isUnavailable = false;
  #next = 1;

  /** @param createWorker starts a worker that calls `serveRaster`. @param count default 2, or 1 where there is one core. */
  constructor(createWorker: () => Worker, count = Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1)) {
    this.#createWorker = createWorker;
    this.#count = count;
  }

  /**
   * Starts the workers, where they are not: their program is here then, also when the connection is gone.
   * @throws UnflatError `graphics-unavailable`.
   */
  start(): void {
    if (this.#isUnavailable && this.#ended) throw this.#ended;
    for (let n = this.#workers.length; n < this.#count; n++) {
      let worker: Worker;
      try {
        worker = this.#createWorker();
      } catch (cause) {
        const error = this.#failure(n, NOT_STARTED, cause);
        this.#ended = error;
        this.#end(error);
        this.#isUnavailable = true;
        throw error;
      }
      let hasAnswered = false;
      worker.onmessage = ({ data }: MessageEvent<FromBands>) => {
        hasAnswered = true;
        this.#receive(n, data);
      };
      worker.onerror = (event) => {
        event.preventDefault?.();
        this.#isUnavailable ||= !hasAnswered;
        this.#end(this.#failure(n, hasAnswered ? 'stopped unexpectedly' : NOT_STARTED, event.message));
      };
      worker.onmessageerror = () => this.#end(this.#failure(n, 'stopped unexpectedly', 'a message could not be read'));
      this.#workers.push(worker);
    }
  }

  /**
   * Takes a scene to the workers and gets it ready there. The page copies small pieces, one a task, into memory that it uses again.
   * @param isLate asked between the pieces; once true, the scene is closed.
   * @returns undefined where it is late.
   * @throws UnflatError `graphics-unavailable` that says which worker failed, and what to do, or `image-too-large`.
   */
  async open(scene: DrawnScene, isLate: () => boolean): Promise<OpenScene | undefined> {
    this.start();
    const workers = this.#workers;
    const number = this.#next++;
    let isClosed = false;
    const close = (): void => {
      if (!isClosed && workers === this.#workers)
        for (const worker of workers) worker.postMessage({ id: 0, type: 'close', scene: number } satisfies ToBands);
      isClosed = true;
    };
    const isGone = (): boolean => isLate() || workers !== this.#workers;
    try {
      if (globalThis.crossOriginIsolated) await this.#share(scene, number, isGone);
      else await this.#send(scene, number, isGone);
      const answers = isGone() ? [] : await this.#askAll({ type: 'prepare', scene: number });
      if (isLate()) {
        close();
        return undefined;
      }
      if (isGone()) throw this.#ended ?? this.#failure(0, 'stopped unexpectedly', '');
      const bytes = answers.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
      return this.#opened(number, bytes, close, () => workers === this.#workers);
    } catch (error) {
      close();
      throw error;
    }
  }

  #opened(number: number, bytes: number, close: () => void, isThere: () => boolean): OpenScene {
    /** Each worker's part of the rows: such that all are done at the same time. */
    let shares = Array.from({ length: this.#count }, () => 1 / this.#count);
    // The last picture is put on the page while the next one is drawn, in the memory of the one before.
    let last: ArrayBuffer[] = [];
    let spare: ArrayBuffer[] = [];
    return {
      bytes,
      close,
      draw: async (camera) => {
        if (!isThere() && this.#ended) throw this.#ended;
        const rows = rowsOf(camera.height, shares);
        const memory = spare;
        spare = last;
        last = [];
        let y = 0;
        const asked = rows.map((height, n): Promise<Band & { ms: number }> => {
          const from = y;
          y += height;
          const out = memory[n];
          const band = { ...camera, height, cy: camera.cy - from };
          return this.#ask(n, { type: 'band', scene: number, camera: band, ...(out && { out }) }, out ? [out] : []).then(
            ({ rgba, ms = 0 }) => ({ y: from, height, rgba: rgba!, ms }),
          );
        });
        const bands = await Promise.all(asked);
        last = bands.map(({ rgba }) => rgba.buffer);
        shares = balanced(
          shares,
          bands.map(({ ms, height }) => ms / height),
        );
        return bands;
      },
    };
  }

  /** Memory that threads share is filled once, for all of them. */
  async #share(scene: DrawnScene, number: number, isGone: () => boolean): Promise<void> {
    const pairs: [from: Uint8Array, to: Uint8Array][] = [];
    const shell = withArrays(scene, (array) => {
      const shared = arrayLike(array, array.length, true);
      pairs.push([bytesOf(array), bytesOf(shared)]);
      return shared;
    });
    for (const [from, to] of pairs) {
      for (let at = 0; at < from.length; at += PIECE_BYTES) {
        if (isGone()) return;
        to.set(from.subarray(at, at + PIECE_BYTES), at);
        await nextTask();
      }
    }
    await this.#askAll({ type: 'open', scene: number, shell });
  }

  /**
   * Each piece goes from worker to worker, and its memory comes back to be filled with the next: the page makes no garbage. A layer is made
   * ready before the next one comes, so that no worker holds the whole scene.
   */
  async #send(scene: DrawnScene, number: number, isGone: () => boolean): Promise<void> {
    const arrays: SceneArray[] = [];
    const shell = withArrays(scene, (array) => {
      arrays.push(array);
      return arrayLike(array, 0);
    });
    await this.#askAll({ type: 'open', scene: number, shell, lengths: arrays.map(({ length }) => length) });
    const free = Array.from({ length: PIECES }, () => new ArrayBuffer(PIECE_BYTES));
    const carry = async (pieces: Iterable<Piece>): Promise<void> => {
      let buffer = free.pop() ?? new ArrayBuffer(PIECE_BYTES);
      for (const { array, at, bytes } of pieces) {
        new Uint8Array(buffer).set(bytes);
        for (let n = 0; n < this.#count; n++) {
          const piece = { type: 'piece', scene: number, array, at, buffer, size: bytes.length } as const;
          const answer = await this.#ask(n, piece, [buffer]);
          if (isGone() || !answer.buffer) return;
          buffer = answer.buffer;
        }
      }
      free.push(buffer);
    };
    const first = arrays.length - LAYER_ARRAYS * scene.layers.length;
    for (let at = 0, to = first; at < arrays.length; at = to, to += LAYER_ARRAYS) {
      const pieces = piecesOf(arrays, at, to);
      await Promise.all(Array.from({ length: PIECES }, () => carry(pieces)));
      if (isGone()) return;
      if (to > first) await this.#askAll({ type: 'prepare', scene: number, layers: (to - first) / LAYER_ARRAYS });
    }
  }

  #askAll(message: Message): Promise<FromBands[]> {
    return Promise.all(this.#workers.map((_, n) => this.#ask(n, message)));
  }

  #ask(n: number, message: Message, transfer: Transferable[] = []): Promise<FromBands> {
    const worker = this.#workers[n];
    if (!worker) return Promise.reject(this.#ended ?? this.#failure(n, 'stopped unexpectedly', ''));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      worker.postMessage({ id, ...message }, transfer);
    });
  }

  #receive(n: number, answer: FromBands): void {
    const asked = this.#asked.get(answer.id);
    this.#asked.delete(answer.id);
    if (answer.error) {
      const error = fromWire(answer.error);
      // What the photo itself is to blame for needs no more words.
      const isOfPhoto = error instanceof UnflatError && error.code === 'image-too-large';
      asked?.reject(isOfPhoto ? error : this.#failure(n, 'failed', error));
    }
    asked?.resolve(answer);
  }

  /** What is open is lost; the next scene gets new workers. */
  #end(reason: UnflatError): void {
    if (this.#workers.length === 0) return;
    this.#ended = reason;
    for (const worker of this.#workers) worker.terminate();
    this.#workers = [];
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(reason);
  }

  #failure(n: number, what: string, why: unknown): UnflatError {
    const words = why instanceof Error ? why.message : typeof why === 'string' ? why : '';
    const reason = words === '' ? '' : ` (${words})`;
    const remedy =
      what === NOT_STARTED ? 'Check the connection and reload the page' : 'Close other tabs that need much memory, or reload the page';
    return new UnflatError(
      'graphics-unavailable',
      `Drawing worker ${n + 1} of ${this.#count} of the software renderer ${what}${reason}. ${remedy}.`,
      { cause: why },
    );
  }
}

interface Piece {
  array: number;
  at: number;
  bytes: Uint8Array;
}

/** The bytes of the arrays `from ≤ n < to`, in pieces. */
function* piecesOf(arrays: readonly SceneArray[], from: number, to: number): Generator<Piece> {
  for (let array = from; array < to; array++) {
    const bytes = bytesOf(arrays[array]!);
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield { array, at, bytes: bytes.subarray(at, at + PIECE_BYTES) };
  }
}

/** Rows of each band, at least one each; fewer bands where there are not so many. */
function rowsOf(height: number, shares: readonly number[]): number[] {
  const count = Math.min(shares.length, height);
  const rows: number[] = [];
  let rest = height;
  for (let n = 0; n < count; n++) {
    const after = count - 1 - n;
    const wanted = after === 0 ? rest : Math.round(height * shares[n]!);
    rows.push(Math.max(1, Math.min(rest - after, wanted)));
    rest -= rows[n]!;
  }
  return rows;
}

/** Shares of the rows by which all bands would have taken the same time, halfway there: one slow picture is no reason to change much. */
function balanced(shares: readonly number[], msPerRow: readonly number[]): number[] {
  if (msPerRow.length < shares.length || msPerRow.some((ms) => !(ms > 0))) return [...shares];
  const speeds = msPerRow.map((ms) => 1 / ms);
  const all = speeds.reduce((sum, speed) => sum + speed, 0);
  return shares.map((share, n) => (share + speeds[n]! / all) / 2);
}
