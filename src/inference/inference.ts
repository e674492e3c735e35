import type { DownloadProgress, InferRequest, InferResult, ModelInfo, ModelRow } from '../core/index.ts';
import { answerCalls } from './answer-calls.ts';
import { resultBuffers, type InferPhase, type ToServer } from './messages.ts';
import type { ModelGuess, OwnModelAnswers } from './model-source.ts';
import { WorkerLink, type InferenceWorker } from './worker-link.ts';

export interface InferenceOptions {
  /** Starts the worker whose entry calls `serveInference`; called again after one had to be stopped. */
  createWorker(): InferenceWorker;
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

/** The networks of this machine: models, downloads and runs, in a worker that starts on first use. This is the page's side of it. */
export class Inference {
  readonly #link: WorkerLink;
  readonly #listeners = new Set<() => void>();
  readonly #ports = new Set<() => void>();

  constructor({ createWorker, rows, folder, idleMs = 300_000 }: InferenceOptions) {
    this.#link = new WorkerLink({
      createWorker,
      start: async () => ({ type: 'start', rows: (await rows?.().catch(() => [])) ?? [], ...(folder !== undefined && { folder }) }),
      onChange: () => this.#changed(),
      idleMs,
    });
  }

  /** Every model that could run: the catalogue's, the plugins' and the person's own, each with how it stands. */
  models(): Promise<ModelInfo[]> {
    return this.#link.request({ name: 'models' });
  }

  /**
   * Runs a network.
   * @throws UnflatError `no-model`, `bad-model`, `out-of-memory` or `unsupported`; `signal.reason` at once when cancelled.
   */
  infer(request: InferRequest, signal?: AbortSignal, onPhase?: (phase: InferPhase) => void): Promise<InferResult> {
    return this.#link.request({ name: 'infer', request }, { signal, onPhase });
  }

  /**
   * Fetches what is missing of a model; goes on where an earlier fetch stopped.
   * @throws UnflatError `download-failed`, `storage-full` or `bad-model`; `signal.reason` when cancelled.
   */
  fetch(id: string, hooks: FetchModelHooks = {}): Promise<void> {
    return this.#link.request({ name: 'fetch', id }, hooks);
  }

  /** Takes a person's own files as a model. @throws UnflatError `bad-model` for what is no network that can be used. */
  add(files: readonly File[], answers: OwnModelAnswers = {}): Promise<ModelInfo> {
    return this.#link.request({ name: 'add', files, answers });
  }

  /** What a person's own files seem to be, before they are taken. @throws UnflatError `bad-model`. */
  describe(files: readonly File[]): Promise<ModelGuess> {
    return this.#link.request({ name: 'describe', files });
  }

  /** Removes a model from this machine. */
  remove(id: string): Promise<void> {
    return this.#link.request({ name: 'remove', id });
  }

  /**
   * Another thread's end, to be handed to its `InferenceClient`: sessions are shared with it, and outlive it.
   * @param signal ends the connection and cancels what runs for it: abort it when that thread is stopped.
   */
  connect(signal?: AbortSignal): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const calls = answerCalls(port1, async (call, { signal: cancelled, notify }) => {
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
    port1.onmessage = ({ data }: MessageEvent<ToServer>) => void calls.receive(data);
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
    this.#link.dispose(new DOMException('The networks were disposed of.', 'AbortError'));
    this.#listeners.clear();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
