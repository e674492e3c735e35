type Queue = 'convert' | 'look';

/** The end of each queue. */
const last = new Map<Queue, Promise<void>>();
/** How many are in each queue, the one at work included. */
const counts = new Map<Queue, number>();

/** Whether somebody is at work in that queue, or waits there. */
export function isTaken(queue: Queue): boolean {
  return (counts.get(queue) ?? 0) > 0;
}

/**
 * Waits for its turn and runs: a page with twenty photos converts one at a time instead of starting twenty workers at once.
 * @param queue those of different queues do not wait for each other.
 * @throws `signal.reason` when cancelled while it waits.
 */
export async function inTurn<T>(signal: AbortSignal, queue: Queue, run: () => Promise<T>): Promise<T> {
  const before = last.get(queue);
  let done = (): void => undefined;
  last.set(queue, new Promise((resolve) => (done = resolve)));
  counts.set(queue, (counts.get(queue) ?? 0) + 1);
  try {
    await before;
    signal.throwIfAborted();
    return await run();
  } finally {
    counts.set(queue, (counts.get(queue) ?? 1) - 1);
    done();
  }
}
