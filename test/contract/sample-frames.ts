import type { Camera, Frame, OutputInput } from '../../src/plugin-api/index.ts';
import { ServeFrames } from '../../src/plugin-host/serve-frames.ts';

/**
 * Frames for outputs where nothing can be rendered: stripes that differ from camera to camera, under the rules of the app. What is asked of them is
 * written down.
 */
export class SampleFrames {
  /** Cameras that frames were asked for with. */
  asked = 0;
  /** Frames that were handed over. */
  given: Frame[] = [];
  /** Whether more pixels were asked for than there may be. */
  isSpent = false;
  /** Pixels that were asked for. */
  pixels = 0;
  readonly #mostPixels: number;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal, mostPixels: number) {
    this.#signal = signal;
    this.#mostPixels = mostPixels;
  }

  /** As an output's input has it. */
  readonly frames: OutputInput['frames'] = (cameras) => this.#serve([...cameras]);

  /** Frames that nobody closed. */
  get left(): number {
    return this.given.filter(({ width }) => width > 0).length;
  }

  async *#serve(cameras: readonly Camera[]): AsyncGenerator<Frame> {
    this.#signal.throwIfAborted();
    const pixels = cameras.reduce((sum, { width, height }) => sum + width * height, 0);
    this.asked += cameras.length;
    if (this.pixels + pixels > this.#mostPixels) {
      this.isSpent = true;
      throw new RangeError(`The suite draws ${this.#mostPixels / 1e6} million pixels.`);
    }
    this.pixels += pixels || 0;
    const served = new ServeFrames(drawn);
    const number = served.start({ cameras });
    try {
      for (;;) {
        this.#signal.throwIfAborted();
        const frame = await served.next({ frames: number });
        if (!frame) return;
        this.given.push(frame);
        yield frame;
      }
    } finally {
      served.endAll();
    }
  }
}

async function* drawn(cameras: Iterable<Camera>): AsyncGenerator<Frame> {
  let number = 0;
  for (const { width, height, c2w } of cameras) {
    const row = new Uint8ClampedArray(4 * width);
    const shift = 7 * number++ + Math.round(1000 * (c2w[3] ?? 0));
    for (let x = 0; x < width; x++) row.set([(4 * (x + shift)) & 255, (2 * x) & 255, (5 * shift) & 255, 255], 4 * x);
    const rgba = new Uint8ClampedArray(4 * width * height);
    for (let y = 0; y < height; y++) rgba.set(row, 4 * y * width);
    yield await createImageBitmap(new ImageData(rgba, width, height));
  }
}
