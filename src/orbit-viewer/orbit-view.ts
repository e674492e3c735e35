import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Camera } from '@babylonjs/core/Cameras/camera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import { Scene } from '@babylonjs/core/scene.js';
import { UnflatError } from '../core/index.ts';
import { faultOf } from './fault.ts';
import { loadContent, type Content, type Facts } from './load-content.ts';
import type { Prepared3d } from './read-3d-file.ts';
import type { UpAxis } from './up-axis.ts';

export interface OrbitOptions {
  /** The first picture is on the canvas, with all that is in the file. */
  onFirstFrame?(): void;
}

/** Radians and shares of the distance that a key moves. */
const KEY_TURN = 0.12;
const KEY_ZOOM = 0.12;
const FOV = 0.8;
/** Where one looks from at first: from the front, a little from the right and above. */
const FRONT = { alpha: Math.PI / 2 - 0.45, beta: 1.2 };
/** A frame takes longer than this: while it moves, the next ones have fewer pixels. */
const SLOW_MS = 70;
const COARSEST = 4;
/** Part of the height that always stays for the content. */
const LEAST_ROOM = 0.4;
/** Frames that are drawn after the last change: shaders and textures may come a little later. */
const LAST_FRAMES = 3;

const TURNS: Readonly<Record<UpAxis, Quaternion>> = {
  y: Quaternion.Identity(),
  '-y': Quaternion.RotationAxis(Vector3.Right(), Math.PI),
  z: Quaternion.RotationAxis(Vector3.Right(), -Math.PI / 2),
  '-z': Quaternion.RotationAxis(Vector3.Right(), Math.PI / 2),
  x: Quaternion.RotationAxis(Vector3.Backward(), Math.PI / 2),
  '-x': Quaternion.RotationAxis(Vector3.Backward(), -Math.PI / 2),
};

/** Shows the content of one file on a canvas: drag, wheel, pinch and keys turn it, move it and come closer. Draws only while something changes. */
export class OrbitView {
  readonly canvas: HTMLCanvasElement;
  readonly #engine: Engine;
  readonly #scene: Scene;
  readonly #camera: ArcRotateCamera;
  readonly #turn: TransformNode;
  readonly #isSoftware: boolean;
  readonly #cleanups: (() => void)[] = [];
  readonly #options: OrbitOptions;
  #content: Content | undefined;
  #up: UpAxis = 'y';
  #scale = 1;
  #framesLeft = 0;
  #coarse = 1;
  #lastFrame = -Infinity;
  #lastMatrix = '';
  #frames = 0;
  #isShown = false;
  #covered = { top: 0, bottom: 0 };
  #isRunning = false;
  #isDisposed = false;

