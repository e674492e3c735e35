import type { DownloadProgress, InferRequest, InferResult, ModelInfo, ModelRow } from '../core/index.ts';
import { answerCalls, WorkerLink, type CancelledCall, type OpenCall, type ToAnswerer, type WorkerLike } from '../worker/index.ts';
import {
  resultBuffers,
  type InferenceCall,
  type InferenceEvent,
  type InferenceNote,
  type InferenceStart,
  type InferPhase,
} from './inference-call.ts';
import type { ModelGuess, OwnModelAnswers } from './model-source.ts';

/** WASM cannot be interrupted: a worker that does not hear of an abort within this time is replaced as soon as something waits for it. */
const DEAF_MS = 2000;
/** One that is making the very session that something waits for is waited for this long: it would have to begin anew. */
const OPENING_MS = 20_000;
/** A worker that is starting threads says so every second. One that is silent for so many hangs for good, as Firefox's do now and then. */
const HUNG_S = 10;

export interface InferenceOptions {
  /** Starts the worker whose entry calls `serveInference`; called again after one had to be stopped. */
  createWorker(): WorkerLike;
  /** Rows beside the catalogue's: those of plugins. Asked for when a worker starts. Default: none. */
  rows?(): Promise<readonly ModelRow[]>;
  /** Address of a folder of models, with a slash at its end, used instead of this browser's store. */
  folder?: string;
  /** Milliseconds after which an unused worker is stopped, so that its memory is given back. Default five minutes. */
  idleMs?: number;
}

export interface FetchModelHooks {
  /** Stops the download; what has arrived is kept. */
  signal?: AbortSignal;
  onProgress?(progress: DownloadProgress): void;
}

/** The models of this machine: models, downloads and runs, in a worker that starts on first use. This is the page's side of it. */
export class Inference {
  readonly #link: WorkerLink<InferenceCall, InferenceNote, InferenceStart, InferenceEvent>;
  readonly #rows: () => Promise<readonly ModelRow[]>;
  readonly #listeners = new Set<() => void>();
  readonly #ports = new Set<() => void>();
  /** What all further workers are told of threads, once some could not be started. */
  #threads: number | undefined;
  #hungTimer: ReturnType<typeof setInterval> | undefined;

  constructor({ createWorker, rows, folder, idleMs = 300_000 }: InferenceOptions) {
    this.#rows = async () => (await rows?.().catch(() => [])) ?? [];
    this.#link = new WorkerLink({
      createWorker,
      start: async () => {
        // What is watched is another worker's.
        clearInterval(this.#hungTimer);
        return {
          start: {
            rows: await this.#rows(),
            ...(folder !== undefined && { folder }),
            ...(this.#threads !== undefined && { threads: this.#threads }),
          },
        };
      },
      onEvent: (event) => this.#receive(event),
      task: 'runs models',
      advice: 'Try again, or choose a smaller model.',
      attempts: 2,
      patienceMs,
      idleMs,
      // Models that a window without storage holds would be lost with the worker.
      mayStop: async () => !(await this.models().catch(() => [])).some(({ isPassing }) => isPassing),
    });
  }

  /** Every model that could run: the catalogue's, the plugins' and the person's own, each with how it stands. */
  models(): Promise<ModelInfo[]> {
    return this.#request({ name: 'models' });
  }

  /**
   * Runs a model.
   * @throws UnflatError `no-model`, `bad-model`, `out-of-memory` or `unsupported`; `signal.reason` at once when cancelled.
   */
  infer(request: InferRequest, signal?: AbortSignal, onPhase?: (phase: InferPhase) => void): Promise<InferResult> {
    return this.#request({ name: 'infer', request }, signal, (note) => 'phase' in note && onPhase?.(note.phase));
  }

  /**
   * Fetches what is missing of a model; goes on where an earlier fetch stopped.
   * @throws UnflatError `download-failed`, `storage-full` or `bad-model`; `signal.reason` when cancelled.
   */
  fetch(id: string, { signal, onProgress }: FetchModelHooks = {}): Promise<void> {
    return this.#request({ name: 'fetch', id }, signal, (note) => 'download' in note && onProgress?.(note.download));
  }

