import { answerCalls, type Answer, type AnswerHooks, type FromWorker, type ToWorker, type WorkerScope } from '../worker/index.ts';
import { Engine } from './engine.ts';
import { resultBuffers, type InferenceCall, type InferenceEvent, type InferenceNote, type InferenceStart } from './inference-call.ts';
import type { ModelSource } from './model-source.ts';
import { ThreadsError, type Runtimes } from './runtime.ts';

export interface ServeOptions {
  /** Where models lie, as the page has said. */
  source(start: InferenceStart): ModelSource | Promise<ModelSource>;
  /** What runs them, with as many threads as the page has said. */
  runtimes: Runtimes | ((start: InferenceStart) => Runtimes);
  /** Bytes of models whose sessions are kept ready together. Default 400 MB. */
  budgetBytes?: number;
  /** Default: the worker's global scope. */
  scope?: WorkerScope;
}

/** Answers an `Inference` from inside a worker; call it once. */
export function serveInference(options: ServeOptions): void {
  const scope = options.scope ?? (globalThis as unknown as WorkerScope);
  const post = (message: FromWorker<InferenceNote, InferenceEvent>): void => scope.postMessage(message, []);
  let isBroken = false;
  const start = async (message: InferenceStart): Promise<Server> =>
    new Server(
      { ...options, runtimes: typeof options.runtimes === 'function' ? options.runtimes(message) : options.runtimes },
      await options.source(message),
      {
        onChange: () => post({ type: 'event', event: { name: 'changed' } }),
        onFatal: () => (isBroken = true),
        onThreads: (isStarting) => post({ type: 'event', event: { name: 'threads', isStarting } }),
      },
    );
  let server: Promise<Server> = Promise.reject(new Error('The worker was asked before it was started.'));
  server.catch(() => {});
  const calls = answerCalls<InferenceCall, InferenceNote>(scope, async (call, hooks) => {
    try {
      return await (await server).answer(call, hooks);
    } catch (error) {
      if (!(error instanceof ThreadsError)) throw error;
      post({ type: 'event', event: { name: 'broken', threads: 1 } });
      // The worker that comes next gives the answer.
      return new Promise(() => {});
    }
  });
  scope.onmessage = ({ data }: MessageEvent<ToWorker<InferenceCall, InferenceStart>>) => {
    if (data.type === 'start') {
      server = start(data.start);
      server.catch(() => {}); // told to whoever asks
      return;
    }
    void calls.receive(data).then(() => {
      if (isBroken) post({ type: 'event', event: { name: 'broken' } });
    });
  };
  post({ type: 'ready' });
}

class Server {
  readonly #source: ModelSource;
  readonly #engine: Engine;
  readonly #onChange: () => void;

  constructor(
    { runtimes, budgetBytes }: ServeOptions & { runtimes: Runtimes },
    source: ModelSource,
    { onChange, onFatal, onThreads }: { onChange(): void; onFatal(): void; onThreads(isStarting: boolean): void },
  ) {
    this.#source = source;
    this.#engine = new Engine({ source, runtimes, onFatal, onThreads, ...(budgetBytes !== undefined && { budgetBytes }) });
    this.#onChange = onChange;
  }

  async answer(call: InferenceCall, { signal, notify }: AnswerHooks<InferenceNote>): Promise<Answer> {
    switch (call.name) {
      case 'models':
        return { value: await this.#source.list() };
      case 'infer': {
        const value = await this.#engine.infer(call.request, { signal, onPhase: (phase) => notify({ phase }) });
        return { value, transfer: resultBuffers(value) };
      }
      case 'fetch':
        return this.#change(this.#source.fetch(call.id, { signal, onProgress: (download) => notify({ download }) }), call.id);
      case 'add':
        return this.#change(this.#source.add(call.files, call.answers));
      case 'describe':
        return { value: await this.#source.describe(call.files) };
      case 'rows':
        this.#source.useRows?.(call.rows);
        this.#onChange();
        return { value: undefined };
      case 'keep':
        return this.#change(Promise.resolve(this.#source.keep?.(call.row, call.files)), call.row.id);
      case 'remove':
        return this.#change(this.#source.remove(call.id), call.id);
    }
  }

  /** Whatever came of it, the models may be others now: what is known of them is void. */
  async #change(work: Promise<unknown>, id?: string): Promise<Answer> {
    try {
      const value = await work;
      const changed = id ?? (value as { row: { id: string } }).row.id;
      // A session of files that are gone is not for further runs; the answer need not wait for the run that uses it now.
      void this.#engine.forget(changed);
      return { value };
    } finally {
      this.#onChange();
    }
  }
}
