import { UnflatError } from '../core/index.ts';
import { Calls, type CallHooks, type OpenCall } from './calls.ts';
import type { FromWorker, ToWorker } from './to-worker.ts';

/** The part of a Worker that the link uses; tests pass a MessagePort. */
export interface WorkerLike {
  /** Sends a message to the worker. */
  postMessage(message: unknown, transfer?: Transferable[]): void;
  /** Ends the worker at once. */
  terminate(): void;
  /** Called with each message from the worker. */
  onmessage: ((event: MessageEvent) => void) | null;
  /** Called with an error that the worker did not catch. */
  onerror: ((event: ErrorEvent) => void) | null;
  /** Called when a message from the worker cannot be read. */
  onmessageerror?: ((event: MessageEvent) => void) | null;
}

/** A call that is wanted no more and not yet given up by the worker. */
export interface CancelledCall<C, N> extends OpenCall<C, N> {
  /** The worker said that the abort arrived. */
  readonly isHeard: boolean;
}

/** What a new worker is told first. */
export interface WorkerStart<S> {
  start: S;
  transfer?: Transferable[];
}

export interface WorkerLinkOptions<C, N, S, E> {
  createWorker(): WorkerLike;
  /** @param ended aborts when that worker is stopped. */
  start(ended: AbortSignal): WorkerStart<S> | Promise<WorkerStart<S>>;
  onEvent(event: E): void;
  /** Completes “The part that …” for people, as `runs models`. */
  task: string;
  /** What a person does when the worker stopped unexpectedly, a sentence. */
  advice: string;
  /** How often a call may be running when a worker dies until it is given up, 1 or more. */
  attempts: number;
  /** Milliseconds for which a cancelled call may hold the worker, since its abort or since that was heard; then the worker is replaced. */
  patienceMs(cancelled: CancelledCall<C, N>, open: readonly OpenCall<C, N>[]): number;
  /** A worker that was idle for so many milliseconds is stopped, which gives its memory back. Default: it stays. */
  idleMs?: number;
  /** Whether nothing is lost with an idle worker. Default: nothing is. */
  mayStop?(): Promise<boolean>;
}

