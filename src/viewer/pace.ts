/** What moves the picture: nothing, a person, or the view by itself. */
export type Movement = 'rest' | 'hand' | 'sway';

/** The picture's size in device pixels when nothing is spared; `shownSide` is its longer side in CSS pixels. */
export interface FullSize {
  width: number;
  height: number;
  shownSide: number;
}

/** What a kind of machine is held to. */
interface Bounds {
  /** Milliseconds that a frame may take while somebody looks around, while the view sways, and when it rests. */
  handMs: number;
  swayMs: number;
  restingMs: number;
  /** The canvas is never smaller than this along its longer side, in pixels. */
  leastSide: number;
  /** While the view sways, nor than this share of what is shown, in CSS pixels: nobody asked for a blurred picture. */
  leastSwayShare: number;
  /** Above this, at the smallest size, the view does not sway by itself; below the other it does again. */
  tooSlowMs: number;
  fastAgainMs: number;
  /** What is done for each triangle, whatever the picture's size, takes as long as so many pixels. */
  fixedPixels: number;
  /** Its times are those of the drawing alone, so that they tell at any size what the smallest would take. */
  tellsAtAnySize: boolean;
  /** While so many frames are drawn the program is still compiled: their times count half. */
  compilingFrames: number;
  /** Of so many frames the fastest tells: what slows others down is something else that runs, or a compiler. */
  fastestOf: number;
  /** Frames before it is judged, and slow ones in a row that it takes. */
  judgedFrames: number;
  slowFrames: number;
}

const CARD: Bounds = {
  handMs: 33,
  swayMs: 33,
  restingMs: 200,
  leastSide: 400,
  leastSwayShare: 0,
  tooSlowMs: 120,
  fastAgainMs: 120,
  fixedPixels: 0,
  tellsAtAnySize: false,
  compilingFrames: 0,
  fastestOf: 1,
  judgedFrames: 10,
  slowFrames: 1,
};
/**
 * The software renderer draws beside the page, which goes on: a hand is followed as well as can be, but what nobody asked for is sharp,
 * or stands still.
 */
const WORKERS: Bounds = {
  handMs: 100,
  swayMs: 125,
  restingMs: 2500,
  leastSide: 480,
  leastSwayShare: 0.8,
  tooSlowMs: 220,
  fastAgainMs: 130,
  // Measured on four scenes at 960, 768, 614 and 480 pixels: 460,000 to 540,000.
  fixedPixels: 500_000,
  tellsAtAnySize: true,
  compilingFrames: 10,
  fastestOf: 3,
  judgedFrames: 3,
  slowFrames: 3,
};
/** Weight of the latest frame in the running mean. */
const LATEST = 0.35;
/** Sizes change in such steps, so that the picture does not flicker between two. */
const STEP = 0.8;
/** Part of the time that the full size may take where a smaller one was needed before. */
const TO_SPARE = 0.85;
/** The first frames wait for shaders and textures, or a compiler, and tell nothing; judgement needs some more. */
const WARM_UP_FRAMES = 2;
/** Who waited this long for two frames or more need not see ten. */
const JUDGED_MS = 2000;

/** Finds the size at which a machine keeps up, from the time its frames take. */
export class Pace {
  readonly #bounds: Bounds;
  /** Mean time of a frame at full size, ms; 0 = none measured yet. */
  #fullMs = 0;
  /** Of the last frames. */
  readonly #fullTimes: number[] = [];
  #scale = 1;
  #isTooSlow = false;
  #slowFrames = 0;
  #frames = 0;
  /** Spent on frames after the first ones. */
  #spentMs = 0;

  /** @param isBeside frames are drawn beside the page's work, and their times are those of the drawing alone. */
  constructor(isBeside: boolean) {
    this.#bounds = isBeside ? WORKERS : CARD;
  }

  /**
   * Takes note of a frame.
   * @param scale size at which it was drawn, 0..1 of the full one.
   */
  took(ms: number, scale: number, full: FullSize): void {
    if (++this.#frames <= WARM_UP_FRAMES) return;
    const { judgedFrames, slowFrames, compilingFrames, fastestOf, tellsAtAnySize, tooSlowMs, fastAgainMs } = this.#bounds;
    const compiledMs = this.#frames <= compilingFrames ? ms / 2 : ms;
    this.#fullTimes.push(compiledMs / this.#cost(scale, full));
    if (this.#fullTimes.length > fastestOf) this.#fullTimes.shift();
    const fullMs = Math.min(...this.#fullTimes);
    this.#fullMs = this.#fullMs === 0 ? fullMs : this.#fullMs + (fullMs - this.#fullMs) * LATEST;
    const least = this.#least('sway', full);
    this.#spentMs += ms;
    const isJudged = this.#frames >= judgedFrames || (this.#spentMs > JUDGED_MS && this.#frames > WARM_UP_FRAMES + 1);
    const tells = isJudged && (tellsAtAnySize || scale <= least * 1.01);
    const isSlow = tells && this.#fullMs * this.#cost(least, full) > (this.#isTooSlow ? fastAgainMs : tooSlowMs);
    this.#slowFrames = isSlow ? this.#slowFrames + 1 : 0;
    // One slow frame is something else that ran just then.
    this.#isTooSlow = isSlow && (this.#isTooSlow || this.#slowFrames >= slowFrames);
  }

  /** Size for the next frame, 0..1 of the full one. */
  scale(movement: Movement, full: FullSize): number {
    const { handMs, swayMs, restingMs } = this.#bounds;
    if (movement === 'rest') return this.#fit(restingMs, movement, full);
    const ms = movement === 'hand' ? handMs : swayMs;
    const wanted = this.#fit(ms, movement, full);
    // One step below the full size nothing is a step above it, so that takes time to spare.
    const mayBeFull = this.#scale < 1 && this.#fit(ms * TO_SPARE, movement, full) === 1;
    if (wanted < this.#scale || wanted * STEP > this.#scale || mayBeFull)
      this.#scale = Math.max(this.#least(movement, full), stepDown(wanted));
    return this.#scale;
  }

  /** The machine does not keep up even at the smallest size at which the view sways. */
  get isTooSlow(): boolean {
    return this.#isTooSlow;
  }

  #fit(ms: number, movement: Movement, full: FullSize): number {
    if (this.#fullMs <= ms) return 1;
    const { width, height } = full;
    const { fixedPixels } = this.#bounds;
    const pixels = (ms / this.#fullMs) * (fixedPixels + width * height) - fixedPixels;
    return Math.max(this.#least(movement, full), Math.sqrt(Math.max(0, pixels) / (width * height)));
  }

  /** What a picture of that size takes, of what a full one does. */
  #cost(scale: number, { width, height }: FullSize): number {
    const { fixedPixels } = this.#bounds;
    return (fixedPixels + width * height * scale * scale) / (fixedPixels + width * height);
  }

  #least(movement: Movement, { width, height, shownSide }: FullSize): number {
    const { leastSide, leastSwayShare } = this.#bounds;
    const side = movement === 'sway' ? Math.max(leastSide, leastSwayShare * shownSide) : leastSide;
    return Math.min(1, side / Math.max(width, height));
  }
}

const stepDown = (scale: number): number => STEP ** Math.ceil(Math.log(scale) / Math.log(STEP) - 1e-6);
