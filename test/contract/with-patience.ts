import assert from 'node:assert/strict';
import type { OutputInput, Plugin, PluginContext } from '../../src/plugin-api/index.ts';
import { SANDBOX_BUDGET } from '../../src/plugin-host/sandbox-budget.ts';

/** Milliseconds for which a plugin's method may work without a sign of life, as in the app. */
export const PATIENCE_MS = SANDBOX_BUDGET.silentMs;

const METHODS = ['supports', 'detect', 'estimate', 'inpaint', 'inpaintAll', 'quick', 'plan', 'write'] as const;
/** Answered at once, not by a promise. */
const AT_ONCE: readonly string[] = ['supports'];

/** Sees to it that a plugin which never gives its thread back is ended all the same. */
export interface Watch {
  /** From now on `words` are what is said if nothing more is heard until then, in ms since the Unix epoch. */
  until(atMs: number, words: string): void;
  rest(): void;
}

/**
 * The same plugin, with methods that fail when they give no sign of life for too long: progress, or the next frame. After that it is
 * called no more.
 * @param watch for one that never gives its thread back. Default: that one is waited for.
 */
export function withPatience<P extends Plugin>(plugin: P, patienceMs: number, watch?: Watch): P {
  let stopped: Error | undefined;

  /** Runs a method under the watch. @param work gets what to call at each sign of life. */
  const watched = (name: string, work: (heard: () => void) => unknown): unknown => {
    if (stopped) throw stopped;
    const words = `${name} of ${plugin.id} gave no sign of life for ${patienceMs / 1000} s: it neither ended nor called progress. The app stops such a plugin.`;
    // Some time after the timer, so that what can be told as a failed test is.
    const live = (): void => watch?.until(Date.now() + 1.2 * patienceMs + 200, words);
    const rest = (): void => watch?.rest();
    live();
    if (AT_ONCE.includes(name)) {
      try {
        return work(live);
      } finally {
        rest();
      }
    }
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let isOver = false;
      const end = (): void => {
        isOver = true;
        clearTimeout(timer);
        rest();
      };
      const heard = (): void => {
        if (isOver) return;
        clearTimeout(timer);
        live();
        timer = setTimeout(() => {
          stopped = new assert.AssertionError({ message: words });
          end();
          reject(stopped);
        }, patienceMs);
      };
      heard();
      Promise.resolve()
        .then(() => work(heard))
        .finally(() => isOver || end())
        .then(resolve, reject);
    });
  };
  const methods = METHODS.flatMap((name) => {
    const method = (plugin as Plugin & Partial<Record<string, unknown>>)[name];
    if (typeof method !== 'function') return [];
    const run = (input: unknown, context?: PluginContext): unknown =>
      watched(name, (heard): unknown =>
        method.call(
          plugin,
          name === 'write' ? withHeardFrames(input as OutputInput, heard) : input,
          context && withHeardProgress(context, heard),
        ),
      );
    return [[name, run] as const];
  });
  return { ...plugin, ...Object.fromEntries(methods) };
}

function withHeardProgress(context: PluginContext, heard: () => void): PluginContext {
  return {
    ...context,
    progress(fraction, note) {
      heard();
      context.progress(fraction, note);
    },
  };
}

function withHeardFrames(input: OutputInput, heard: () => void): OutputInput {
  return {
    ...input,
    async *frames(cameras) {
      for await (const frame of input.frames(cameras)) {
        heard();
        yield frame;
      }
    },
  };
}
