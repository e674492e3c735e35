import type { DownloadProgress } from '../core/index.ts';

/** How far back the speed looks, in ms: long enough to be calm, short enough to follow a change. */
const WINDOW_MS = 5000;

/** Tells a download's speed and the time it still takes. */
export class DownloadRate {
  readonly #seen: { at: number; bytes: number }[] = [];

  progress(receivedBytes: number, totalBytes: number | null, now = performance.now()): DownloadProgress {
    this.#seen.push({ at: now, bytes: receivedBytes });
    while (this.#seen.length > 2 && now - this.#seen[0]!.at > WINDOW_MS) this.#seen.shift();
    const first = this.#seen[0]!;
    const seconds = (now - first.at) / 1000;
    const bytesPerSecond = seconds > 0 ? Math.max(0, receivedBytes - first.bytes) / seconds : 0;
    const secondsLeft = totalBytes !== null && bytesPerSecond > 0 ? Math.max(0, totalBytes - receivedBytes) / bytesPerSecond : null;
    return { receivedBytes, totalBytes, bytesPerSecond, secondsLeft, elsewhere: false };
  }
}
