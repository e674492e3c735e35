import { toWire } from '../core/index.ts';
import type { Call, FromServer, Note, ToServer } from './messages.ts';

/** Where answers go: a worker's global scope, or a MessagePort. */
export interface AnswerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

export interface CallHooks {
  signal: AbortSignal;
  notify(note: Note): void;
}

export interface Answer {
  value: unknown;
  /** Handed over instead of copied. */
  transfer?: Transferable[];
}

/** Answers calls that come as messages; the returned function takes them, `stop` cancels what still runs. */
export function answerCalls(scope: AnswerScope, handle: (call: Call, hooks: CallHooks) => Promise<Answer>): { receive(message: ToServer): Promise<void>; stop(reason: unknown): void } {
  const running = new Map<number, AbortController>();
  const post = (message: FromServer, transfer: Transferable[] = []): void => scope.postMessage(message, transfer);
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
        const { value, transfer } = await handle(message.call, { signal: controller.signal, notify: (note) => post({ type: 'note', id, note }) });
        post({ type: 'result', id, value }, transfer);
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
