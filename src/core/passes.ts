/**
 * Long work that can be stopped: a generator that yields between its passes over a picture, so that whoever drives it may look
 * at a signal and let messages through. `runPasses` does; `finish` does it all in one go. Passes themselves are plain functions:
 * engines make those fast, and loops inside of generators not.
 */
export type Passes<T> = Generator<void, T, void>;

/** Does work in one go. */
export function finish<T>(work: Passes<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
