/** What a loop drives. */
export interface Stepped {
  /** Moves on; returns whether there is more to come. */
  step(): boolean;
  /**
   * @param moves whether there is more to come; after the last move it is called once more with false.
   * @param isWoken whether something happened since this frame was begun, so that another will follow it.
   * @param onFree called when what draws beside the page is done and its picture is about to be shown: the next frame may begin.
   */
  draw(moves: boolean, isWoken: () => boolean, onFree: () => void): Promise<void> | void;
  /** Seconds until it begins to move by itself, Infinity when it will not. */
  readonly rest: number;
}

/** A frame that took longer is followed by the next at once; else the browser says when: no more frames than a screen shows. */
const SCREEN_MS = 16;

/** Calls for frames while something moves in view, and sleeps otherwise. */
export class FrameLoop {
  readonly #stepped: Stepped;
  readonly #cleanups: (() => void)[] = [];
  readonly #seen = new IntersectionObserver((entries) => {
    this.#isInView = entries.at(-1)?.isIntersecting ?? true;
    this.wake();
  });
  #request = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isInView = true;
  #isDirty = false;
  #isSettled = true;
  #isRunning = false;
  #isBusy = false;
  #isWokenMeanwhile = false;
  /** Frames begun: a frame that is not the last one leaves the rest to it. */
  #begun = 0;

  constructor(stepped: Stepped) {
    this.#stepped = stepped;
    const shown = (): void => this.wake();
    document.addEventListener('visibilitychange', shown);
    this.#cleanups.push(
      () => this.#seen.disconnect(),
      () => document.removeEventListener('visibilitychange', shown),
    );
  }

  /** @param surface what has to be in view, instead of what had to before. */
  watch(surface: Element): void {
    this.#seen.disconnect();
    this.#seen.observe(surface);
  }

  /** Off until there is something to draw. */
  set isRunning(isRunning: boolean) {
    this.#isRunning = isRunning;
    this.wake();
  }

  /** Something else than the motion changed the picture. */
  invalidate(): void {
    this.#isDirty = true;
    this.wake();
  }

  /** The motion has a new goal. */
  wake(): void {
    clearTimeout(this.#timer);
    this.#isWokenMeanwhile = this.#isBusy;
    if (!this.#mayDraw) {
      cancelAnimationFrame(this.#request);
      this.#request = 0;
    } else if (this.#request === 0 && !this.#isBusy) {
      this.#request = requestAnimationFrame(() => void this.#frame());
    }
  }

  dispose(): void {
    this.isRunning = false;
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
  }

  get #mayDraw(): boolean {
    return this.#isRunning && this.#isInView && !document.hidden;
  }

  async #frame(): Promise<void> {
    this.#request = 0;
    const moves = this.#stepped.step();
    if (moves || this.#isDirty || !this.#isSettled) {
      this.#isDirty = false;
      this.#isSettled = !moves;
      this.#isBusy = true;
      this.#isWokenMeanwhile = false;
      const number = ++this.#begun;
      const start = performance.now();
      const follow = (): void => {
        // What draws does not wait until its picture is on the screen.
        if (moves && number === this.#begun && this.#mayDraw && performance.now() - start >= SCREEN_MS) void this.#frame();
      };
      try {
        await this.#stepped.draw(moves, () => this.#isWokenMeanwhile, follow);
      } finally {
        if (number === this.#begun) this.#isBusy = false;
      }
      if (number !== this.#begun) return;
    }
    if (moves || this.#isDirty || this.#isWokenMeanwhile) return this.wake();
    const { rest } = this.#stepped;
    clearTimeout(this.#timer);
    if (rest < Infinity) this.#timer = setTimeout(() => this.wake(), rest * 1000 + 1);
  }
}
