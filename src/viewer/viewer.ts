import { nextTask, type Scene } from '../core/index.ts';
import { canvasSize, type Fit } from './canvas-size.ts';
import { FrameLoop } from './frame-loop.ts';
import { framingOf, lookCamera, type Framing, type Look } from './framing.ts';
import { listenToControls } from './listen-to-controls.ts';
import { Motion, unlimited } from './motion.ts';
import { Pace, type FullSize, type Movement } from './pace.ts';
import type { Presenter, RendererKind, StartPresenter } from './presenter.ts';
import { Presenting, type Renderer } from './presenting.ts';
import { Tilt } from './tilt.ts';

export interface ViewerOptions {
  /** Takes the keys, and the wheel when focused; default the canvas. */
  focus?: HTMLElement;
  /** How the picture lies in the canvas's box; the canvas's `object-fit` must say the same. Default 'contain'. */
  fit?: Fit;
  /** 'auto' sways when nobody touches it and follows the device's tilt; 'none' does neither, as for a person who prefers reduced motion. Default 'auto'. */
  motion?: 'auto' | 'none';
  /** How much of the eyebox is used, 0..1, default 1. */
  strength?: number;
  /** What draws. 'auto' = hardware, or software where the GPU is a program, missing, or was lost for good. Default 'auto'. */
  renderer?: Renderer;
  /** Starts the software renderer; without it there is only hardware, whatever `renderer` says. */
  software?: StartPresenter;
  /** These belong into the picture's box, each as large as the box, the last one on top. Called with the first scene, and when others take their place. */
  onCanvases(canvases: readonly HTMLCanvasElement[]): void;
  /** Another scene comes onto the canvas with the next frame: until now it shows the last one, from now on its box may have the new one's shape. */
  onTakeOver?(): void;
  /** A scene's first frame is on the canvas; also after the graphics were lost. */
  onFirstFrame?(): void;
  /** The GPU's context was lost: the canvas is blank. `onFirstFrame` follows, or `onFlat`. */
  onLost?(): void;
  /** The context did not come back within three seconds in view; the graphics are started anew, on another canvas. */
  onRestart?(): void;
  /** The scene cannot be shown; gets an UnflatError `graphics-unavailable` or `graphics-lost`. `onFirstFrame` may still follow. */
  onFlat?(error: unknown): void;
}

/** Shows a scene and lets one look around, whatever draws it. Draws only while something moves in view. */
export class Viewer {
  readonly #options: ViewerOptions;
  readonly #motion = new Motion();
  readonly #loop: FrameLoop;
  readonly #presenting: Presenting;
  readonly #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #cleanup = new AbortController();
  #unlisten = (): void => {};
  #canvas: HTMLCanvasElement | undefined;
  #pace = new Pace(false);
  #scene: Scene | null = null;
  /** Of the last scene. */
  #shape = { width: 0, height: 0 };
  #framing: Framing = { pivot: 0, zoom: 1 };
  #fit: Fit;
  #strength: number;
  #mode: 'auto' | 'none';
  #tilting: Tilt | undefined;
  #hand: Look = MIDDLE;
  #tilt = { x: 0, y: 0 };
  #frames = 0;
  #lastDraw = -Infinity;
  #isFirstFrame = true;
  #isDisposed = false;

