/** The end of each queue. */
const last = new Map<string, Promise<void>>();

/**
 * Waits for its turn and runs: a page with twenty photos converts one at a time instead of starting twenty workers at once.
 * @param queue those of different queues do not wait for each other.
 * @throws `signal.reason` when cancelled while it waits.
 */
export async function inTurn<T>(signal: AbortSignal, queue: 'convert' | 'look', run: () => Promise<T>): Promise<T> {
  const before = last.get(queue);
  let done = (): void => undefined;
  last.set(queue, new Promise((resolve) => (done = resolve)));
  try {
    await before;
    signal.throwIfAborted();
    return await run();
  } finally {
    done();
  }
}
