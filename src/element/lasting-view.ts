import { UnflatError, type Scene } from '../core/index.ts';
import { Viewer, type ViewerOptions } from '../viewer/index.ts';

export interface LastingViewHooks {
  /** How the picture is shown now. */
  options(): Pick<ViewerOptions, 'focus'> & Required<Pick<ViewerOptions, 'fit' | 'motion' | 'strength'>>;
  /** These belong on the page, the last one on top. */
  onCanvases(canvases: readonly HTMLCanvasElement[]): void;
  /** As of `ViewerOptions`. */
  onTakeOver(): void;
  onFirstFrame(): void;
  /** There is nothing on the canvas; `onFirstFrame` follows, or `onFlat`. */
  onLost(): void;
  /** The graphics did not come back by themselves and are started anew, on another canvas. */
  onRestart(): void;
  /** The scene cannot be shown in 3D: it gets an UnflatError `graphics-lost` or `graphics-unavailable`. `onFirstFrame` may still follow. */
  onFlat(error: unknown): void;
}

/** A context that is lost again sooner than this after a restart is not tried a third time for the same photo. */
const STEADY_MS = 60_000;

/**
 * Shows scenes in 3D, also after the GPU's context was lost for good: then it tries once on a new canvas, once more for each later
 * scene, and takes whichever context comes back first.
 */
export class LastingView {
  readonly #hooks: LastingViewHooks;
  #viewer: Viewer | undefined;
  /** One before the restart that had a context; it may still come back. */
  #former: Viewer | undefined;
  #scene: Scene | undefined;
  #isStopped = false;
  #isFlat = false;
  #wasRestarted = false;
  #drawnAt = 0;

  constructor(hooks: LastingViewHooks) {
    this.#hooks = hooks;
  }

  /** What shows, or tries to; undefined before the first scene. */
  get viewer(): Viewer | undefined {
    return this.#viewer;
  }

  /** The graphics were lost, or could not be started, and are not back. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  show(scene: Scene): void {
    this.#scene = scene;
    if (!this.#viewer) this.#start();
    else if (this.#isFlat) this.#restart();
    else {
      // A scene that ends the graphics must not do so again and again; the next one has its own try.
      this.#wasRestarted = false;
      this.#former?.setScene(scene);
      this.#viewer.setScene(scene);
    }
  }

  /** Tries once more to show a scene that is shown flat. */
  tryAgain(): void {
    if (this.#isFlat) this.#restart();
  }

  /** Gives everything back. Idempotent. */
  dispose(): void {
    this.#former?.dispose();
    this.#viewer?.dispose();
    this.#former = undefined;
    this.#viewer = undefined;
  }

  #restart(): void {
    this.#isFlat = false;
    this.#wasRestarted = true;
    const old = this.#viewer;
    if (old?.isLost) {
      this.#former?.dispose();
      this.#former = old;
    } else old?.dispose();
    this.#former?.setScene(this.#scene ?? null);
    this.#start();
    if (old && this.#viewer) this.#viewer.showLook(old.look);
  }

  #start(): void {
    const canvas = document.createElement('canvas');
    canvas.setAttribute('part', 'canvas');
    canvas.setAttribute('aria-hidden', 'true');
    const viewer: Viewer = new Viewer(canvas, {
      ...this.#hooks.options(),
      onTakeOver: () => this.#hooks.onTakeOver(),
      onFirstFrame: () => this.#drawn(viewer),
      onLost: () => this.#lost(viewer),
      onMissing: () => this.#missing(viewer),
      onError: (error) => viewer === this.#viewer && this.#giveUp(this.#former ? lost(error) : error),
    });
    this.#viewer = viewer;
    this.#tellCanvases();
    viewer.setScene(this.#scene ?? null);
  }

  #drawn(viewer: Viewer): void {
    const other = viewer === this.#viewer ? this.#former : this.#viewer;
    other?.dispose();
    this.#former = undefined;
    this.#viewer = viewer;
    this.#isStopped = false;
    this.#isFlat = false;
    this.#drawnAt = performance.now();
    const { fit, motion, strength } = this.#hooks.options();
    if (other) Object.assign(viewer, { fit, motion, strength });
    this.#tellCanvases();
    this.#hooks.onFirstFrame();
  }

  #lost(viewer: Viewer): void {
    if (viewer !== this.#viewer) return;
    this.#isStopped = true;
    this.#hooks.onLost();
  }

  #missing(viewer: Viewer): void {
    if (viewer !== this.#viewer || this.#isFlat) return;
    if (performance.now() - this.#drawnAt > STEADY_MS) this.#wasRestarted = false;
    if (this.#wasRestarted) return this.#giveUp(lost());
    this.#hooks.onRestart();
    this.#restart();
  }

  #giveUp(error: unknown): void {
    this.#isStopped = true;
    this.#isFlat = true;
    this.#hooks.onFlat(error);
  }

  #tellCanvases(): void {
    this.#hooks.onCanvases([this.#former, this.#viewer].flatMap((viewer) => viewer?.canvas ?? []));
  }
}

function lost(cause?: unknown): UnflatError {
  return new UnflatError('graphics-lost', 'The graphics of this device stopped and could not be restarted. The photo is shown flat.', {
    cause,
  });
}
