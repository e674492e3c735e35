import type { Look } from './framing.ts';

/** Seconds in which the view covers most of the way to where it is asked to be, by hand and when it sways. */
const SMOOTH_S = 0.11;
const SWAY_SMOOTH_S = 0.6;
/** Seconds without a touch after which the view begins to sway, and the same for a new scene. */
const IDLE_S = 2.5;
const FIRST_IDLE_S = 0.6;
/** Sway: part of the eyebox, and seconds a round, none a multiple of another. */
const SWAY: Look = { x: 0.55, y: 0.3, z: 0.15 };
const ROUND_S: Look = { x: 7.3, y: 10.1, z: 13.7 };
/** Part of the eyebox within which the view goes just where it is asked to be. */
const FREE = 0.8;
/** A step is never longer than this, in seconds: while a hand is followed, and else. */
const LONGEST_S = 0.25;
const LONGEST_GENTLE_S = 0.05;
/** Nearer than this to its goal the view stands still. */
const STILL = 4e-4;
/** Nearer than this to the middle nobody sees a jump there. */
const UNSEEN = 0.03;
const AXES = ['x', 'y', 'z'] as const;

/** Where the view is and where it is going. */
export class Motion {
  readonly #clock: () => number;
  readonly #now: Look = { x: 0, y: 0, z: 0 };
  readonly #speed: Look = { x: 0, y: 0, z: 0 };
  readonly #goal: Look = { x: 0, y: 0, z: 0 };
  #sways = false;
  #isHeld = false;
  #idleFrom = 0;
  #swayTime = 0;
  #lastStep = -Infinity;
  /** Whether the last step was not the last. */
  #moves = false;

  /** @param clock seconds, from any start. */
  constructor(clock: () => number = () => performance.now() / 1000) {
    this.#clock = clock;
    this.restart();
  }

  /** Where the view is. */
  get look(): Look {
    return { ...this.#now };
  }

  /** Where the view is going: x and y within the unit circle, z −1..1. */
  get goal(): Look {
    return { ...this.#goal };
  }

  /** To the middle at once, as for a new scene. */
  restart(): void {
    this.goTo({ x: 0, y: 0, z: 0 }, true);
    this.#idleFrom = this.#clock() - IDLE_S + FIRST_IDLE_S;
  }

  /** Asks for a place; what lies outside the eyebox is bent into it. `atOnce` leaves out the way. */
  goTo(look: Partial<Look>, atOnce = false): void {
    this.#touch();
    const asked = unlimited(this.#goal);
    for (const axis of AXES) {
      const value = look[axis];
      if (value !== undefined && Number.isFinite(value)) asked[axis] = value;
    }
    Object.assign(this.#goal, limited(asked));
    if (!atOnce) return;
    for (const axis of AXES) {
      this.#now[axis] = this.#goal[axis];
      this.#speed[axis] = 0;
    }
  }

  /** While held (a finger is down) nothing sways. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#touch();
  }

  /** Whether the view sways when nobody touches it. Default false. */
  get sways(): boolean {
    return this.#sways;
  }

  set sways(sways: boolean) {
    // Hardly on its way, it need not come back slowly.
    if (this.#sways && !sways && this.rest === 0)
      this.goTo(
        { x: 0, y: 0, z: 0 },
        AXES.every((axis) => Math.abs(this.#now[axis]) < UNSEEN),
      );
    this.#sways = sways;
  }

  /** Seconds until the view begins to sway by itself: 0 while it does, Infinity when it will not. */
  get rest(): number {
    if (!this.#sways || this.#isHeld) return Infinity;
    return Math.max(0, this.#idleFrom + IDLE_S - this.#clock());
  }

  /**
   * Moves on by the time that passed since the last step; a long gap counts as a short one, at rest and in a sway a shorter one:
   * a slow machine follows the hand in steps, and sways slowly. Returns whether the view still moves.
   */
  step(): boolean {
    const now = this.#clock();
    const isSwaying = this.rest === 0;
    const dt = Math.min(this.#moves && !isSwaying ? LONGEST_S : LONGEST_GENTLE_S, Math.max(0, now - this.#lastStep));
    this.#lastStep = now;
    if (isSwaying) {
      this.#swayTime += dt;
      for (const axis of AXES) this.#goal[axis] = SWAY[axis] * Math.sin((2 * Math.PI * this.#swayTime) / ROUND_S[axis]);
    }
    // Critically damped springs, solved exactly, so that they are stable at any frame rate.
    const rate = 2 / (isSwaying ? SWAY_SMOOTH_S : SMOOTH_S);
    const decay = Math.exp(-rate * dt);
    let moves = isSwaying;
    for (const axis of AXES) {
      const away = this.#now[axis] - this.#goal[axis];
      const push = (this.#speed[axis] + rate * away) * dt;
      this.#now[axis] = this.#goal[axis] + (away + push) * decay;
      this.#speed[axis] = (this.#speed[axis] - rate * push) * decay;
      if (Math.abs(this.#now[axis] - this.#goal[axis]) > STILL || Math.abs(this.#speed[axis]) > STILL) moves = true;
    }
    if (!moves) Object.assign(this.#now, this.#goal);
    this.#moves = moves;
    return moves;
  }

  #touch(): void {
    this.#idleFrom = this.#clock();
    this.#swayTime = 0;
  }
}

/** Bends a place into the eyebox, which is round: the layers reach as far as a camera sees that goes so far, in any direction. */
export function limited({ x, y, z }: Look): Look {
  const radius = Math.hypot(x, y);
  const share = radius > 0 ? softLimit(radius) / radius : 1;
  return { x: x * share, y: y * share, z: softLimit(z) };
}

/** What `limited` makes that place of, for places in the eyebox. */
export function unlimited({ x, y, z }: Look): Look {
  const radius = Math.hypot(x, y);
  const share = radius > 0 ? unbent(radius) / radius : 1;
  return { x: x * share, y: y * share, z: unbent(z) };
}

/** Lets −FREE..FREE through and bends what goes further so that it never passes ±1. */
function softLimit(value: number): number {
  const beyond = Math.abs(value) - FREE;
  return beyond <= 0 ? value : Math.sign(value) * (FREE + (1 - FREE) * Math.tanh(beyond / (1 - FREE)));
}

/** The inverse of `softLimit`. */
function unbent(value: number): number {
  const beyond = Math.min(Math.abs(value), 1 - 1e-9) - FREE;
  return beyond <= 0 ? value : Math.sign(value) * (FREE + (1 - FREE) * Math.atanh(beyond / (1 - FREE)));
}