  private constructor(canvas: HTMLCanvasElement, engine: Engine, options: OrbitOptions) {
    this.canvas = canvas;
    this.#options = options;
    this.#engine = engine;
    this.#isSoftware = /swiftshader|llvmpipe|software|basic render/i.test(engine.getGlInfo().renderer);
    this.#scene = new Scene(engine);
    this.#scene.useRightHandedSystem = true;
    this.#scene.clearColor = new Color4(0.086, 0.09, 0.106, 1);
    this.#scene.skipPointerMovePicking = true;
    this.#turn = new TransformNode('turn', this.#scene);
    this.#camera = new ArcRotateCamera('camera', FRONT.alpha, FRONT.beta, 3, Vector3.Zero(), this.#scene);
    this.#steer();
    const sized = new ResizeObserver(() => this.#resize());
    sized.observe(canvas);
    this.#cleanups.push(() => sized.disconnect());
    engine.onContextRestoredObservable.add(() => this.#wake());
  }

  /**
   * Shows a prepared file on a canvas that has its size.
   * @param name of the file, for errors.
   * @throws UnflatError `graphics-unavailable`, or saying what is wrong with the file.
   */
  static async open(canvas: HTMLCanvasElement, prepared: Prepared3d, name: string, options: OrbitOptions = {}): Promise<OrbitView> {
    Logger.LogLevels = Logger.ErrorLogLevel;
    let engine: Engine;
    try {
      engine = new Engine(canvas, true, {
        preserveDrawingBuffer: false,
        stencil: false,
        powerPreference: 'high-performance',
        audioEngine: false,
      });
      if (engine.webGLVersion < 2) throw new Error('WebGL 2 is missing');
    } catch (cause) {
      throw new UnflatError(
        'graphics-unavailable',
        'The 3D view needs WebGL2, which this browser does not offer; switch on hardware acceleration or use a current browser.',
        { cause },
      );
    }
    const view = new OrbitView(canvas, engine, options);
    try {
      view.#show(await loadContent(prepared, view.#scene, view.#isSoftware));
      await view.#scene.whenReadyAsync();
      return view;
    } catch (error) {
      view.dispose();
      throw faultOf(error, name);
    }
  }

  /** What the file is. */
  get facts(): Facts {
    return this.#content!.facts;
  }

  /** The axis that points up; another one turns the content at once. */
  get up(): UpAxis {
    return this.#up;
  }

  set up(up: UpAxis) {
    this.#up = up;
    this.#turn.rotationQuaternion = TURNS[up].clone();
    this.#wake();
  }

  /** CSS pixels of the canvas that are covered at its top and bottom, default 0: the content fits between them, and is shown anew. */
  set covered(covered: { top: number; bottom: number }) {
    this.#covered = covered;
    this.reset();
  }

  /** Frames drawn so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Where one looks from: turn around the up axis and down from it in radians, distance in sizes of the content. */
  get look(): { alpha: number; beta: number; radius: number } {
    const { alpha, beta, radius } = this.#camera;
    return { alpha, beta, radius };
  }

  /** Goes back to where one looked from at first. */
  reset(): void {
    const { camera } = this.#content ?? {};
    this.#camera.inertialAlphaOffset = this.#camera.inertialBetaOffset = this.#camera.inertialRadiusOffset = 0;
    this.#camera.inertialPanningX = this.#camera.inertialPanningY = 0;
    this.#camera.setTarget(Vector3.Zero());
    if (camera && this.#up === this.#content!.up) this.#lookAsPhoto(camera.eye);
    else {
      this.#camera.alpha = FRONT.alpha;
      this.#camera.beta = FRONT.beta;
      this.#camera.radius = this.#fittingRadius();
    }
    this.#wake();
  }

  /** Gives everything back, the canvas's GPU context too. Idempotent. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    this.#engine.stopRenderLoop();
    const release = this.#engine._gl.getExtension('WEBGL_lose_context');
    this.#scene.dispose();
    this.#engine.dispose();
    release?.loseContext();
  }

  #show(content: Content): void {
    this.#content = content;
    this.#light(content);
    const { box, root } = content;
    const half = box.low.map((low, axis) => (box.high[axis]! - low) / 2);
    this.#scale = 1 / (Math.hypot(...half) || 1);
    const fit = new TransformNode('fit', this.#scene);
    fit.parent = this.#turn;
    fit.scaling.setAll(this.#scale);
    fit.position.fromArray(box.low.map((low, axis) => -(low + half[axis]!) * this.#scale));
    root.parent = fit;
    this.up = content.up;
    this.#resize();
    this.reset();
  }

  /** The photo's own view: its camera, its field of view, turned around what lies in the picture's middle. */
  #lookAsPhoto(from: [number, number, number]): void {
    const { root } = this.#content!;
    this.#turn.computeWorldMatrix(true);
    root.parent?.computeWorldMatrix(true);
    const eye = Vector3.TransformCoordinates(Vector3.FromArray(from), root.computeWorldMatrix(true));
    const centre = new Vector3(eye.x, eye.y, 0);
    this.#camera.setTarget(centre);
    this.#camera.setPosition(eye);
  }

  /** What is free of the picture's height, 0..1, and how far above its middle that lies, in heights. */
  #room(): { part: number; up: number } {
    const height = Math.max(1, this.canvas.clientHeight);
    // A photo's own view is its whole picture.
    if (this.#content?.camera) return { part: 1, up: 0 };
    const { top, bottom } = this.#covered;
    const part = Math.max(LEAST_ROOM, 1 - (top + bottom) / height);
    return { part, up: Math.min((1 - part) / 2, (bottom - top) / 2 / height) };
  }

  /** The least distance from which all corners of the box are in the picture's free part. */
  #fittingRadius(): number {
    const { box, facts } = this.#content!;
    const tan = Math.tan(this.#verticalFov() / 2) * 0.92;
    const tanV = tan * this.#room().part;
    const tanH = tan * this.#aspect;
    const toEye = new Vector3(
      Math.cos(FRONT.alpha) * Math.sin(FRONT.beta),
      Math.cos(FRONT.beta),
      Math.sin(FRONT.alpha) * Math.sin(FRONT.beta),
    );
    const right = Vector3.Cross(Vector3.Up(), toEye).normalize();
    const up = Vector3.Cross(toEye, right);
    const half = new Vector3(...(box.low.map((low, axis) => ((box.high[axis]! - low) / 2) * this.#scale) as [number, number, number]));
    let radius = 0.1;
    for (let corner = 0; corner < 8; corner++) {
      const at = new Vector3(corner & 1 ? half.x : -half.x, corner & 2 ? half.y : -half.y, corner & 4 ? half.z : -half.z);
      const turned = at.applyRotationQuaternion(TURNS[this.#up]);
      // Few points and splats lie in their box's corners.
      const near = Vector3.Dot(turned, toEye) * (facts.kind === 'mesh' ? 1 : 0.6);
      radius = Math.max(radius, near + Math.abs(Vector3.Dot(turned, right)) / tanH, near + Math.abs(Vector3.Dot(turned, up)) / tanV);
    }
    return radius;
  }

  get #aspect(): number {
    return this.canvas.clientWidth / Math.max(1, this.canvas.clientHeight) || 1;
  }

  #verticalFov(): number {
    const { camera } = this.#content ?? {};
    const [vFov, photoAspect] = camera ? [camera.vFov, Math.tan(camera.hFov / 2) / Math.tan(camera.vFov / 2)] : [FOV, 1];
    const narrower = Math.min(1, this.#aspect / photoAspect);
    return 2 * Math.atan(Math.tan(vFov / 2) / narrower);
  }

  #light(content: Content): void {
    // Of what has physical materials, the room's light does most.
    const isPhysical = content.isPhysical;
    const sky = new HemisphericLight('sky', Vector3.Up(), this.#scene);
    sky.groundColor = new Color3(0.35, 0.35, 0.38);
    sky.intensity = isPhysical ? 0 : 0.85;
    const sun = new DirectionalLight('sun', new Vector3(-0.5, -0.8, -0.9), this.#scene);
    sun.intensity = isPhysical ? 0.9 : 0.6;
  }

  #steer(): void {
    const camera = this.#camera;
    camera.fovMode = Camera.FOVMODE_VERTICAL_FIXED;
    camera.minZ = 0.002;
    camera.maxZ = 400;
    camera.lowerRadiusLimit = 0.02;
    camera.upperRadiusLimit = 100;
    camera.wheelDeltaPercentage = 0.01;
    camera.pinchDeltaPercentage = 0.006;
    camera.panningSensibility = 900;
    camera.inputs.removeByType('ArcRotateCameraKeyboardMoveInput');
    camera.attachControl(true);
    const done = new AbortController();
    const { signal } = done;
    for (const type of ['pointerdown', 'pointermove', 'pointerup', 'wheel'] as const)
      this.canvas.addEventListener(type, () => this.#wake(), { signal, passive: true });
    this.canvas.addEventListener('keydown', (event) => this.#onKey(event), { signal });
    this.canvas.addEventListener('dblclick', () => this.reset(), { signal });
    this.#cleanups.push(() => done.abort());
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const camera = this.#camera;
    const { key, shiftKey } = event;
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key] ?? [0, 0];
    if (x || y) {
      if (shiftKey) camera.target.addInPlace(this.#sideways(x!, y!).scale(camera.radius * KEY_TURN * 0.5));
      else {
        camera.alpha -= x! * KEY_TURN;
        camera.beta = Math.min(Math.PI - 0.01, Math.max(0.01, camera.beta - y! * KEY_TURN));
      }
    } else if (key === '+' || key === '=') camera.radius *= 1 - KEY_ZOOM;
    else if (key === '-') camera.radius *= 1 + KEY_ZOOM;
    else if (key === 'Home' || key === '0') this.reset();
    else return;
    event.preventDefault();
    this.#wake();
  }

  /** A step to the right and up as the camera sees it. */
  #sideways(x: number, y: number): Vector3 {
    return this.#camera.getDirection(Vector3.Right()).scale(x).add(this.#camera.getDirection(Vector3.Up()).scale(y));
  }

  #resize(): void {
    this.#setPixels();
    if (!this.#content) return;
    this.#camera.fov = this.#verticalFov();
    const { points, facts } = this.#content;
    // As large as the room between them where the cloud is flat; then no holes show, and details stay.
    if (points) points.pointSize = Math.min(8, Math.max(1.5, (1.3 * this.#engine.getRenderHeight()) / Math.sqrt(facts.count)));
    this.#wake();
  }

  /** As fine as the screen; coarser while a slow picture moves. */
  #setPixels(): void {
    const perPixel = this.#isSoftware ? 1 : Math.min(2, devicePixelRatio || 1);
    this.#engine.setHardwareScalingLevel(this.#coarse / perPixel);
    this.#engine.resize();
  }

  #wake(): void {
    if (this.#isDisposed) return;
    this.#framesLeft = LAST_FRAMES;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#lastFrame = -Infinity;
    this.#engine.runRenderLoop(this.#frame);
  }

  readonly #frame = (): void => {
    const { canvas } = this;
    if (!canvas.clientWidth || !canvas.clientHeight) return;
    const now = performance.now();
    const tookMs = now - this.#lastFrame;
    this.#lastFrame = now;
    // The part of the height stays the same, whatever the distance.
    this.#camera.targetScreenOffset.y = 2 * this.#room().up * this.#camera.radius * Math.tan(this.#camera.fov / 2);
    // Before that it draws what has its shaders by then, which may be nothing.
    const isWhole = this.#content !== undefined && this.#scene.isReady();
    this.#scene.render();
    this.#frames++;
    if (isWhole && !this.#isShown) {
      this.#isShown = true;
      this.#options.onFirstFrame?.();
    }
    const matrix = this.#camera.getViewMatrix().m.join();
    const moves = matrix !== this.#lastMatrix;
    this.#lastMatrix = matrix;
    if (moves) this.#framesLeft = LAST_FRAMES;
    else if (this.#content?.isSettled() && this.#scene.isReady()) this.#framesLeft--;
    if (moves && tookMs > SLOW_MS && tookMs < 5000 && this.#coarse < COARSEST) {
      this.#coarse = Math.min(COARSEST, this.#coarse * Math.min(2, Math.sqrt(tookMs / SLOW_MS) * 1.1));
      this.#setPixels();
    }
    if (this.#framesLeft > 0) return;
    if (this.#coarse > 1) {
      this.#coarse = 1;
      this.#setPixels();
      this.#framesLeft = 1;
      return;
    }
    this.#isRunning = false;
    this.#engine.stopRenderLoop(this.#frame);
  };
}
