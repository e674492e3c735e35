import { nextTask, type Scene } from '../core/index.ts';
import { afterInView } from './after-in-view.ts';
import { AroundPass } from './around-pass.ts';
import { listenToControls } from './listen-to-controls.ts';
import { drawn } from './drawn.ts';
import { FrameLoop } from './frame-loop.ts';
import { framingOf, lookCamera, type Framing, type Look } from './framing.ts';
import { GPU, endGpu, isSoftware, startGpu, type Gpu } from './gpu.ts';
import { GpuScene } from './gpu-scene.ts';
import { InPieces } from './in-pieces.ts';
import { Motion, unlimited } from './motion.ts';
import { OffScreen } from './off-screen.ts';
import { Pace, type FullSize, type Movement } from './pace.ts';
import { Painter } from './painter.ts';
import { canvasSize, type Fit } from './canvas-size.ts';
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
  /** Another scene comes onto the canvas with the next frame: until now it shows the last one, from now on its box may have the new one's shape. */
  onTakeOver?(): void;
  /** A scene's first frame is on the canvas. */
  onFirstFrame?(): void;
  /** The GPU's context was lost: the canvas is blank. Where it comes back the scene's first frame follows once more. */
  onLost?(): void;
  /** The context was lost, and the page was in view for three seconds without its coming back. It may still come. */
  onMissing?(): void;
  /** The scene cannot be shown; gets an UnflatError `graphics-unavailable`. */
  onError?(error: unknown): void;
}

/** What lives as long as the GPU context. */
interface Stage {
  gpu: Gpu;
  painter: Painter;
  aroundPass: AroundPass;
  /** Both only where a program stands in for the graphics card. */
  offScreen?: OffScreen;
  inPieces?: InPieces;
  /** Slow first frames in a row; undefined once it is known to be a card, or a program. */
  slowFrames?: number | undefined;
}

/** Shows a scene on a canvas and lets one look around. Draws only while something moves in view. */
export class Viewer {
  readonly canvas: HTMLCanvasElement;
  readonly #options: ViewerOptions;
  readonly #motion = new Motion();
  readonly #loop: FrameLoop;
  readonly #cleanups: (() => void)[] = [];
  readonly #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  #gpu: Gpu | undefined;
  #stage: Stage | undefined;
  #pace = new Pace(false);
  #content: GpuScene | undefined;
  #scene: Scene | null = null;
  #framing: Framing = { pivot: 0, zoom: 1 };
  #fit: Fit;
  #strength: number;
  #mode: 'auto' | 'none';
  #tilting: Tilt | undefined;
  #hand: Look = MIDDLE;
  #tilt = { x: 0, y: 0 };
  /** Counts what replaces the GPU's content, so that a late upload knows that it is late. */
  #generation = 0;
  #frames = 0;
  #lastDraw = -Infinity;
  #isFirstFrame = true;
  #isLost = false;
  #isDisposed = false;
  /** Stops waiting for a context that was lost. */
  #stopWaiting = (): void => {};

