let last: Promise<void> = Promise.resolve();

/**
 * Waits for its turn and runs: a page with twenty photos converts one at a time instead of starting twenty workers at once.
 * @throws `signal.reason` when cancelled while it waits.
 */
export async function inTurn<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const before = last;
  let done = (): void => undefined;
  last = new Promise((resolve) => (done = resolve));
  try {
    await before;
    signal.throwIfAborted();
    return await run();
  } finally {
    done();
  }
}
