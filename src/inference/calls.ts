import type { DownloadProgress } from '../core/index.ts';
import { fromWire } from '../core/index.ts';
import type { Call, FromServer, InferPhase, ToServer } from './messages.ts';

/** What may be told while a call goes on. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  onPhase?: ((phase: InferPhase) => void) | undefined;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** A call and what it is at, as far as was told. */
export interface OpenCall {
  readonly call: Call;
  readonly phase?: InferPhase | undefined;
}

interface Pending extends CallOptions {
  call: Call;
  phase?: InferPhase;
  /** Servers that died over it. */
  deaths: number;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Calls that wait for their answers; who carries the messages is somebody else's matter. */
export class Calls {
  readonly #send: (message: ToServer, open: OpenCall) => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  /** @param send carries a message; what it throws is the call's answer. */
  constructor(send: (message: ToServer, open: OpenCall) => void) {
    this.#send = send;
  }

  /** What waits for its answer. */
  get open(): readonly OpenCall[] {
    return [...this.#pending.values()];
  }

  /** Rejects with `signal.reason` the moment the signal aborts, whatever the other side does. */
  request<T>(call: Call, options: CallOptions = {}): Promise<T> {
    const { signal } = options;
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const settle = (): void => {
        this.#pending.delete(id);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        const open = this.#pending.get(id)!;
        settle();
        reject(signal?.reason);
        this.#send({ type: 'abort', id }, open);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const pending: Pending = { ...options, call, deaths: 0, resolve: (value) => (settle(), resolve(value as T)), reject: (reason) => (settle(), reject(reason)) };
      this.#pending.set(id, pending);
      this.#post(id, pending);
    });
  }

  receive(message: FromServer): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.type === 'result') pending.resolve(message.value);
    else if (message.type === 'error') pending.reject(fromWire(message.error));
    else if (message.type === 'note') {
      if ('phase' in message.note) pending.onPhase?.((pending.phase = message.note.phase));
      else pending.onProgress?.(message.note.download);
    }
  }

  /** Asks a new server all that is open. */
  resend(): void {
    for (const [id, pending] of [...this.#pending]) {
      delete pending.phase;
      this.#post(id, pending);
    }
  }

  /** A server died: what was open already when another one did is given up, as it may be the cause. */
  died(reason: unknown): void {
    for (const pending of [...this.#pending.values()]) if (++pending.deaths > 1) pending.reject(reason);
  }

  rejectAll(reason: unknown): void {
    for (const pending of [...this.#pending.values()]) pending.reject(reason);
  }

  #post(id: number, pending: Pending): void {
    try {
      this.#send({ type: 'call', id, call: pending.call }, pending);
    } catch (error) {
      pending.reject(error);
    }
  }
}
