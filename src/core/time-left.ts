/** Speed is judged by what was done in so long, ms: long enough for a file's slow beginning, short enough to follow another stage's pace. */
const WINDOW_MS = 20_000;
/** Nothing is said before so much is known, ms. */
const LEAST_MS = 4000;
/** Less than this is not worth a word, s. */
const LEAST_LEFT_S = 5;

/** Says how long a job will go on, from how it went lately. */
export class TimeLeft {
  readonly #heard: { atMs: number; overall: number }[] = [];

  /**
   * Takes note of progress.
   * @param overall 0..1 of the whole job, never less than before.
   * @returns seconds; undefined where that cannot be told yet, or is next to nothing.
   */
  heard(overall: number, atMs: number): number | undefined {
    const heard = this.#heard;
    heard.push({ atMs, overall });
    while (heard.length > 2 && heard[1]!.atMs <= atMs - WINDOW_MS) heard.shift();
    const { atMs: sinceMs, overall: before } = heard[0]!;
    if (atMs - sinceMs < LEAST_MS || overall <= before) return undefined;
    const seconds = ((1 - overall) * (atMs - sinceMs)) / (overall - before) / 1000;
    return seconds < LEAST_LEFT_S ? undefined : seconds;
  }
}
