import { throwIfAborted } from './unflat-error.ts';
import { EventLoop } from './event-loop.ts';
import type { Passes } from './passes.ts';

/** Milliseconds of work between two looks at the signal. */
const PIECE_MS = 24;

/**
 * Does long work in pieces of about 24 ms. Between them the thread handles its messages, an abort among them.
 * @throws `signal.reason` soon after the signal aborts.
 */
export async function runPasses<T>(work: Passes<T>, signal: AbortSignal): Promise<T> {
  throwIfAborted(signal);
  let loop: EventLoop | undefined;
  try {
    for (let since = performance.now(); ;) {
      const step = work.next();
      // What the work itself calls may have aborted it: progress, for one.
      throwIfAborted(signal);
      if (performance.now() - since < PIECE_MS) {
        if (step.done) return step.value;
        continue;
      }
      await (loop ??= new EventLoop()).turn();
      throwIfAborted(signal);
      // Whoever comes next begins a piece of its own.
      if (step.done) return step.value;
      since = performance.now();
    }
  } finally {
    loop?.dispose();
  }
}
