import { UnflatError, type Scene } from '../core/index.ts';
import { afterInView } from './after-in-view.ts';
import { gpuIsProgram } from './gpu-is-program.ts';
import { HardwarePresenter } from './hardware-presenter.ts';
import type { Presenter, RendererKind, StartPresenter } from './presenter.ts';

/** What draws a scene: whatever is better here, or just that. */
export type Renderer = 'auto' | RendererKind;

export interface PresentingHooks {
  /** These belong on the page, the last one on top. */
  onCanvases(canvases: readonly HTMLCanvasElement[]): void;
  /** `presenter` has what is to be drawn. */
  onReady(): void;
  /** There is nothing to draw, until `onReady`. */
  onEmpty(): void;
  /** As of `ViewerOptions`. */
  onLost(): void;
  onRestart(): void;
  onFlat(error: unknown): void;
}

/** A context that is lost again sooner than this after a restart is not tried a third time for the same photo. */
const STEADY_MS = 60_000;
/** Browsers give a context back within a second or two, where they do. */
const MISSING_MS = 3000;

/**
 * Keeps a presenter for a scene: the better one here, another one where that fails, none while it is released. After the GPU's context
 * was lost for good it tries once on a new canvas, once more for each later scene, and takes whichever context comes back first; then
 * the software renderer, where there is one.
 */
export class Presenting {
  readonly #hooks: PresentingHooks;
  readonly #software: StartPresenter | undefined;
  #renderer: Renderer;
  #scene: Scene | null = null;
  /** Gets the scene. */
  #active: Presenter | undefined;
  /** Its picture is on the page, until the active one has drawn. */
  #shown: Presenter | undefined;
  /** One before a restart that had a context; it may still come back. */
  #former: Presenter | undefined;
  /** Stands in for it while it is released, and until the next one has drawn. */
  #still: HTMLCanvasElement | undefined;
  #canvases: readonly HTMLCanvasElement[] = [];
  /** Counts what replaces the active one's scene, so that what is late knows that it is late. */
  #generation = 0;
  #isReleased = false;
  #isStopped = false;
  #isFlat = false;
  #wasRestarted = false;
  /** The graphics card is not asked again by itself. */
  #isHardwareUnfit = false;
  #isSoftwareUnfit = false;
  /** One of them was unfit for the scene's size alone; the next scene may be smaller. */
  #wasTooLarge = false;
  #drawnAt = 0;
  #stopWaiting = (): void => {};

  constructor(hooks: PresentingHooks, renderer: Renderer, software: StartPresenter | undefined) {
    this.#hooks = hooks;
    this.#renderer = renderer;
    this.#software = software;
  }