/** Calls to a worker that is started when first needed, and replaced when it hangs or dies. */
export class WorkerLink<C, N, S, E = never> {
  /** Goes up with every worker that is stopped: what was known of its memory is void. */
  generation = 0;
  readonly #options: WorkerLinkOptions<C, N, S, E>;
  readonly #calls: Calls<C, N>;
  readonly #cancelled = new Map<number, CancelledCall<C, N> & { since: number }>();
  #worker: WorkerLike | undefined;
  #ended = new AbortController();
  /** Its script runs. */
  #isReady = false;
  #patienceTimer: ReturnType<typeof setTimeout> | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WorkerLinkOptions<C, N, S, E>) {
    this.#options = options;
    this.#calls = new Calls(
      (message) => this.#worker?.postMessage(message),
      (id, { call, note }) => {
        this.#cancelled.set(id, {
          ...(call !== undefined && { call }),
          ...(note !== undefined && { note }),
          isHeard: false,
          since: performance.now(),
        });
        this.#watch();
      },
    );
  }

  /**
   * Asks the worker something.
   * @param compose makes the message; called again for each worker that it is sent to.
   * @throws `signal.reason` the moment the signal aborts, whatever the worker does; UnflatError `io` when there is no worker to be had.
   */
  request<T>(compose: () => C, hooks: CallHooks<N> = {}): Promise<T> {
    clearTimeout(this.#idleTimer);
    if (hooks.signal?.aborted) return Promise.reject(hooks.signal.reason);
    try {
      this.#ensureWorker();
    } catch (error) {
      return Promise.reject(error);
    }
    const answer = this.#calls.request<T>(compose, hooks);
    this.#watch();
    answer.then(
      () => this.#rest(),
      () => this.#rest(),
    );
    return answer;
  }

  /** Replaces the worker; what is open is asked of the next one. */
  restart(): void {
    this.#stop();
    if (this.#calls.open.length === 0) return;
    try {
      this.#ensureWorker();
    } catch (error) {
      this.#calls.rejectAll(error);
    }
  }

  /** Stops the worker; what was asked of it is rejected with `reason`. */
  dispose(reason: unknown): void {
    this.#stop();
    this.#calls.rejectAll(reason);
    clearTimeout(this.#idleTimer);
  }

  #ensureWorker(): void {
    if (this.#worker) return;
    let worker: WorkerLike;
    try {
      worker = this.#options.createWorker();
    } catch (cause) {
      throw new UnflatError('io', this.#notStarted(), { cause });
    }
    this.#worker = worker;
    const { generation } = this;
    const isCurrent = (): boolean => generation === this.generation;
    worker.onmessage = ({ data }: MessageEvent<FromWorker<N, E>>) => {
      if (isCurrent()) this.#receive(data);
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      if (isCurrent()) this.#fail(event.message);
    };
    worker.onmessageerror = () => {
      if (isCurrent()) this.#fail('a message could not be read');
    };
    this.#calls.hold();
    const greet = ({ start, transfer = [] }: WorkerStart<S>): void => {
      if (!isCurrent()) return;
      worker.postMessage({ type: 'start', start } satisfies ToWorker<C, S>, transfer);
      this.#calls.resend();
    };
    const start = this.#options.start(this.#ended.signal);
    if (start instanceof Promise) start.then(greet, (error: unknown) => isCurrent() && this.#fail(String(error)));
    else greet(start);
  }

  #receive(message: FromWorker<N, E>): void {
    if (message.type === 'event') return this.#options.onEvent(message.event);
    if (message.type === 'ready') {
      // A worker that is still loading holds nobody up: the time of what was cancelled counts from here.
      this.#isReady = true;
      for (const [id, cancelled] of this.#cancelled) this.#cancelled.set(id, { ...cancelled, since: performance.now() });
      return this.#watch();
    }
    if (message.type === 'heard') {
      const cancelled = this.#cancelled.get(message.id);
      if (cancelled) this.#cancelled.set(message.id, { ...cancelled, isHeard: true, since: performance.now() });
      return this.#watch();
    }
    if (message.type !== 'note') this.#cancelled.delete(message.id);
    this.#calls.receive(message);
  }

  /** Replaces a worker that a cancelled call has held for too long, now or when its time is over. */
  #watch(): void {
    clearTimeout(this.#patienceTimer);
    if (!this.#isReady) return;
    const { open } = this.#calls;
    const due = Math.min(...[...this.#cancelled.values()].map((cancelled) => cancelled.since + this.#options.patienceMs(cancelled, open)));
    if (due === Infinity) return;
    const restMs = due - performance.now();
    if (restMs <= 0) this.restart();
    else this.#patienceTimer = setTimeout(() => this.#watch(), restMs);
  }

  #rest(): void {
    const { idleMs } = this.#options;
    clearTimeout(this.#idleTimer);
    if (idleMs === undefined || this.#calls.open.length > 0 || !this.#worker) return;
    this.#idleTimer = setTimeout(() => void this.#retire(), idleMs);
    (this.#idleTimer as { unref?: () => void }).unref?.();
  }

  async #retire(): Promise<void> {
    const mayStop = (await this.#options.mayStop?.()) ?? true;
    if (mayStop && this.#calls.open.length === 0) this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#patienceTimer);
    clearTimeout(this.#idleTimer);
    this.#cancelled.clear();
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isReady = false;
    this.#ended.abort();
    this.#ended = new AbortController();
    this.generation++;
  }

  /** A worker that never got ready would not do better the next time; what another one died over is asked anew as often as `attempts` says. */
  #fail(reason: string | undefined): void {
    const wasReady = this.#isReady;
    const why = reason ? ` (${reason})` : '';
    const { task, advice, attempts } = this.#options;
    this.#stop();
    if (!wasReady) return this.#calls.rejectAll(new UnflatError('io', `${this.#notStarted()}${why}`));
    this.#calls.died(new UnflatError('io', `The part that ${task} stopped unexpectedly${why}. ${advice}`), attempts);
    this.restart();
  }

  #notStarted(): string {
    return `The part that ${this.#options.task} could not be started. Check the connection and reload the page.`;
  }
}
