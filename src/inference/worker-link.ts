import { UnflatError, type ModelInfo } from '../core/index.ts';
import { Calls, type CallOptions, type OpenCall } from './calls.ts';
import type { Call, FromWorker, StartMessage, ToServer } from './messages.ts';

/** The part of a Worker that the link uses; tests pass a MessagePort. */
export interface InferenceWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror?: ((event: MessageEvent) => void) | null;
}

export interface WorkerLinkOptions {
  createWorker(): InferenceWorker;
  /** What a new worker is told first. */
  start(): Promise<StartMessage>;
  /** The models are others now. */
  onChange(): void;
  /** An idle worker is stopped after this time, which gives its memory back. */
  idleMs: number;
}

/** WASM cannot be interrupted: a worker that does not hear of an abort within this time is replaced as soon as something waits for it. */
const DEAF_MS = 2000;
/** One that is making the very session that something waits for is waited for this long: it would have to begin anew. */
const OPENING_MS = 20_000;

const NOT_STARTED = 'The part that runs networks could not be started. Check the connection and reload the page.';

/** Calls to a worker that is started when first needed, and replaced when it hangs or dies. */
export class WorkerLink {
  readonly #options: WorkerLinkOptions;
  readonly #calls = new Calls((message, open) => this.#send(message, open));
  /** Cancelled calls that the worker has not heard of yet, and since when. */
  readonly #unheard = new Map<number, OpenCall & { since: number }>();
  #worker: InferenceWorker | undefined;
  #isReady = false;
  /** Goes up with every worker. */
  #generation = 0;
  /** What all further workers are told of threads, once some could not be started. */
  #threads: number | undefined;
  /** Messages that wait for the start message to be put together. */
  #queue: ToServer[] | undefined;
  #deafTimer: ReturnType<typeof setTimeout> | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WorkerLinkOptions) {
    this.#options = options;
  }

  request<T>(call: Call, options?: CallOptions): Promise<T> {
    clearTimeout(this.#idleTimer);
    const answer = this.#calls.request<T>(call, options);
    this.#watch();
    answer.then(() => this.#rest(), () => this.#rest());
    return answer;
  }

  /** Stops the worker; what was asked of it is rejected with `reason`. */
  dispose(reason: unknown): void {
    this.#stop();
    this.#calls.rejectAll(reason);
    clearTimeout(this.#idleTimer);
  }

  #send(message: ToServer, { call, phase }: OpenCall): void {
    if (message.type === 'abort') {
      const queued = this.#queue?.findIndex(({ id }) => id === message.id) ?? -1;
      if (queued >= 0) this.#queue?.splice(queued, 1);
      if (!this.#worker || queued >= 0) return;
      this.#unheard.set(message.id, { call, phase, since: performance.now() });
      this.#watch();
    }
    this.#worker ??= this.#start();
    if (this.#queue) this.#queue.push(message);
    else this.#worker.postMessage(message);
  }

  #start(): InferenceWorker {
    let worker: InferenceWorker;
    try {
      worker = this.#options.createWorker();
    } catch (cause) {
      throw new UnflatError('io', NOT_STARTED, { cause });
    }
    const generation = ++this.#generation;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => generation === this.#generation && this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      if (generation === this.#generation) this.#fail(event.message);
    };
    worker.onmessageerror = () => generation === this.#generation && this.#fail('a message could not be read');
    this.#queue = [];
    void this.#greet(worker, generation);
    return worker;
  }

  async #greet(worker: InferenceWorker, generation: number): Promise<void> {
    const start = await this.#options.start();
    if (generation !== this.#generation || !this.#queue) return;
    worker.postMessage({ ...start, ...(this.#threads !== undefined && { threads: this.#threads }) });
    for (const message of this.#queue) worker.postMessage(message);
    this.#queue = undefined;
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        return this.#watch();
      case 'changed':
        return this.#options.onChange();
      case 'broken':
        this.#threads = message.threads ?? this.#threads;
        return this.#restart();
      case 'heard':
        this.#unheard.delete(message.id);
        return;
      default:
        this.#unheard.delete(message.id);
        this.#calls.receive(message);
    }
  }

  /** Looks whether the worker is deaf while something waits, now or when it can be told. A worker that is still loading is not deaf. */
  #watch(): void {
    clearTimeout(this.#deafTimer);
    if (!this.#isReady || this.#unheard.size === 0 || this.#calls.open.length === 0) return;
    const due = Math.min(...[...this.#unheard.values()].map((cancelled) => cancelled.since + (this.#isOpeningForOthers(cancelled) ? OPENING_MS : DEAF_MS)));
    const restMs = due - performance.now();
    if (restMs <= 0) this.#restart();
    else this.#deafTimer = setTimeout(() => this.#watch(), restMs);
  }

  #isOpeningForOthers({ call, phase }: OpenCall): boolean {
    if (call.name !== 'infer' || phase !== 'session') return false;
    return this.#calls.open.some((other) => other.call.name === 'infer' && other.call.request.model === call.request.model);
  }

  #rest(): void {
    clearTimeout(this.#idleTimer);
    if (this.#calls.open.length > 0 || !this.#worker) return;
    this.#idleTimer = setTimeout(() => void this.#retire(), this.#options.idleMs);
    (this.#idleTimer as { unref?: () => void }).unref?.();
  }

  /** Models that a window without storage holds would be lost with the worker. */
  async #retire(): Promise<void> {
    const models = await this.#calls.request<ModelInfo[]>({ name: 'models' }).catch(() => []);
    if (this.#calls.open.length === 0 && !models.some(({ isPassing }) => isPassing)) this.#stop();
  }

  #restart(): void {
    this.#stop();
    this.#calls.resend();
  }

  #stop(): void {
    clearTimeout(this.#deafTimer);
    this.#unheard.clear();
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#queue = undefined;
    this.#isReady = false;
    this.#generation++;
  }

  /** What is open is asked of a new worker, once; a worker that never got ready would not do better the next time. */
  #fail(reason: string | undefined): void {
    const wasReady = this.#isReady;
    const why = reason ? ` (${reason})` : '';
    this.#stop();
    if (!wasReady) return this.#calls.rejectAll(new UnflatError('io', `${NOT_STARTED}${why}`));
    this.#calls.died(new UnflatError('io', `The part that runs networks stopped unexpectedly${why}. Try again, or choose a smaller model.`));
    this.#calls.resend();
  }
}
