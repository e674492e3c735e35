import { ThreadsError } from './runtime.ts';

/** Threads of which none answers for so many seconds are given up. */
const PATIENCE_S = 30;

/**
 * Makes WASM's first session, which starts its threads. The runtime waits for ever for a thread whose script was kept out, as it only
 * begins to listen when that has happened already, and for one that never answers; it cannot be started twice.
 *
 * How long silence may last does not go by the clock: only seconds count in which threads have all they need and not one of them answers
 * for the first time, as ticks of this thread, so that a machine's sleep is none. They are given 30, or as long as it took to load and
 * compile what they run, which is far more work on the same machine; and giving up costs threads, not the answer.
 *
 * Firefox makes a worker wait inside `new Worker` for the page, and about one time in fifty that never ends: this thread then says
 * nothing more. So it says every second that it is there, and whoever hears that can replace it.
 * @param tell told true at the beginning and every second until all threads have answered, then false.
 * @throws ThreadsError where threads cannot be started.
 */
export async function withThreads<T>(start: () => Promise<T>, tell: (isStarting: boolean) => void = () => {}): Promise<T> {
  const scope = globalThis as { Worker?: typeof Worker; addEventListener?: typeof addEventListener };
  const { Worker: Own } = scope;
  const isOver = new AbortController();
  const { signal } = isOver;
  let silent = 0;
  let secondsBefore = 0;
  let secondsSilent = 0;
  let clock: ReturnType<typeof setInterval> | undefined;
  let isStarting = true;
  /** A session is made in one go then, which may take long. */
  const haveAnswered = (): void => {
    if (isStarting) tell((isStarting = false));
  };
  const failed = new Promise<never>((_, reject) => {
    const report = (event: Event): void => {
      event.preventDefault();
      reject(new ThreadsError('a thread could not be started', { cause: event }));
    };
    // What a thread reports later is thrown out of the runtime's own handler.
    scope.addEventListener?.('error', report, { signal });
    clock = setInterval(() => {
      if (isStarting) tell(true);
      if (silent === 0) secondsBefore++;
      else if (++secondsSilent >= Math.max(PATIENCE_S, secondsBefore)) reject(new ThreadsError('threads do not answer'));
    }, 1000);
    if (!Own) return;
    scope.Worker = class extends Own {
      #isAsked = false;

      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        this.addEventListener('error', report, { signal });
        this.addEventListener(
          'message',
          () => {
            secondsSilent = 0;
            if (--silent === 0) haveAnswered();
          },
          { signal, once: true },
        );
      }

      /** The first message hands over all that a thread needs. */
      override postMessage(message: unknown, more?: Transferable[] | StructuredSerializeOptions): void {
        if (!this.#isAsked) silent++;
        this.#isAsked = true;
        super.postMessage(message, more as StructuredSerializeOptions);
      }
    };
  });
  tell(true);
  try {
    return await Promise.race([start(), failed]);
  } catch (error) {
    const isRefused = error instanceof Error && /no available backend found.*\bWorker\b/is.test(error.message);
    throw isRefused ? new ThreadsError('threads are not allowed', { cause: error }) : error;
  } finally {
    isOver.abort();
    clearInterval(clock);
    haveAnswered();
    if (Own) scope.Worker = Own;
  }
}
