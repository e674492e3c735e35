/** One at a time by name, in all windows of this origin where the browser has locks, else in this one. */
const here = new Map<string, Promise<void>>();

interface Waiting {
  signal?: AbortSignal;
  /** Called when somebody else is at it, before the wait. */
  onWait?(): void;
}

/** Runs `work` when its turn has come. @throws `signal.reason` when stopped while waiting. */
export async function withLock<T>(name: string, work: () => Promise<T>, { signal, onWait }: Waiting = {}): Promise<T> {
  signal?.throwIfAborted();
  const locks = (globalThis.navigator as NavigatorLocks | undefined)?.locks;
  if (!locks) return inTurnHere(name, work, { ...(signal && { signal }), ...(onWait && { onWait }) });
  const busy = Symbol('busy');
  const first = await locks.request(name, { ifAvailable: true }, async (lock) => (lock ? work() : busy));
  if (first !== busy) return first;
  onWait?.();
  try {
    return (await locks.request(name, signal ? { signal } : {}, work)) as T;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

async function inTurnHere<T>(name: string, work: () => Promise<T>, { signal, onWait }: Waiting): Promise<T> {
  for (let before = here.get(name); before; before = here.get(name)) {
    onWait?.();
    onWait = undefined;
    await Promise.race([before, stopped(signal)]);
  }
  const run = work();
  const done = run
    .then(
      () => {},
      () => {},
    )
    .finally(() => here.delete(name));
  here.set(name, done);
  return run;
}

function stopped(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
