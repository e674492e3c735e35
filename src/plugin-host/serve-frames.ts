import type { Camera, Frame } from '../plugin-api/index.ts';
import { asRecord } from './as-record.ts';

/** What one call may have rendered: as much as three minutes of video of 2160 × 1080. */
const MOST_FRAMES = 5400;
const MOST_PX = 4096;
const MOST_PIXELS = 1.3e10;
/** Asked for side by side. */
const MOST_AT_ONCE = 4;

/** The frames that one call of an output asks for. Cameras are a stranger's numbers: checked and copied before the renderer sees them. */
export class ServeFrames {
  readonly #render: (cameras: Iterable<Camera>) => AsyncIterable<Frame>;
  readonly #open = new Map<number, AsyncIterator<Frame>>();
  #next = 1;
  #frames = 0;
  #pixels = 0;

  constructor(render: (cameras: Iterable<Camera>) => AsyncIterable<Frame>) {
    this.#render = render;
  }

  /** @returns the number under which the frames are asked for. @throws TypeError and RangeError for what cannot be rendered. */
  start(value: unknown): number {
    const { cameras } = asRecord(value);
    if (!Array.isArray(cameras) || cameras.length > MOST_FRAMES)
      throw new TypeError(`frames takes a list of at most ${MOST_FRAMES} cameras.`);
    const checked = cameras.map(cameraOf);
    const [first] = checked;
    if (checked.some(({ width, height }) => width !== first?.width || height !== first.height))
      throw new TypeError('frames: all cameras of one call must have one size.');
    const frames = this.#frames + checked.length;
    const pixels = this.#pixels + checked.length * (first ? first.width * first.height : 0);
    if (frames > MOST_FRAMES || pixels > MOST_PIXELS) throw new RangeError('frames: a plugin may not have so many rendered.');
    if (this.#open.size >= MOST_AT_ONCE) throw new RangeError('frames: end the frames that were asked for before.');
    this.#frames = frames;
    this.#pixels = pixels;
    const number = this.#next++;
    this.#open.set(number, this.#render(checked)[Symbol.asyncIterator]());
    return number;
  }

  /** @returns undefined behind the last one. */
  async next(value: unknown): Promise<Frame | undefined> {
    const number = Number(asRecord(value)['frames']);
    const next = await this.#open.get(number)?.next();
    if (next && next.done !== true) return next.value;
    this.#open.delete(number);
    return undefined;
  }

  async end(value: unknown): Promise<void> {
    const number = Number(asRecord(value)['frames']);
    const frames = this.#open.get(number);
    this.#open.delete(number);
    await frames?.return?.();
  }

  /** The call is over. */
  endAll(): void {
    for (const frames of this.#open.values()) void Promise.resolve(frames.return?.()).catch(() => {});
    this.#open.clear();
  }
}

function cameraOf(value: unknown): Camera {
  const { width, height, fx, fy, cx, cy, c2w } = asRecord(value);
  const isSide = (side: unknown): side is number => typeof side === 'number' && Number.isInteger(side) && side >= 1 && side <= MOST_PX;
  const isNumber = (each: unknown, most: number): each is number => typeof each === 'number' && Math.abs(each) <= most;
  if (!isSide(width) || !isSide(height))
    throw new TypeError(`frames: a camera’s width and height must be whole numbers from 1 to ${MOST_PX}.`);
  if (!isNumber(fx, 1e6) || !isNumber(fy, 1e6) || fx <= 0 || fy <= 0 || !isNumber(cx, 1e6) || !isNumber(cy, 1e6))
    throw new TypeError('frames: a camera’s fx, fy, cx and cy must be numbers, fx and fy above 0.');
  if (!Array.isArray(c2w) || c2w.length !== 16 || !c2w.every((each): each is number => isNumber(each, 1e9)))
    throw new TypeError('frames: a camera’s c2w must be 16 numbers.');
  // Written in columns, as other programs have it, a move would be lost without a word.
  if (c2w.slice(12).join() !== '0,0,0,1')
    throw new TypeError('frames: a camera’s c2w must be given in rows, the last of them 0, 0, 0, 1; translation(x, y, z) makes one.');
  return { width, height, fx, fy, cx, cy, c2w: [...c2w] };
}
