import { nextTask, type Camera, type Scene } from '../core/index.ts';
import { DrawingWorkers, type OpenScene } from '../raster/index.ts';
import { mayDifferInColours } from './changed-colours.ts';
import type { Presenter, PresenterHooks, StartPresenter } from './presenter.ts';

/** Starts the software renderer for the viewers of a page: they share its workers. @param createWorker starts one that calls `serveRaster`. */
export function softwareDrawing(createWorker: () => Worker): StartPresenter {
  let workers: DrawingWorkers | undefined;
  return (hooks) => new RasterPresenter((workers ??= new DrawingWorkers(createWorker)), hooks);
}

/** Draws by our own software renderer, in workers, on a 2D canvas. */
export class RasterPresenter implements Presenter {
  readonly kind = 'software';
  readonly canvas = document.createElement('canvas');
  readonly maxSide = 8192;
  readonly isLost = false;
  readonly drawsAtOnce = false;
  readonly #workers: DrawingWorkers;
  readonly #hooks: PresenterHooks;
  readonly #context: CanvasRenderingContext2D | null;
  #scene: Scene | undefined;
  #open: OpenScene | undefined;
  #hasDrawn = false;
  #isDisposed = false;

  constructor(workers: DrawingWorkers, hooks: PresenterHooks) {
    this.#workers = workers;
    this.#hooks = hooks;
    this.#context = this.canvas.getContext('2d', { alpha: false });
  }

  get scene(): Scene | undefined {
    return this.#scene;
  }

  get bytes(): number {
    return this.#open?.bytes ?? 0;
  }

  mayBecome(scene: Scene): boolean {
    return this.#scene !== undefined && mayDifferInColours(this.#scene, scene);
  }

  async take(scene: Scene | null, isLate: () => boolean): Promise<boolean> {
    if (!scene || !this.mayBecome(scene)) this.#close();
    if (!scene) return false;
    const isGone = (): boolean => isLate() || this.#isDisposed;
    // What brought the scene was one task; handing it over is another.
    await nextTask();
    const opened = isGone() ? undefined : await this.#workers.open(scene, isGone);
    if (!opened) return false;
    this.#close();
    this.#scene = scene;
    this.#open = opened;
    return true;
  }

  async draw(camera: Camera, isLate: () => boolean, onShow: () => void): Promise<boolean> {
    const open = this.#open;
    if (!open) return false;
    try {
      const bands = await open.draw(camera);
      if (this.#isDisposed || open !== this.#open || isLate()) return false;
      onShow();
      const { canvas } = this;
      const { width, height } = camera;
      // A canvas that is given a size is empty, and filled again before anybody sees it.
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      for (const { y, height: rows, rgba } of bands) this.#context?.putImageData(new ImageData(rgba, width, rows), 0, y);
      this.#hasDrawn = true;
      return true;
    } catch (error) {
      if (this.#isDisposed || open !== this.#open) return false;
      this.#close();
      this.#hooks.onUnfit(error);
      return false;
    }
  }

  still(): HTMLCanvasElement | undefined {
    if (!this.#hasDrawn) return undefined;
    const { width, height } = this.canvas;
    const copy = Object.assign(document.createElement('canvas'), { width, height });
    copy.getContext('2d', { alpha: false })?.drawImage(this.canvas, 0, 0);
    return copy;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#close();
  }

  #close(): void {
    this.#open?.close();
    this.#open = undefined;
    this.#scene = undefined;
  }
}
