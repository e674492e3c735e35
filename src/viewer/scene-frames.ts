import type { Camera, Raster, Scene } from '../core/index.ts';
import { FrameWorkers } from '../raster/index.ts';
import { FrameRenderer } from './frame-renderer.ts';
import { gpuIsProgram } from './gpu-is-program.ts';
import type { RendererKind } from './presenter.ts';

/**
 * Pictures of a scene for files, from whichever renderer is faster here: the graphics card, or the software renderer in as many workers
 * as there are cores where a program stands in for the card. All videos of a scene share it.
 */
export class SceneFrames {
  readonly kind: RendererKind;
  readonly #renderer: FrameRenderer | FrameWorkers;

  /** @param createWorker starts a worker that calls `serveRaster`. @param kind default what is faster here. */
  constructor(scene: Scene, createWorker: () => Worker, kind: RendererKind = gpuIsProgram() ? 'software' : 'hardware') {
    this.kind = kind;
    this.#renderer = kind === 'software' ? new FrameWorkers(scene, { createWorker }) : new FrameRenderer(scene);
  }

  /** One picture a camera, in their order; the receiver closes them. @throws as FrameRenderer and FrameWorkers. */
  async *frames(cameras: Iterable<Camera>): AsyncGenerator<ImageBitmap> {
    const renderer = this.#renderer;
    if (renderer instanceof FrameWorkers) yield* renderer.frames(cameras);
    else for (const camera of cameras) yield await renderer.render(camera);
  }

  /** One picture as numbers, with three samples a pixel along each axis at silhouettes. @throws as `frames`. */
  readPixels(camera: Camera): Promise<Raster> {
    return this.#renderer.readPixels(camera);
  }

  /** Idempotent. */
  dispose(): void {
    this.#renderer.dispose();
  }
}
