/** Degrees of tilt from the middle of the eyebox to its side. */
const FULL_DEG = 18;
/** A device that lies on a table still trembles in its numbers; smaller changes are not passed on. */
const TREMOR = 0.006;
/** Seconds in which the way one holds the device becomes the new middle. */
const SETTLE_S = 8;

type Permission = { requestPermission?: () => Promise<'granted' | 'denied'> };

/** True on iOS until the person has allowed pages to follow the tilt; then `Tilt.ask` must be called in a tap. */
export function tiltNeedsPermission(): boolean {
  // Desktop browsers have the question, too, and nothing that tilts.
  return (
    typeof DeviceOrientationEvent !== 'undefined' &&
    'requestPermission' in DeviceOrientationEvent &&
    !isAllowed &&
    matchMedia('(pointer: coarse)').matches
  );
}

let isAllowed = false;
/** What waits for the permission: the person gives it once, for the whole page. */
const waiting = new Set<() => void>();

/**
 * Asks the person whether the page may follow the tilt, for all of its pictures; to be called in a tap.
 * @returns whether it may: true where nobody has to be asked.
 */
export async function allowTilt(): Promise<boolean> {
  if (tiltNeedsPermission()) {
    const { requestPermission } = DeviceOrientationEvent as unknown as Permission;
    // Asked outside of a tap it throws, which is as good as a no: looking around by hand goes on.
    const answer = await requestPermission?.call(DeviceOrientationEvent).catch(() => 'denied' as const);
    isAllowed = answer === 'granted';
    if (isAllowed) for (const follow of waiting) follow();
    if (isAllowed) waiting.clear();
  }
  return !tiltNeedsPermission();
}

/** Follows the tilt of the device, where there is one and the person lets it. */
export class Tilt {
  readonly #onTilt: (look: { x: number; y: number }) => void;
  readonly #cleanup = new AbortController();
  #middle: { x: number; y: number } | undefined;
  #told = { x: 0, y: 0 };
  #lastMs = 0;
  #isFollowing = false;

  /**
   * @param surface a tap on it asks for the permission, once, where one is needed.
   * @param onTilt gets the place in the eyebox that the tilt asks for; 0, 0 is how the device was held of late.
   */
  constructor(surface: HTMLElement, onTilt: (look: { x: number; y: number }) => void) {
    this.#onTilt = onTilt;
    if (typeof DeviceOrientationEvent === 'undefined') return;
    if (!tiltNeedsPermission()) this.#follow();
    else {
      const { signal } = this.#cleanup;
      const follow = (): void => this.#follow();
      waiting.add(follow);
      signal.addEventListener('abort', () => waiting.delete(follow));
      surface.addEventListener('click', () => void this.ask(), { signal, once: true });
    }
  }

  /** Asks for the permission; to be called in a tap. Answers whether the tilt is followed. */
  async ask(): Promise<boolean> {
    if (await allowTilt()) this.#follow();
    return this.#isFollowing;
  }

  dispose(): void {
    this.#cleanup.abort();
  }

  #follow(): void {
    const { signal } = this.#cleanup;
    if (this.#isFollowing || signal.aborted || typeof DeviceOrientationEvent === 'undefined') return;
    this.#isFollowing = true;
    addEventListener('deviceorientation', (event) => this.#turned(event), { signal });
  }

  #turned({ beta, gamma, timeStamp }: DeviceOrientationEvent): void {
    if (beta === null || gamma === null || document.hidden) return;
    const tilt = onScreen(beta, gamma, screen.orientation?.angle ?? 0);
    const seconds = Math.min(1, (timeStamp - this.#lastMs) / 1000);
    this.#lastMs = timeStamp;
    // Turned over, or just taken up: start from here.
    const isFar = this.#middle && Math.max(Math.abs(tilt.x - this.#middle.x), Math.abs(tilt.y - this.#middle.y)) > 60;
    const middle = (this.#middle = !this.#middle || isFar ? { ...tilt } : this.#middle);
    const settle = 1 - Math.exp(-seconds / SETTLE_S);
    middle.x += (tilt.x - middle.x) * settle;
    middle.y += (tilt.y - middle.y) * settle;
    const look = { x: (tilt.x - middle.x) / FULL_DEG, y: -(tilt.y - middle.y) / FULL_DEG };
    if (Math.abs(look.x - this.#told.x) < TREMOR && Math.abs(look.y - this.#told.y) < TREMOR) return;
    this.#told = look;
    this.#onTilt(look);
  }
}

/** Degrees by which the screen is turned to the right (x) and upwards (y), however it is held. */
function onScreen(beta: number, gamma: number, angle: number): { x: number; y: number } {
  if (angle === 90) return { x: beta, y: -gamma };
  if (angle === 270) return { x: -beta, y: gamma };
  if (angle === 180) return { x: -gamma, y: -beta };
  return { x: gamma, y: beta };
}