  /** The GPU is started with the first scene, so its errors come to `options.onError`. */
  constructor(canvas: HTMLCanvasElement, options: ViewerOptions = {}) {
    this.canvas = canvas;
    this.#options = options;
    this.#fit = options.fit ?? 'contain';
    this.#strength = options.strength ?? 1;
    this.#mode = options.motion ?? 'auto';
    const motion = this.#motion;
    this.#loop = new FrameLoop(canvas, {
      step: () => motion.step(),
      draw: (moves, isWoken) => this.#draw(moves, isWoken),
      get rest() {
        return motion.rest;
      },
    });
    this.#cleanups.push(
      () => this.#loop.dispose(),
      this.#listen(),
      () => this.#tilting?.dispose(),
      () => this.#stopWaiting(),
    );
    this.#applyMotion();
  }

  get scene(): Scene | null {
    return this.#scene;
  }

  /**
   * Shows another scene, or nothing; what the old one held on the GPU is given back. The view starts from the middle, or stays where
   * it is when the photo's size is the same. Of a scene that differs in nothing but its layers' colours only those are taken to the
   * GPU: the old colours are shown, and move on, until the new ones are there.
   */
  setScene(scene: Scene | null): void {
    if (this.#isDisposed) throw new TypeError('Viewer was used after dispose()');
    // The same photo made anew, with other settings: the view stays where it is.
    const isSameShape = scene?.width === this.#scene?.width && scene?.height === this.#scene?.height;
    this.#scene = scene;
    this.#isFirstFrame = true;
    if (!isSameShape) {
      this.#hand = MIDDLE;
      this.#tilt = { x: 0, y: 0 };
      this.#motion.restart();
    }
    void this.#upload();
  }

  /** The canvas's GPU context was lost, and is not back. */
  get isLost(): boolean {
    return this.#isLost;
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

  /** Bytes of GPU memory that the scene's textures and buffers take; the canvas itself is not counted. */
  get gpuBytes(): number {
    return this.#content?.bytes ?? 0;
  }

  /** Follows the device's tilt; on iOS this asks for the permission and must be called in a tap. Answers whether it is followed. */
  async askForTilt(): Promise<boolean> {
    return (await this.#tilting?.ask()) ?? false;
  }

  /** Draws at once at the canvas's present size, whether or not anything moved; does nothing while the scene is not on the GPU. */
  renderNow(): void {
    if (!this.#stage || !this.#content) return;
    const { gpu } = this.#stage;
    gpu.restoreDefaultFramebuffer();
    gpu.setViewport(GPU.wholeViewport);
    this.#paint(this.canvas.width, this.canvas.height);
    this.#wasDrawn();
  }

  /** Gives everything back, the canvas's GPU context too. Idempotent. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#generation++;
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    this.#content?.dispose();
    this.#content = undefined;
    this.#scene = null;
    if (this.#gpu) endGpu(this.#gpu);
    this.#gpu = undefined;
    this.#stage = undefined;
  }

  async #draw(moves: boolean, isWoken: () => boolean): Promise<void> {
    const stage = this.#stage;
    if (!stage || !this.#content) return;
    const { gpu, painter, offScreen, inPieces } = stage;
    if (!offScreen) this.#takeOver();
    const full = this.#fullSize(gpu);
    const movement: Movement = !moves ? 'rest' : this.#motion.rest === 0 ? 'sway' : 'hand';
    const scale = this.#pace.scale(movement, full);
    const width = Math.max(1, Math.round(full.width * scale));
    const height = Math.max(1, Math.round(full.height * scale));
    const start = performance.now();
    if (offScreen && inPieces) {
      const generation = this.#generation;
      const isFirstFrame = this.#isFirstFrame;
      const camera = lookCamera(this.#scene!, this.#framing, this.#motion.look, width, height, this.#strength);
      const content = this.#content;
      const isDone = await inPieces.draw(
        (most) => painter.pieces(content, camera, 1, most),
        () => offScreen.bind(width, height),
        // A resting picture may take seconds; who begins to look around does not wait for it.
        () => generation !== this.#generation || (!moves && !isFirstFrame && isWoken()),
      );
      if (!isDone) {
        if (generation === this.#generation) this.#loop.invalidate();
        return;
      }
      // The picture has the photo's shape, whatever box it was drawn for.
      this.#takeOver();
      offScreen.show();
      const tookMs = performance.now() - start;
      // Putting it on the canvas was one task; what the page does with the first frame is another.
      if (this.#isFirstFrame) await nextTask();
      if (generation !== this.#generation) return;
      this.#wasDrawn();
      this.#pace.took(tookMs, scale, full);
      // The machine is faster than was thought: what rests may be sharper.
      if (!moves && this.#pace.scale('rest', full) > scale * 1.2) this.#loop.invalidate();
    } else {
      // A canvas that is given a size is empty, and filled again before anybody sees it.
      if (width !== this.canvas.width || height !== this.canvas.height) gpu.setSize(width, height);
      this.renderNow();
      if (stage.slowFrames !== undefined) void this.#judge(stage, start);
      const interval = start - this.#lastDraw;
      if (moves && interval < 250) this.#pace.took(interval, scale, full);
      this.#lastDraw = moves ? start : -Infinity;
    }
    this.#applySway();
  }

  #paint(width: number, height: number): void {
    if (!this.#stage || !this.#content || !this.#scene) return;
    this.#stage.painter.draw(this.#content, lookCamera(this.#scene, this.#framing, this.#motion.look, width, height, this.#strength), 1);
  }

  #takeOver(): void {
    if (this.#isFirstFrame && this.#content?.scene === this.#scene) this.#options.onTakeOver?.();
  }

  #wasDrawn(): void {
    this.#frames++;
    // While new colours are on their way the old ones go on.
    if (!this.#isFirstFrame || this.#content?.scene !== this.#scene) return;
    this.#isFirstFrame = false;
    this.#options.onFirstFrame?.();
  }

  async #upload(): Promise<void> {
    const generation = ++this.#generation;
    // What comes back takes up the scene of then.
    if (this.#isLost) return;
    const isLate = (): boolean => generation !== this.#generation;
    const scene = this.#scene;
    try {
      if (scene && this.#content?.mayBecome(scene)) {
        const isDone = await this.#content.recolour(scene, isLate);
        if (isLate()) return;
        if (isDone) {
          // A picture that is half drawn in the old colours is not shown.
          this.#generation++;
          this.#loop.invalidate();
          return;
        }
      }
      this.#loop.isRunning = false;
      this.#content?.dispose();
      this.#content = undefined;
      if (!scene) return;
      // What brought the scene was one task; starting the graphics is another.
      await nextTask();
      if (isLate()) return;
      this.#gpu ??= startGpu(this.canvas, { antialias: true });
      await nextTask();
      if (isLate()) return;
      this.#stage ??= this.#start(this.#gpu);
      const { gpu, painter, aroundPass, offScreen } = this.#stage;
      const [content] = await Promise.all([GpuScene.upload(gpu, scene, aroundPass, isLate), offScreen?.ready()]);
      if (!isLate()) await painter.ready(content);
      if (isLate()) return content.dispose();
      this.#content = content;
      this.#reframe();
      this.#pace = new Pace(offScreen !== undefined);
      this.#applySway();
      this.#loop.invalidate();
      this.#loop.isRunning = true;
    } catch (error) {
      // After a loss of the context the upload starts anew when it comes back.
      if (!isLate()) this.#options.onError?.(error);
    }
  }

  #start(gpu: Gpu): Stage {
    const stage = { gpu, painter: new Painter(gpu), aroundPass: new AroundPass(gpu) };
    return isSoftware(gpu) ? { ...stage, offScreen: new OffScreen(gpu), inPieces: new InPieces(gpu) } : { ...stage, slowFrames: 0 };
  }

  /**
   * Tells a program from a graphics card by the time of the first frames, where the browser hides it: WebKit calls everything
   * “Apple GPU”. Drawn as by a card, a picture that takes seconds would hold up the page, and all that it starts, for as long as it sways.
   */
  async #judge(stage: Stage, start: number): Promise<void> {
    const slow = stage.slowFrames ?? 0;
    stage.slowFrames = undefined;
    await drawn(stage.gpu);
    if (stage !== this.#stage || performance.now() - start < SLOW_FRAME_MS) return;
    if (slow + 1 < SLOW_FRAMES) stage.slowFrames = slow + 1;
    else {
      const offScreen = new OffScreen(stage.gpu);
      await offScreen.ready();
      if (stage !== this.#stage) return;
      Object.assign(stage, { offScreen, inPieces: new InPieces(stage.gpu) });
      this.#pace = new Pace(true);
      this.#applySway();
    }
    this.#loop.invalidate();
  }

  #contextLost(event: Event): void {
    // Without this the browser would never give it back.
    event.preventDefault();
    this.#generation++;
    this.#loop.isRunning = false;
    this.#content = undefined;
    this.#gpu?.dispose();
    this.#gpu = undefined;
    this.#stage = undefined;
    this.#isLost = true;
    this.#isFirstFrame = true;
    this.#stopWaiting();
    this.#stopWaiting = afterInView(MISSING_MS, () => this.#options.onMissing?.());
    this.#options.onLost?.();
  }

  #contextRestored(): void {
    this.#stopWaiting();
    this.#isLost = false;
    void this.#upload();
  }

  #listen(): () => void {
    const { canvas } = this;
    const cleanup = new AbortController();
    const { signal } = cleanup;
    canvas.addEventListener('webglcontextlost', (event) => this.#contextLost(event), { signal });
    canvas.addEventListener('webglcontextrestored', () => this.#contextRestored(), { signal });
    this.#reducedMotion.addEventListener('change', () => this.#applyMotion(), { signal });
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
      cleanup.abort();
      sized.disconnect();
      unlisten();
    };
  }

  #applyMotion(): void {
    const moves = this.#mayMove;
    this.#applySway();
    this.#tilting?.dispose();
    this.#tilting = moves ? new Tilt(this.canvas, (tilt) => this.#steer(this.#hand, tilt)) : undefined;
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
  #fullSize(gpu: Gpu): FullSize {
    const { canvas } = this;
    const { width, height, detail } = this.#scene ?? { width: 1, height: 1 };
    const photo = { width, height, sharpest: Math.max(detail?.width ?? 0, detail?.height ?? 0) };
    return canvasSize(
      { width: canvas.clientWidth, height: canvas.clientHeight },
      photo,
      devicePixelRatio,
      this.#fit,
      gpu.getCaps().maxRenderTextureSize,
    );
  }
}

const MIDDLE: Look = { x: 0, y: 0, z: 0 };
/** No card takes so long for a frame, but for the first one, for which a driver may compile shaders. */
const SLOW_FRAME_MS = 700;
const SLOW_FRAMES = 2;
/** Browsers give a context back within a second or two, where they do. */
const MISSING_MS = 3000;
