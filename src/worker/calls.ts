import { fromWire } from '../core/index.ts';
import type { FromAnswerer, ToAnswerer } from './to-worker.ts';

export interface CallHooks<N> {
  signal?: AbortSignal | undefined;
  onNote?: ((note: N) => void) | undefined;
}

/** A call that waits for its answer: as it was sent last, with the last note that came of it. */
export interface OpenCall<C, N> {
  readonly call?: C;
  readonly note?: N;
}

interface Pending<C, N> extends CallHooks<N> {
  /** Makes the call anew for another worker, which holds nothing of what the one before was sent. */
  compose(): C;
  call?: C;
  note?: N;
  /** Workers that died over it. */
  deaths: number;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Calls that wait for their answers; who carries the messages is somebody else's matter. */
export class Calls<C, N> {
  readonly #post: (message: ToAnswerer<C>) => void;
  readonly #onAbort: (id: number, open: OpenCall<C, N>) => void;
  readonly #pending = new Map<number, Pending<C, N>>();
  #isHeld = false;
  #nextId = 1;

  /**
   * @param post carries a message; what it throws is the call's answer.
   * @param onAbort told of each call that was sent and is wanted no more, before its abort is posted.
   */
  constructor(post: (message: ToAnswerer<C>) => void, onAbort: (id: number, open: OpenCall<C, N>) => void = () => {}) {
    this.#post = post;
    this.#onAbort = onAbort;
  }

  get open(): readonly OpenCall<C, N>[] {
    return [...this.#pending.values()];
  }

  /** Rejects with `signal.reason` the moment the signal aborts, whatever the other side does. */
  request<T>(compose: () => C, hooks: CallHooks<N> = {}): Promise<T> {
    const { signal } = hooks;
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const settle = (): void => {
        this.#pending.delete(id);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        settle();
        reject(signal?.reason);
        if (!pending.call) return;
        this.#onAbort(id, pending);
        this.#post({ type: 'abort', id });
      };
      const pending: Pending<C, N> = {
        ...hooks,
        compose,
        deaths: 0,
        resolve: (value) => (settle(), resolve(value as T)),
        reject: (reason) => (settle(), reject(reason)),
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.set(id, pending);
      if (!this.#isHeld) this.#send(id, pending);
    });
  }

  /** Sends nothing until `resend`. */
  hold(): void {
    this.#isHeld = true;
  }

  receive(message: FromAnswerer<N>): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.type === 'result') pending.resolve(message.value);
    else if (message.type === 'error') pending.reject(fromWire(message.error));
    else if (message.type === 'note') pending.onNote?.((pending.note = message.note));
  }

  /** Sends all that is open, anew where it was sent before. */
  resend(): void {
    this.#isHeld = false;
    for (const [id, pending] of [...this.#pending]) this.#send(id, pending);
  }

  /** The other side died: calls that this has happened to `attempts` times are given up, as they may be the cause. */
  died(reason: unknown, attempts: number): void {
    for (const pending of [...this.#pending.values()]) if (++pending.deaths >= attempts) pending.reject(reason);
  }

  rejectAll(reason: unknown): void {
    for (const pending of [...this.#pending.values()]) pending.reject(reason);
  }

  #send(id: number, pending: Pending<C, N>): void {
    delete pending.call;
    delete pending.note;
    try {
      const call = pending.compose();
      this.#post({ type: 'call', id, call });
      pending.call = call;
    } catch (error) {
      pending.reject(error);
    }
  }
}
