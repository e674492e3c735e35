import { UnflatError, fromWire, type Progress } from '../core/index.ts';
import type { FromWorker, Request, ToWorker } from './messages.ts';

/** The part of a Worker that the link uses; tests pass a MessagePort. */
export interface WorkerLike {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror?: ((event: MessageEvent) => void) | null;
}

export interface RequestHooks {
  signal?: AbortSignal;
  onProgress?(progress: Progress): void;
  onWarning?(message: string): void;
  /** What can be used before the result is there. */
  onEarly?(value: unknown): void;
}

export interface WorkerLinkOptions {
  createWorker(): WorkerLike;
  /** A way to the networks for a new worker, which ends with it. */
  connectInference?(ended: AbortSignal): MessagePort | undefined;
  /** What the worker met with the store. */
  onStorageWarning(message: string): void;
  /** Whether what the worker holds is wanted by what was asked since. */
  isWorthWaiting(): boolean;
}

interface Pending extends RequestHooks {
  /** Composes the message anew, as a fresh worker holds none of the files of the old one. */
  compose(): Request;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** A worker that does not even take note of an abort within this time is in a long loop: it is replaced. */
const DEAF_MS = 300;
/** It is waited for this long where starting anew would take longer than its loop may. */
const PATIENT_MS = 2000;
/** A plugin that takes note of an abort but goes on working is stopped by force after this time. */
const STUBBORN_MS = 3000;

const NOT_STARTED = 'The part that converts photos could not be started. Check the connection and reload the page.';

/** Requests to a worker that is started when first needed and replaced when it hangs or dies. */
export class WorkerLink {
  /** Goes up with every new worker: what was known of the old one's memory is void. */
  generation = 0;
  readonly #options: WorkerLinkOptions;
  readonly #pending = new Map<number, Pending>();
  /** Cancelled requests that the worker has not given up yet. */
  readonly #dying = new Map<number, ReturnType<typeof setTimeout> | undefined>();
  #worker: WorkerLike | undefined;
  #ended = new AbortController();
  #ready = false;
  #nextId = 1;

  constructor(options: WorkerLinkOptions) {
    this.#options = options;
  }

  /** Rejects with `signal.reason` the moment the signal aborts, whatever the worker does. */
  request<T>(compose: () => Request, hooks: RequestHooks = {}): Promise<T> {
    const { signal } = hooks;
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const onAbort = (): void => {
        this.#pending.delete(id);
        this.#cancel(id);
        reject(signal?.reason);
      };
      const settle = (): void => {
        this.#pending.delete(id);
        signal?.removeEventListener('abort', onAbort);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.set(id, {
        ...hooks,
        compose,
        resolve: (value) => (settle(), resolve(value as T)),
        reject: (reason) => (settle(), reject(reason)),
      });
      this.#post(id);
    });
  }

  /** Stops the worker; what was asked of it is rejected with `reason`. */
  dispose(reason: unknown): void {
    this.#stop();
    for (const pending of [...this.#pending.values()]) pending.reject(reason);
  }

  #post(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    try {
      this.#send({ ...pending.compose(), id });
    } catch (error) {
      pending.reject(error);
    }
  }

  #send(message: ToWorker): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): WorkerLike {
    let worker: WorkerLike;
    try {
      worker = this.#options.createWorker();
    } catch (cause) {
      throw new UnflatError('io', NOT_STARTED, { cause });
    }
    worker.onmessage = (event) => this.#receive(event.data as FromWorker);
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#fail(event.message);
    };
    worker.onmessageerror = () => this.#fail('a message could not be read');
    const port = this.#options.connectInference?.(this.#ended.signal);
    if (port) worker.postMessage({ type: 'inference', port } satisfies ToWorker, [port]);
    return worker;
  }

  #receive(message: FromWorker): void {
    if (message.type === 'ready') {
      this.#ready = true;
      for (const id of this.#dying.keys()) this.#expectNote(id);
      return;
    }
    if (message.type === 'storage-warning') return this.#options.onStorageWarning(message.message);
    const pending = this.#pending.get(message.id);
    if (message.type === 'progress') return pending?.onProgress?.(message.progress);
    if (message.type === 'warning') return pending?.onWarning?.(message.message);
    if (message.type === 'early') return pending?.onEarly?.(message.value);
    if (message.type === 'aborting') {
      if (this.#dying.has(message.id)) this.#expect(message.id, STUBBORN_MS, () => this.#restart());
      return;
    }
    clearTimeout(this.#dying.get(message.id));
    this.#dying.delete(message.id);
    if (message.type === 'error') pending?.reject(fromWire(message.error));
    else pending?.resolve(message.value);
  }

  #cancel(id: number): void {
    if (!this.#worker) return;
    this.#dying.set(id, undefined);
    this.#worker.postMessage({ type: 'abort', id } satisfies ToWorker);
    // A worker that is still loading is not deaf; its time counts from `ready`.
    if (this.#ready) this.#expectNote(id);
  }

  /** The worker has to take note of the abort, or it is replaced. */
  #expectNote(id: number, waitedMs = 0): void {
    this.#expect(id, DEAF_MS, () => {
      const waits = waitedMs + DEAF_MS < PATIENT_MS && this.#options.isWorthWaiting();
      if (waits) this.#expectNote(id, waitedMs + DEAF_MS);
      else this.#restart();
    });
  }

  #expect(id: number, withinMs: number, otherwise: () => void): void {
    clearTimeout(this.#dying.get(id));
    this.#dying.set(id, setTimeout(otherwise, withinMs));
  }

  #restart(): void {
    this.#stop();
    for (const id of this.#pending.keys()) this.#post(id);
  }

  #stop(): void {
    for (const timer of this.#dying.values()) clearTimeout(timer);
    this.#dying.clear();
    this.#worker?.terminate();
    this.#ended.abort();
    this.#ended = new AbortController();
    this.#worker = undefined;
    this.#ready = false;
    this.generation++;
  }

  #fail(reason: string | undefined): void {
    const started = this.#ready;
    this.#stop();
    const message = started
      ? `The part that converts photos stopped unexpectedly (${reason || 'no reason given'}). Try again; with a very large photo, choose a smaller working size.`
      : `${NOT_STARTED}${reason ? ` (${reason})` : ''}`;
    for (const pending of [...this.#pending.values()]) pending.reject(new UnflatError('io', message));
  }
}