  /** What can draw now. */
  get presenter(): Presenter | undefined {
    if (this.#active?.scene) return this.#active;
    return this.#shown?.scene && this.#shown.scene === this.#scene ? this.#shown : undefined;
  }

  /** What draws, or is to. */
  get kind(): RendererKind | undefined {
    return this.#active?.kind;
  }

  /** The canvas on top. */
  get canvas(): HTMLCanvasElement | undefined {
    return this.#canvases.at(-1);
  }

  get bytes(): number {
    return this.presenter?.bytes ?? 0;
  }

  /** Changes when a picture that is under way is not wanted any more. */
  get generation(): number {
    return this.#generation;
  }

  /** The graphics were lost, or could not be started, and are not back. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  get renderer(): Renderer {
    return this.#renderer;
  }

  set renderer(renderer: Renderer) {
    if (renderer === this.#renderer) return;
    this.#renderer = renderer;
    this.#isHardwareUnfit = false;
    this.#isSoftwareUnfit = false;
    if (!this.#active || this.#active.kind === this.#wanted()) return;
    this.#restart();
    // It was asked for: graphics that are lost later have their own try.
    this.#wasRestarted = false;
  }

  show(scene: Scene | null): void {
    if (this.#wasTooLarge && scene !== this.#scene) {
      this.#wasTooLarge = false;
      this.#isHardwareUnfit = false;
      this.#isSoftwareUnfit = false;
    }
    this.#scene = scene;
    if (this.#isReleased) return;
    if (!this.#active) {
      if (scene) this.#start(this.#wanted());
    } else if (this.#isFlat && scene) this.#again();
    else if (scene && this.#active.kind !== this.#wanted()) this.#start(this.#wanted());
    else {
      // A scene that ends the graphics must not do so again and again; the next one has its own try.
      this.#wasRestarted = false;
      void this.#fill();
    }
  }

  /** Tries once more to show a scene that is shown flat. */
  tryAgain(): void {
    if (this.#isFlat) this.#again();
  }

  /** The presenter has put the scene on its canvas. */
  drawn(presenter: Presenter): void {
    if (presenter !== this.#active || (presenter === this.#shown && !this.#former && !this.#isStopped)) return;
    if (this.#shown !== presenter) this.#shown?.dispose();
    this.#former?.dispose();
    this.#former = undefined;
    this.#shown = presenter;
    this.#still = undefined;
    this.#isStopped = false;
    this.#isFlat = false;
    this.#drawnAt = performance.now();
    this.#attach(presenter.canvas);
  }

  /** Gives the presenter back; its last picture stays on the page. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#still = this.#isStopped ? undefined : (this.#shown?.still() ?? this.#still);
    this.#drop();
    if (this.#still) this.#attach(this.#still);
  }

  /** Takes a presenter again after `release`. */
  resume(): void {
    if (!this.#isReleased) return;
    this.#isReleased = false;
    if (this.#scene) this.#start(this.#wanted());
  }

  /** Idempotent. */
  dispose(): void {
    this.#drop();
    this.#scene = null;
  }

  #drop(): void {
    this.#generation++;
    this.#stopWaiting();
    this.#hooks.onEmpty();
    for (const each of new Set([this.#former, this.#shown, this.#active])) each?.dispose();
    this.#former = undefined;
    this.#shown = undefined;
    this.#active = undefined;
  }

  #wanted(): RendererKind {
    if (!this.#software || this.#isSoftwareUnfit || this.#renderer === 'hardware') return 'hardware';
    return this.#renderer === 'software' || this.#isHardwareUnfit || gpuIsProgram() ? 'software' : 'hardware';
  }

  #again(): void {
    this.#isHardwareUnfit = false;
    this.#isSoftwareUnfit = false;
    this.#restart();
  }

  #restart(): void {
    this.#isFlat = false;
    this.#wasRestarted = true;
    this.#start(this.#wanted());
  }

  /** In place of the one that is there, which goes on until the new one has drawn, or comes back before. */
  #start(kind: RendererKind): void {
    const old = this.#active;
    if (old?.isLost) {
      if (this.#former !== old) this.#former?.dispose();
      this.#former = old;
    } else if (old !== this.#shown) old?.dispose();
    if (this.#shown?.isLost) this.#shown = undefined;
    const start: StartPresenter = kind === 'software' && this.#software ? this.#software : (hooks) => new HardwarePresenter(hooks);
    const presenter: Presenter = start({
      onLost: () => this.#lost(presenter),
      onRestored: () => this.#restored(presenter),
      onUnfit: (error) => this.#unfit(presenter, error),
    });
    this.#active = presenter;
    // What is seen stays until there is something else to see.
    if (!this.#shown && !this.#still) this.#attach(...(this.#former ? [this.#former.canvas] : []), presenter.canvas);
    void this.#fill();
  }

  async #fill(): Promise<void> {
    const presenter = this.#active;
    if (!presenter) return;
    const generation = ++this.#generation;
    // What comes back takes up the scene of then.
    if (presenter.isLost) return;
    const scene = this.#scene;
    const isLate = (): boolean => generation !== this.#generation;
    try {
      const isOldSeen = presenter !== this.#shown && this.#shown?.scene === scene;
      if (!isOldSeen && (!scene || !presenter.mayBecome(scene))) this.#hooks.onEmpty();
      const isReady = await presenter.take(scene, isLate);
      if (!isReady || isLate()) return;
      // A picture that is half drawn of the old scene is not shown.
      this.#generation++;
      this.#hooks.onReady();
    } catch (error) {
      if (!isLate()) this.#giveUp(error);
    }
  }

  #lost(presenter: Presenter): void {
    if (presenter !== this.#active) {
      if (presenter !== this.#shown) return;
      this.#isStopped = true;
      return this.#hooks.onLost();
    }
    this.#generation++;
    this.#isStopped = true;
    this.#hooks.onEmpty();
    this.#stopWaiting();
    this.#stopWaiting = afterInView(MISSING_MS, () => this.#missing(presenter));
    this.#hooks.onLost();
  }

  #missing(presenter: Presenter): void {
    if (presenter !== this.#active || this.#isFlat) return;
    if (performance.now() - this.#drawnAt > STEADY_MS) this.#wasRestarted = false;
    if (this.#wasRestarted) return this.#giveUp(lost());
    this.#hooks.onRestart();
    this.#restart();
  }

  #restored(presenter: Presenter): void {
    this.#stopWaiting();
    if (presenter === this.#former) {
      this.#active?.dispose();
      this.#former = undefined;
      this.#active = presenter;
      this.#attach(presenter.canvas);
    } else if (presenter !== this.#active) return;
    void this.#fill();
  }

  #unfit(presenter: Presenter, error: unknown): void {
    if (presenter !== this.#active) return;
    if (error !== undefined) return this.#giveUp(error);
    this.#isHardwareUnfit = true;
    if (this.#wanted() !== presenter.kind) this.#start(this.#wanted());
  }

  /** The active one is no use: the other renderer, or none. */
  #giveUp(error: unknown): void {
    const { kind } = this.#active!;
    const isOther = this.#renderer !== 'hardware' && this.#software !== undefined;
    const wasUnfit = kind === 'hardware' ? this.#isSoftwareUnfit : this.#isHardwareUnfit;
    if (kind === 'hardware') this.#isHardwareUnfit = true;
    else this.#isSoftwareUnfit = true;
    this.#wasTooLarge ||= error instanceof UnflatError && error.code === 'image-too-large';
    if (isOther && !wasUnfit) {
      if (kind === 'software') warn(error);
      return this.#start(this.#wanted());
    }
    this.#isStopped = true;
    this.#isFlat = true;
    this.#hooks.onFlat(this.#former ? lost(error) : error);
  }

  #attach(...canvases: HTMLCanvasElement[]): void {
    if (canvases.length === this.#canvases.length && canvases.every((canvas, i) => canvas === this.#canvases[i])) return;
    this.#canvases = canvases;
    this.#hooks.onCanvases(canvases);
  }
}

/** What all viewers of a page failed at is said once. */
const said = new Set<string>();
function warn(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (!said.has(message)) console.warn(`Unflat: ${message} WebGL draws instead.`);
  said.add(message);
}

function lost(cause?: unknown): UnflatError {
  return new UnflatError('graphics-lost', 'The graphics of this device stopped and could not be restarted. The photo is shown flat.', {
    cause,
  });
}
