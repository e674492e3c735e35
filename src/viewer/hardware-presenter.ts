import { nextTask, type Camera, type Scene } from '../core/index.ts';
import type { GpuScene } from './gpu-scene.ts';
import type { HardwareStage } from './hardware-stage.ts';
import type { Presenter, PresenterHooks } from './presenter.ts';

/** Draws by WebGL2, through Babylon, which is loaded when there is something to draw: without a graphics card nobody needs it. */
export class HardwarePresenter implements Presenter {
  readonly kind = 'hardware';
  readonly drawsAtOnce = true;
  readonly canvas = document.createElement('canvas');
  readonly #hooks: PresenterHooks;
  readonly #cleanup = new AbortController();
  #stage: HardwareStage | undefined;
  /** Slow first frames in a row; undefined once it is known to be a card, or a program. */
  #slowFrames: number | undefined;
  #content: GpuScene | undefined;
  #camera: Camera | undefined;
  #isLost = false;

  constructor(hooks: PresenterHooks) {
    this.#hooks = hooks;
    const { signal } = this.#cleanup;
    this.canvas.addEventListener('webglcontextlost', (event) => this.#contextLost(event), { signal });
    this.canvas.addEventListener(
      'webglcontextrestored',
      () => {
        this.#isLost = false;
        hooks.onRestored();
      },
      { signal },
    );
  }

  get scene(): Scene | undefined {
    return this.#content?.scene;
  }

  get bytes(): number {
    return this.#content?.bytes ?? 0;
  }

  get maxSide(): number {
    return this.#stage?.maxSide ?? 4096;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  mayBecome(scene: Scene): boolean {
    return this.#content?.mayBecome(scene) ?? false;
  }

  async take(scene: Scene | null, isLate: () => boolean): Promise<boolean> {
    const isGone = (): boolean => isLate() || this.#isLost || this.#cleanup.signal.aborted;
    if (scene && this.#content?.mayBecome(scene)) {
      const isDone = await this.#content.recolour(scene, isGone);
      if (isDone || isGone()) return isDone;
    }
    this.#content?.dispose();
    this.#content = undefined;
    if (!scene) return false;
    // What brought the scene was one task; starting the graphics is another.
    const [{ HardwareStage }] = await Promise.all([import('./hardware-stage.ts'), nextTask()]);
    if (isGone()) return false;
    if (!this.#stage) {
      this.#stage = new HardwareStage(this.canvas);
      this.#slowFrames = 0;
      await nextTask();
      if (isGone()) return false;
    }
    const content = await this.#stage.upload(scene, isGone);
    if (isGone()) {
      content.dispose();
      return false;
    }
    this.#content = content;
    return true;
  }

  async draw(camera: Camera, _isLate: () => boolean, onShow: () => void): Promise<boolean> {
    const stage = this.#stage;
    const content = this.#content;
    if (!stage || !content) return false;
    const start = performance.now();
    onShow();
    // A canvas that is given a size is empty, and filled again before anybody sees it.
    if (camera.width !== this.canvas.width || camera.height !== this.canvas.height) stage.setSize(camera.width, camera.height);
    this.#drawNow(stage, content, camera);
    if (this.#slowFrames !== undefined) void this.#judge(stage, start);
    return true;
  }

  still(): HTMLCanvasElement | undefined {
    const { width, height } = this.canvas;
    // What was drawn in an earlier task cannot be read any more.
    if (!this.#camera || !this.#stage || !this.#content) return undefined;
    this.#drawNow(this.#stage, this.#content, this.#camera);
    const copy = Object.assign(document.createElement('canvas'), { width, height });
    copy.getContext('2d', { alpha: false })?.drawImage(this.canvas, 0, 0);
    return copy;
  }

  dispose(): void {
    if (this.#cleanup.signal.aborted) return;
    this.#cleanup.abort();
    this.#content?.dispose();
    this.#content = undefined;
    this.#stage?.dispose();
    this.#stage = undefined;
  }

  #drawNow(stage: HardwareStage, content: GpuScene, camera: Camera): void {
    this.#camera = camera;
    stage.draw(content, camera);
  }

  #contextLost(event: Event): void {
    // Without this the browser would never give it back.
    event.preventDefault();
    this.#content = undefined;
    this.#stage?.lose();
    this.#stage = undefined;
    this.#camera = undefined;
    this.#isLost = true;
    this.#hooks.onLost();
  }

  /**
   * Tells a program from a graphics card by the time of the first frames, where the browser hides it: WebKit calls everything
   * “Apple GPU”. Drawn as by a card, a picture that takes seconds would hold up the page, and all that it starts, for as long as it sways.
   */
  async #judge(stage: HardwareStage, start: number): Promise<void> {
    const slow = this.#slowFrames ?? 0;
    this.#slowFrames = undefined;
    await stage.drawn();
    if (stage !== this.#stage || performance.now() - start < SLOW_FRAME_MS) return;
    if (slow + 1 < SLOW_FRAMES) this.#slowFrames = slow + 1;
    else this.#hooks.onUnfit();
  }
}

/** No card takes so long for a frame, but for the first one, for which a driver may compile shaders. */
const SLOW_FRAME_MS = 700;
const SLOW_FRAMES = 2;
