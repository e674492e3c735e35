import type { DownloadProgress } from '../core/index.ts';
import { fromWire } from '../core/index.ts';
import type { Call, FromServer, InferPhase, ToServer } from './messages.ts';

/** What may be told while a call goes on. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  onPhase?: ((phase: InferPhase) => void) | undefined;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

interface Pending extends CallOptions {
  call: Call;
  /** Servers that died over it. */
  deaths: number;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Calls that wait for their answers; who carries the messages is somebody else's matter. */
export class Calls {
  readonly #send: (message: ToServer) => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  /** @param send carries a message; what it throws is the call's answer. */
  constructor(send: (message: ToServer) => void) {
    this.#send = send;
  }

  get size(): number {
    return this.#pending.size;
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
        settle();
        reject(signal?.reason);
        this.#send({ type: 'abort', id });
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.set(id, { ...options, call, deaths: 0, resolve: (value) => (settle(), resolve(value as T)), reject: (reason) => (settle(), reject(reason)) });
      this.#post(id, call);
    });
  }

  receive(message: FromServer): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.type === 'result') pending.resolve(message.value);
    else if (message.type === 'error') pending.reject(fromWire(message.error));
    else if (message.type === 'note') {
      if ('phase' in message.note) pending.onPhase?.(message.note.phase);
      else pending.onProgress?.(message.note.download);
    }
  }

  /** Asks a new server all that is open. */
  resend(): void {
    for (const [id, { call }] of [...this.#pending]) this.#post(id, call);
  }

  /** A server died: what was open already when another one did is given up, as it may be the cause. */
  died(reason: unknown): void {
    for (const pending of [...this.#pending.values()]) if (++pending.deaths > 1) pending.reject(reason);
  }

  rejectAll(reason: unknown): void {
    for (const pending of [...this.#pending.values()]) pending.reject(reason);
  }

  #post(id: number, call: Call): void {
    try {
      this.#send({ type: 'call', id, call });
    } catch (error) {
      this.#pending.get(id)?.reject(error);
    }
  }
}
