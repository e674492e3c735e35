import { UnflatError, type Camera, type Raster, type Scene } from '../core/index.ts';
import { FrameTarget } from './frame-target.ts';

export interface RenderOptions {
  /**
   * Samples a pixel along each axis, integer 1..8; fewer where the picture would not fit the GPU. Default 3 for
   * `readPixels`; for `render` 2, and 1 where a program stands in for the graphics card: outlines are antialiased without it too.
   */
  supersample?: number;
}

/** Renders a scene to pictures, on a GPU context of its own and at exactly the size asked for. */
export class FrameRenderer {
  readonly #scene: Scene;
  #target: Promise<FrameTarget> | undefined;
  /** Pictures are drawn one after the other: they share their targets. */
  #last: Promise<unknown> = Promise.resolve();
  #isDisposed = false;

  /** The scene must not change while the renderer lives. */
  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /**
   * One picture as seen by `camera`, opaque; the receiver closes it.
   * @throws UnflatError `graphics-unavailable`, or `bad-camera` when the picture's size or lens cannot be drawn.
   */
  render(camera: Camera, options: RenderOptions = {}): Promise<ImageBitmap> {
    const wanted = checkSupersample(options.supersample);
    return this.#draw(camera, (target) => target.bitmap(camera, target.fittingSamples(camera, wanted ?? (target.isSoftware ? 1 : 2))));
  }

  /**
   * The same picture as numbers, upright.
   * @throws as `render`.
   */
  async readPixels(camera: Camera, options: RenderOptions = {}): Promise<Raster> {
    const wanted = checkSupersample(options.supersample) ?? 3;
    const rgba = await this.#draw(camera, (target) => target.pixels(camera, target.fittingSamples(camera, wanted)));
    return { width: camera.width, height: camera.height, rgba };
  }

  /** Bytes of GPU memory of the scene's textures and buffers; 0 before the first picture. */
  async gpuBytes(): Promise<number> {
    return (await this.#target)?.bytes ?? 0;
  }

  /** Gives the GPU context back. Idempotent. */
  dispose(): void {
    this.#isDisposed = true;
    void this.#last.then(() => this.#drop());
  }

  async #draw<T>(camera: Camera, take: (target: FrameTarget) => Promise<T>): Promise<T> {
    checkCamera(camera);
    const before = this.#last;
    const picture = before.then(() => this.#take(take));
    this.#last = picture.catch(() => undefined);
    return picture;
  }

  async #take<T>(take: (target: FrameTarget) => Promise<T>): Promise<T> {
    // A context lost meanwhile (the machine slept, another page took the GPU) is replaced, once.
    for (let attempt = 0; ; attempt++) {
      if (this.#isDisposed) throw new TypeError('FrameRenderer was used after dispose()');
      this.#target ??= startTarget(this.#scene);
      const target = await this.#target;
      const result = target.isLost ? undefined : await take(target);
      if (result !== undefined && !target.isLost) return result;
      if (result instanceof ImageBitmap) result.close();
      this.#drop();
      if (attempt === 1) {
        throw new UnflatError(
          'graphics-unavailable',
          'The graphics card stopped while drawing; close other pages that use it and try again.',
        );
      }
    }
  }

  #drop(): void {
    this.#target?.then(
      (target) => target.dispose(),
      () => undefined,
    );
    this.#target = undefined;
  }
}

async function startTarget(scene: Scene): Promise<FrameTarget> {
  return new FrameTarget(scene).ready();
}

function checkSupersample(value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= 8)) return value;
  throw new TypeError(`options.supersample must be an integer from 1 to 8, got ${value}`);
}

function checkCamera(camera: Camera): void {
  const { width, height, fx, fy, cx, cy, c2w } = camera;
  for (const [name, value] of Object.entries({ width, height })) {
    if (!Number.isInteger(value) || value < 1 || value > 8192) {
      throw new UnflatError('bad-camera', `A camera's ${name} must be a whole number of pixels from 1 to 8192, but is ${value}.`);
    }
  }
  for (const [name, value] of Object.entries({ fx, fy })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new UnflatError('bad-camera', `A camera's ${name} must be a positive number of pixels, but is ${value}.`);
  }
  if (!Number.isFinite(cx) || !Number.isFinite(cy) || c2w.length !== 16 || !c2w.every(Number.isFinite)) {
    throw new UnflatError('bad-camera', "A camera's cx, cy must be numbers and its c2w a 4×4 matrix of numbers.");
  }
}