  /** What draws is started with the first scene, so its errors come to `options.onFlat`. */
  constructor(options: ViewerOptions) {
    this.#options = options;
    this.#fit = options.fit ?? 'contain';
    this.#strength = options.strength ?? 1;
    this.#mode = options.motion ?? 'auto';
    const motion = this.#motion;
    this.#loop = new FrameLoop({
      step: () => motion.step(),
      draw: (moves, isWoken, onFree) => this.#draw(moves, isWoken, onFree),
      get rest() {
        return motion.rest;
      },
    });
    this.#presenting = new Presenting(
      {
        onCanvases: (canvases) => this.#take(canvases),
        onReady: () => this.#ready(),
        onEmpty: () => (this.#loop.isRunning = false),
        onLost: () => {
          this.#isFirstFrame = true;
          options.onLost?.();
        },
        onRestart: () => options.onRestart?.(),
        onFlat: (error) => options.onFlat?.(error),
      },
      options.renderer ?? 'auto',
      options.software,
    );
    this.#reducedMotion.addEventListener('change', () => this.#applyMotion(), { signal: this.#cleanup.signal });
    this.#applyMotion();
  }

  /** The canvas on top; undefined before the first scene. */
  get canvas(): HTMLCanvasElement | undefined {
    return this.#canvas;
  }

  get scene(): Scene | null {
    return this.#scene;
  }

  /**
   * Shows another scene, or nothing; what the old one held where it is drawn is given back. The view starts from the middle, or stays
   * where it is when the photo's size is the same. Where the scene differs in nothing but its layers' colours the old colours are shown,
   * and move on, until the new ones are there.
   */
  setScene(scene: Scene | null): void {
    if (this.#isDisposed) throw new TypeError('Viewer was used after dispose()');
    // The same photo made anew, with other settings: the view stays where it is.
    const isSameShape = !scene || (scene.width === this.#shape.width && scene.height === this.#shape.height);
    this.#scene = scene;
    this.#isFirstFrame = true;
    if (!isSameShape) {
      this.#shape = { width: scene.width, height: scene.height };
      this.#hand = MIDDLE;
      this.#tilt = { x: 0, y: 0 };
      this.#motion.restart();
    }
    this.#presenting.show(scene);
  }

  /** What draws: 'auto', or just that. Set, it changes while the picture, the scene and the view stay. */
  get renderer(): Renderer {
    return this.#presenting.renderer;
  }

  set renderer(renderer: Renderer) {
    this.#presenting.renderer = renderer;
  }

  /** What draws now, or is to; undefined before the first scene and while it is released. */
  get drawnBy(): RendererKind | undefined {
    return this.#presenting.kind;
  }

  /** The graphics were lost, or could not be started, and are not back. */
  get isStopped(): boolean {
    return this.#presenting.isStopped;
  }

  /** Tries once more to show a scene of which `onFlat` was told. */
  tryAgain(): void {
    this.#presenting.tryAgain();
  }

  /**
   * Gives back what draws (a GPU context, memory of drawing workers) until `resume`; the last picture stays to be seen. Scene and view
   * are kept and may be set meanwhile, to be drawn then. Idempotent.
   */
  release(): void {
    this.#presenting.release();
  }

  /** Draws again after `release`; no `onFirstFrame` follows for a scene that had one. Idempotent. */
  resume(): void {
    this.#presenting.resume();
  }

  /** `release` was called, and `resume` not yet. */
  get isReleased(): boolean {
    return this.#presenting.isReleased;
  }

  /** Where the camera is in the eyebox: x right, y up, within the unit circle; z into the picture, −1..1. */
  get look(): Look {
    return this.#motion.look;
  }

  /** Goes to a place in the eyebox, smoothly or at once; what lies outside is bent into it. */
  setLook(x: number, y: number, z: number, atOnce = false): void {
    this.#hand = { x, y, z };
    this.#tilt = { x: 0, y: 0 };
    this.#motion.goTo(this.#hand, atOnce);
    this.#loop.invalidate();
  }

  /** Shows exactly that view, at once, as another viewer's `look` gives it. */
  showLook(look: Look): void {
    const { x, y, z } = unlimited(look);
    this.setLook(x, y, z, true);
  }

  get motion(): 'auto' | 'none' {
    return this.#mode;
  }

  set motion(mode: 'auto' | 'none') {
    this.#mode = mode;
    this.#applyMotion();
  }

  get fit(): Fit {
    return this.#fit;
  }

  set fit(fit: Fit) {
    this.#fit = fit;
    this.#loop.invalidate();
  }

  get strength(): number {
    return this.#strength;
  }

  set strength(strength: number) {
    this.#strength = Math.min(1, Math.max(0, strength));
    this.#reframe();
    this.#loop.invalidate();
  }

  /** Frames drawn since the viewer was made. */
  get frames(): number {
    return this.#frames;
  }

  /** Bytes of memory that the scene takes where it is drawn; the canvas itself is not counted. */
  get gpuBytes(): number {
    return this.#presenting.bytes;
  }

  /** Follows the device's tilt; on iOS this asks for the permission and must be called in a tap. Answers whether it is followed. */
  async askForTilt(): Promise<boolean> {
    return (await this.#tilting?.ask()) ?? false;
  }

  /** The last picture, on a canvas of its own; undefined before the first one. */
  still(): HTMLCanvasElement | undefined {
    return this.#presenting.presenter?.still();
  }

  /** Gives everything back. Idempotent. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#cleanup.abort();
    this.#loop.dispose();
    this.#unlisten();
    this.#tilting?.dispose();
    this.#presenting.dispose();
    this.#scene = null;
  }

  async #draw(moves: boolean, isWoken: () => boolean, onFree: () => void): Promise<void> {
    const presenting = this.#presenting;
    const { presenter, generation } = presenting;
    if (!presenter || !this.#scene) return;
    // The picture has the photo's shape, whatever box it was drawn for; drawn at once it can have the box's size besides.
    if (presenter.drawsAtOnce) this.#takeOver(presenter);
    const full = this.#fullSize(presenter);
    const movement: Movement = !moves ? 'rest' : this.#motion.rest === 0 ? 'sway' : 'hand';
    const scale = this.#pace.scale(movement, full);
    const width = Math.max(1, Math.round(full.width * scale));
    const height = Math.max(1, Math.round(full.height * scale));
    const camera = lookCamera(this.#scene, this.#framing, this.#motion.look, width, height, this.#strength);
    const start = performance.now();
    const isFirstFrame = this.#isFirstFrame;
    const isOld = (): boolean => generation !== presenting.generation;
    // A resting picture may take its time; who begins to look around does not wait for it.
    const isLate = (): boolean => isOld() || (!moves && !isFirstFrame && isWoken());
    const onShow = (): void => {
      if (presenter.drawsAtOnce) return;
      this.#takeOver(presenter);
      if (!isFirstFrame) onFree();
    };
    const isDone = await presenter.draw(camera, isLate, onShow);
    if (!isDone) {
      if (!isOld()) this.#loop.invalidate();
      return;
    }
    if (presenter.drawsAtOnce) {
      this.#wasDrawn(presenter);
      const interval = start - this.#lastDraw;
      if (moves && interval < 250) this.#pace.took(interval, scale, full);
      this.#lastDraw = moves ? start : -Infinity;
    } else {
      const tookMs = performance.now() - start;
      // Putting it on the canvas was one task; what the page does with the first frame is another.
      if (isFirstFrame) await nextTask();
      if (isOld()) return;
      this.#wasDrawn(presenter);
      this.#pace.took(tookMs, scale, full);
    }
    this.#applySway();
  }

  #takeOver(presenter: Presenter): void {
    if (this.#isFirstFrame && presenter.scene === this.#scene) this.#options.onTakeOver?.();
  }

  #wasDrawn(presenter: Presenter): void {
    this.#frames++;
    // While new colours are on their way the old ones go on.
    if (presenter.scene !== this.#scene) return;
    this.#presenting.drawn(presenter);
    if (!this.#isFirstFrame) return;
    this.#isFirstFrame = false;
    this.#options.onFirstFrame?.();
  }

  #ready(): void {
    const { presenter } = this.#presenting;
    if (!presenter) return;
    this.#reframe();
    this.#pace = new Pace(!presenter.drawsAtOnce);
    this.#applySway();
    this.#loop.invalidate();
    this.#loop.isRunning = true;
  }

  #take(canvases: readonly HTMLCanvasElement[]): void {
    const canvas = canvases.at(-1);
    if (canvas && canvas !== this.#canvas) {
      this.#canvas = canvas;
      this.#unlisten();
      this.#unlisten = this.#listen(canvas);
      this.#loop.watch(canvas);
      this.#applyMotion();
    }
    this.#options.onCanvases(canvases);
  }

  #listen(canvas: HTMLCanvasElement): () => void {
    const sized = new ResizeObserver(() => this.#loop.invalidate());
    sized.observe(canvas);
    const unlisten = listenToControls(canvas, this.#options.focus ?? canvas, {
      goal: () => this.#takeHand(),
      goTo: (look) => this.#steer(look, this.#tilt),
      hold: (isHeld) => {
        this.#takeHand();
        this.#motion.hold(isHeld);
        this.#loop.wake();
      },
    });
    return () => {
      sized.disconnect();
      unlisten();
    };
  }

  #applyMotion(): void {
    const moves = this.#mayMove;
    this.#applySway();
    this.#tilting?.dispose();
    const canvas = this.#canvas;
    this.#tilting = moves && canvas ? new Tilt(canvas, (tilt) => this.#steer(this.#hand, tilt)) : undefined;
    this.#loop.wake();
  }

  /** Where the hand has brought the view; out of a sway it takes over from where the view is. */
  #takeHand(): Look {
    if (this.#motion.rest === 0) {
      const { x, y, z } = this.#motion.look;
      this.#hand = { x: x - this.#tilt.x, y: y - this.#tilt.y, z };
    }
    return this.#hand;
  }

  #steer(hand: Look, tilt: { x: number; y: number }): void {
    const within = (value: number): number => Math.min(1.2, Math.max(-1.2, value));
    this.#hand = { x: within(hand.x), y: within(hand.y), z: within(hand.z) };
    this.#tilt = tilt;
    this.#motion.goTo({ x: this.#hand.x + tilt.x, y: this.#hand.y + tilt.y, z: this.#hand.z });
    this.#loop.wake();
  }

  get #mayMove(): boolean {
    return this.#mode === 'auto' && !this.#reducedMotion.matches;
  }

  /** A machine that cannot keep up is left in peace until somebody looks around. */
  #applySway(): void {
    this.#motion.sways = this.#mayMove && !this.#pace.isTooSlow;
  }

  #reframe(): void {
    if (this.#scene) this.#framing = framingOf(this.#scene, this.#strength);
  }

  /** Size of the canvas in device pixels when nothing has to be spared. */
  #fullSize({ canvas, maxSide }: Presenter): FullSize {
    const { clientWidth, clientHeight } = this.#canvas ?? canvas;
    const { width, height, detail } = this.#scene ?? { width: 1, height: 1 };
    const photo = { width, height, sharpest: Math.max(detail?.width ?? 0, detail?.height ?? 0) };
    return canvasSize({ width: clientWidth, height: clientHeight }, photo, devicePixelRatio, this.#fit, maxSide);
  }
}

const MIDDLE: Look = { x: 0, y: 0, z: 0 };
