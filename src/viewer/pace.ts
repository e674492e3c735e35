/** What a kind of machine is held to. */
interface Bounds {
  /** Milliseconds that a frame may take while something moves. */
  movingMs: number;
  /** The same for the last one, when it rests. */
  restingMs: number;
  /** The canvas is never smaller than this along its longer side, in pixels. */
  leastSide: number;
  /** Above this, at the smallest size, the view does not sway by itself. */
  tooSlowMs: number;
}

const CARD: Bounds = { movingMs: 33, restingMs: 200, leastSide: 400, tooSlowMs: 120 };
/** A program draws beside the page, which goes on: better slow than blurred, and a slow sway is better than none. */
const PROGRAM: Bounds = { movingMs: 90, restingMs: 900, leastSide: 480, tooSlowMs: Infinity };
/** A guess for the first frame that a program draws. */
const PROGRAM_MS_PER_PIXEL = 0.001;
/** Weight of the latest frame in the running mean. */
const LATEST = 0.35;
/** Sizes change in such steps, so that the picture does not flicker between two. */
const STEP = 0.8;
/** The first frames wait for shaders and textures and tell nothing; judgement needs some more. */
const WARM_UP_FRAMES = 2;
const JUDGED_FRAMES = 10;

/** Finds the size at which a machine keeps up, from the time its frames take. */
export class Pace {
  readonly #isSoftware: boolean;
  readonly #bounds: Bounds;
  /** Mean time of a frame at full size, ms; 0 = none measured yet. */
  #fullMs = 0;
  #scale = 1;
  #isTooSlow = false;
  #frames = 0;

  /** @param isSoftware a program stands in for the graphics card. */
  constructor(isSoftware: boolean) {
    this.#isSoftware = isSoftware;
    this.#bounds = isSoftware ? PROGRAM : CARD;
  }

  /**
   * Takes note of a frame.
   * @param scale size at which it was drawn, 0..1 of the full one.
   * @param full size in pixels.
   */
  took(ms: number, scale: number, full: Size): void {
    if (++this.#frames <= WARM_UP_FRAMES) return;
    const fullMs = ms / (scale * scale);
    this.#fullMs = this.#fullMs === 0 ? fullMs : this.#fullMs + (fullMs - this.#fullMs) * LATEST;
    const least = this.#least(full);
    this.#isTooSlow = this.#frames >= JUDGED_FRAMES && scale <= least * 1.01 && this.#fullMs * least ** 2 > this.#bounds.tooSlowMs;
  }

  /** Size for the next frame, 0..1 of the full one. */
  scale(moves: boolean, full: Size): number {
    const { movingMs, restingMs } = this.#bounds;
    if (!moves) return this.#fit(restingMs, full);
    const wanted = this.#fit(movingMs, full);
    if (wanted < this.#scale || wanted * STEP > this.#scale) this.#scale = Math.max(this.#least(full), stepDown(wanted));
    return this.#scale;
  }

  /** The machine does not keep up even at the smallest size. */
  get isTooSlow(): boolean {
    return this.#isTooSlow;
  }

  #fit(ms: number, full: Size): number {
    const fullMs = this.#fullMs || (this.#isSoftware ? full.width * full.height * PROGRAM_MS_PER_PIXEL : 0);
    return fullMs <= ms ? 1 : Math.max(this.#least(full), Math.sqrt(ms / fullMs));
  }

  #least({ width, height }: Size): number {
    return Math.min(1, this.#bounds.leastSide / Math.max(width, height));
  }
}

interface Size {
  width: number;
  height: number;
}

const stepDown = (scale: number): number => STEP ** Math.ceil(Math.log(scale) / Math.log(STEP) - 1e-6);