  /** Takes a person's own files as a model. @throws UnflatError `bad-model` for what is no model that can be used. */
  add(files: readonly File[], answers: OwnModelAnswers = {}): Promise<ModelInfo> {
    return this.#request({ name: 'add', files, answers });
  }

  /** What a person's own files seem to be, before they are taken. @throws UnflatError `bad-model`. */
  describe(files: readonly File[]): Promise<ModelGuess> {
    return this.#request({ name: 'describe', files });
  }

  /** The rows beside the catalogue's are others now: they are asked for again. */
  async rowsChanged(): Promise<void> {
    await this.#request({ name: 'rows', rows: await this.#rows() });
  }

  /** Keeps the files of a plugin's model, which its host has checked. @throws UnflatError `storage-full` or `bad-model`. */
  keep(row: ModelRow, files: readonly { path: string; blob: Blob }[]): Promise<void> {
    return this.#request({ name: 'keep', row, files });
  }

  /** Removes a model from this machine. */
  remove(id: string): Promise<void> {
    return this.#request({ name: 'remove', id });
  }

  /**
   * Another thread's end, to be handed to its `InferenceClient`: sessions are shared with it, and outlive it.
   * @param signal ends the connection and cancels what runs for it: abort it when that thread is stopped.
   */
  connect(signal?: AbortSignal): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const calls = answerCalls<InferenceCall, InferenceNote>(port1, async (call, { signal: cancelled, notify }) => {
      if (call.name === 'models') return { value: await this.models() };
      if (call.name !== 'infer') throw new TypeError(`A connection cannot ask for ${call.name}.`);
      const value = await this.infer(call.request, cancelled, (phase) => notify({ phase }));
      return { value, transfer: resultBuffers(value) };
    });
    const close = (): void => {
      this.#ports.delete(close);
      port1.close();
      calls.stop(new DOMException('The connection was closed.', 'AbortError'));
    };
    this.#ports.add(close);
    signal?.addEventListener('abort', close, { once: true });
    port1.onmessage = ({ data }: MessageEvent<ToAnswerer<InferenceCall>>) => void calls.receive(data);
    return port2;
  }

  /** Tells when models come, go or are fetched. @returns what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops everything; what was still running rejects with an `AbortError`. Can be called again. */
  dispose(): void {
    for (const close of [...this.#ports]) close();
    clearInterval(this.#hungTimer);
    this.#link.dispose(new DOMException('The models were disposed of.', 'AbortError'));
    this.#listeners.clear();
  }

  #request<T>(call: InferenceCall, signal?: AbortSignal, onNote?: (note: InferenceNote) => void): Promise<T> {
    return this.#link.request<T>(() => call, { signal, onNote });
  }

  #receive(event: InferenceEvent): void {
    if (event.name === 'threads') this.#watchThreads(event.isStarting);
    else if (event.name === 'broken') this.#replace(event.threads);
    else for (const listener of [...this.#listeners]) listener();
  }

  /** Seconds are counted as ticks of this thread, so that a machine's sleep is none. */
  #watchThreads(areStarting: boolean): void {
    clearInterval(this.#hungTimer);
    if (!areStarting) return;
    let seconds = 0;
    this.#hungTimer = setInterval(() => ++seconds >= HUNG_S && this.#replace(1), 1000);
  }

  #replace(threads = this.#threads): void {
    clearInterval(this.#hungTimer);
    this.#threads = threads;
    this.#link.restart();
  }
}

function patienceMs(
  { call, note, isHeard }: CancelledCall<InferenceCall, InferenceNote>,
  open: readonly OpenCall<InferenceCall, InferenceNote>[],
): number {
  if (isHeard || open.length === 0) return Infinity;
  const isOpening = call?.name === 'infer' && note !== undefined && 'phase' in note && note.phase === 'session';
  const isForOthers = isOpening && open.some((other) => other.call?.name === 'infer' && other.call.request.model === call.request.model);
  return isForOthers ? OPENING_MS : DEAF_MS;
}
