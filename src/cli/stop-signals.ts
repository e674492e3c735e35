/** Signals that end a run early, and the exit status that shells expect of each: 128 + its number. */
const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof STATUS;

/** Why a run ended early. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly signal: StopSignal;

  constructor(signal: StopSignal) {
    super('Stopped.');
    this.signal = signal;
  }

  /** Exit status of a run that was stopped so. */
  get status(): number {
    return STATUS[this.signal];
  }
}

/** Signals this soon, in ms, after the first one are the same: npx and timeout pass on what the terminal has sent to all, too. */
const SAME_MS = 1000;

/** The same signal comes again within this time, in ms, if it does. */
const ECHO_MS = 300;

/** The first signal aborts with a {@link Stopped}, so that a run can tidy up and report; a second one ends the process at once. */
export class StopSignals {
  readonly #stop = new AbortController();
  #stoppedAt = 0;
  readonly #listener = (signal: NodeJS.Signals): void => {
    const reason = new Stopped(signal as StopSignal);
    if (!this.#stop.signal.aborted) {
      this.#stoppedAt = performance.now();
      this.#stop.abort(reason);
    } else if (performance.now() - this.#stoppedAt > SAME_MS) process.exit(reason.status);
  };

  constructor() {
    for (const name of Object.keys(STATUS)) process.on(name, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** After a stop the signals stay caught for a moment: the same one may come once more, and would end the process without its exit status. */
  async dispose(): Promise<void> {
    if (this.#stop.signal.aborted) {
      const restMs = ECHO_MS - (performance.now() - this.#stoppedAt);
      if (restMs > 0) await new Promise((resume) => setTimeout(resume, restMs));
      return;
    }
    for (const name of Object.keys(STATUS)) process.off(name, this.#listener);
  }
}
