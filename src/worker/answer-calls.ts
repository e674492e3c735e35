import { toWire } from '../core/index.ts';
import type { FromAnswerer, ToAnswerer } from './to-worker.ts';

/** Where answers go: a worker's global scope, or a MessagePort. */
export interface AnswerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** The part of a worker's global scope that is used; tests pass a MessagePort. */
export interface WorkerScope extends AnswerScope {
  onmessage: ((event: MessageEvent) => void) | null;
}

export interface AnswerHooks<N> {
  signal: AbortSignal;
  notify(note: N, transfer?: Transferable[]): void;
}

export interface Answer {
  value: unknown;
  /** Handed over instead of copied. */
  transfer?: Transferable[];
  /** Work that can wait until the answer is on its way. */
  afterwards?: () => Promise<unknown>;
}

/** Answers calls that come as messages: `receive` takes them, `stop` cancels what still runs. */
export function answerCalls<C, N>(
  scope: AnswerScope,
  handle: (call: C, hooks: AnswerHooks<N>) => Promise<Answer>,
): { receive(message: ToAnswerer<C>): Promise<void>; stop(reason: unknown): void } {
  const running = new Map<number, AbortController>();
  const post = (message: FromAnswerer<N>, transfer: Transferable[] = []): void => scope.postMessage(message, transfer);
  return {
    async receive(message) {
      const { id } = message;
      if (message.type === 'abort') {
        running.get(id)?.abort(new DOMException('The run was cancelled.', 'AbortError'));
        return post({ type: 'heard', id });
      }
      const controller = new AbortController();
      running.set(id, controller);
      try {
        const { value, transfer, afterwards } = await handle(message.call, {
          signal: controller.signal,
          notify: (note, handedOver) => post({ type: 'note', id, note }, handedOver),
        });
        post({ type: 'result', id, value }, transfer);
        await afterwards?.();
      } catch (error) {
        post({ type: 'error', id, error: toWire(error) });
      } finally {
        running.delete(id);
      }
    },
    stop(reason) {
      for (const controller of running.values()) controller.abort(reason);
    },
  };
}
