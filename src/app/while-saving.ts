import type { SaveQueue } from './save-queue.ts';

/**
 * While files are being saved, leaving the page asks first and the screen stays on: a phone that goes to sleep stops the work.
 * @returns what takes both away.
 */
export function whileSaving(saves: SaveQueue): () => void {
  const screen = new ScreenLock();
  let isSaving = false;
  const ask = (event: BeforeUnloadEvent): void => {
    event.preventDefault();
    // Older browsers ask only where this is set.
    // oxlint-disable-next-line typescript/no-deprecated
    event.returnValue = true;
  };
  const turn = (saving: boolean): void => {
    if (isSaving === saving) return;
    isSaving = saving;
    // Only as long as something would be lost: a page that may ask is not kept for the back button.
    if (saving) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
    screen.hold(saving);
  };
  const follow = (): void => turn(saves.working);
  saves.addEventListener('change', follow);
  return () => {
    saves.removeEventListener('change', follow);
    turn(false);
  };
}

/** Keeps the screen on where the browser can; it lets go of the lock when the page is hidden, so it is asked for again. */
class ScreenLock {
  #lock: WakeLockSentinel | undefined;
  #held = false;
  readonly #again = (): void => void (document.visibilityState === 'visible' && this.#ask());

  hold(held: boolean): void {
    this.#held = held;
    if (held) {
      document.addEventListener('visibilitychange', this.#again);
      void this.#ask();
    } else {
      document.removeEventListener('visibilitychange', this.#again);
      void this.#lock?.release();
      this.#lock = undefined;
    }
  }

  async #ask(): Promise<void> {
    if (this.#lock && !this.#lock.released) return;
    // Refused on a low battery, and unknown to some browsers: the screen then sleeps as ever.
    const lock = await (navigator.wakeLock as WakeLock | undefined)?.request('screen').catch(() => undefined);
    if (!this.#held) void lock?.release();
    else this.#lock = lock;
  }
}
