/** Runs in the browser, for viewer*.test.ts. */
import type { Camera, Raster, Scene, UnflatError } from '../../src/core/index.ts';
import { UnflatPhoto } from '../../src/element/index.ts';
import { FrameRenderer, Viewer, softwareDrawing, type ViewerOptions } from '../../src/viewer/index.ts';
import { goldenCases, sceneOf } from '../golden/viewer-cases.ts';
import { photoOf, syntheticScene, type SceneRecipe } from './viewer-scene.ts';

/** A picture on its way to Node. */
export interface Picture {
  width: number;
  height: number;
  /** Base64 of width × height × 4 bytes. */
  rgba: string;
}

const live: { viewer: Viewer | undefined; onFirstFrame: () => void } = { viewer: undefined, onFirstFrame: () => {} };

const tests = {
  async golden(name: string): Promise<Picture> {
    const golden = goldenCases.find((each) => each.name === name)!;
    const scene = sceneOf(golden);
    return tests.render(scene, golden.camera(scene), golden.supersample);
  },

  /** Renders a synthetic scene; `white` inpaints all of it white. */
  synthetic(recipe: SceneRecipe, camera: Camera, supersample?: number, white = false): Promise<Picture> {
    const scene = syntheticScene(recipe);
    if (white) for (const layer of scene.layers) for (let i = 0; i < layer.rgba.length; i++) if (i % 4 < 3) layer.rgba[i] = 255;
    return tests.render(scene, camera, supersample);
  },

  async render(scene: Scene, camera: Camera, supersample?: number): Promise<Picture> {
    const renderer = new FrameRenderer(scene);
    try {
      return packed(await renderer.readPixels(camera, supersample ? { supersample } : {}));
    } finally {
      renderer.dispose();
    }
  },

  /** What `render` gives, read back through a 2D canvas; and the size of the bitmap. */
  async bitmap(recipe: SceneRecipe, camera: Camera, supersample: number): Promise<Picture> {
    const renderer = new FrameRenderer(syntheticScene(recipe));
    const frame = await renderer.render(camera, { supersample });
    const { width, height } = frame;
    const context = new OffscreenCanvas(width, height).getContext('2d')!;
    context.drawImage(frame, 0, 0);
    frame.close();
    renderer.dispose();
    return packed({ width, height, rgba: context.getImageData(0, 0, width, height).data });
  },

  /** Message of what goes wrong when a camera is rendered, '' when nothing does. */
  async problem(recipe: SceneRecipe, camera: Camera, supersample?: number): Promise<string> {
    const renderer = new FrameRenderer(syntheticScene(recipe));
    return renderer.readPixels(camera, supersample === undefined ? {} : { supersample }).then(
      () => '',
      (error: unknown) => String(error),
    );
  },

  photo: (recipe: SceneRecipe): Picture => packed(photoOf(recipe)),

  /** Puts a viewer on the page and waits for its first frame. @param worker the program that draws in software. */
  async view(recipe: SceneRecipe, options: Partial<ViewerOptions> = {}, worker = '/worker.js'): Promise<void> {
    const software = softwareDrawing(() => startWorker(worker));
    live.viewer?.dispose();
    const box = document.querySelector('main')!;
    const onCanvases = (canvases: readonly HTMLCanvasElement[]): void => {
      for (const canvas of canvases) canvas.tabIndex = 0;
      box.replaceChildren(...canvases);
    };
    await new Promise<void>((resolve, reject) => {
      live.onFirstFrame = resolve;
      live.viewer = new Viewer({
        renderer: 'hardware',
        software,
        ...options,
        onCanvases,
        onFirstFrame: () => live.onFirstFrame(),
        onFlat: reject,
      });
      live.viewer.setScene(syntheticScene(recipe));
    });
  },

  viewer: () => live.viewer!,

  /** The picture as it is drawn now. */
  shown: (): Picture => pictureOf(live.viewer!.still()!),

  /** What the canvas on the page holds. */
  onCanvas: (): Picture => pictureOf(document.querySelector('canvas')!),

  /** The scene in other colours, and perhaps otherwise changed. */
  recoloured(recipe: SceneRecipe, shift: number, change: (scene: Scene) => void = () => {}): Scene {
    const scene = syntheticScene(recipe);
    for (const { rgba } of scene.layers) for (let i = 0; i < rgba.length; i++) if (i % 4 < 3) rgba[i] = (rgba[i]! + shift) % 256;
    change(scene);
    return scene;
  },

  /** Shows a scene on the viewer that is there; counts what goes to the GPU until its first frame, and takes a picture of every step on the way. */
  async become(scene: Scene): Promise<{ buffers: number; textures: number; steps: Picture[] }> {
    const made = { buffers: 0, textures: 0 };
    const { prototype } = WebGL2RenderingContext;
    const { createBuffer, createTexture } = prototype;
    prototype.createBuffer = function () {
      made.buffers++;
      return createBuffer.call(this);
    };
    prototype.createTexture = function () {
      made.textures++;
      return createTexture.call(this);
    };
    const steps: Picture[] = [];
    let isThere = false;
    live.onFirstFrame = () => (isThere = true);
    try {
      live.viewer!.setScene(scene);
      while (!isThere) {
        if (live.viewer!.still()) steps.push(tests.shown());
        await new Promise((resolve) => setTimeout(resolve));
      }
    } finally {
      Object.assign(prototype, { createBuffer, createTexture });
    }
    return { ...made, steps };
  },

  loseContext(): void {
    const lose = live.viewer!.canvas!.getContext('webgl2')!.getExtension('WEBGL_lose_context')!;
    lose.loseContext();
    setTimeout(() => lose.restoreContext(), 50);
  },

  /** Ends the workers as a browser does when there is no memory left. */
  failWorkers(): void {
    for (const worker of workers) worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  },

  /** From now on elements have the software renderer, too, or no longer. */
  allowSoftware(isAllowed: boolean): void {
    UnflatPhoto.createDrawer = isAllowed ? () => startWorker('/worker.js') : undefined;
  },

  /** An element with a scene on the page, what it tells from now on, and how to end its graphics without their coming back. */
  async element(recipe: SceneRecipe): Promise<void> {
    const element = new UnflatPhoto();
    element.motion = 'none';
    element.style.width = '320px';
    element.scene = syntheticScene(recipe);
    told.length = 0;
    for (const type of ['load', 'graphics-lost']) element.addEventListener(type, () => told.push(type));
    element.addEventListener('error', (event) => told.push(`error ${(event.error as UnflatError).code}`));
    document.body.prepend(element);
    await tests.told('load');
  },

  /** Waits until the element told that since the last call; gives all that it told. */
  async told(last: string): Promise<string[]> {
    for (let waitedMs = 0; !told.includes(last); waitedMs += 20) {
      if (waitedMs > 30_000) throw new Error(`${last} was not told, but ${told.join()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return told.splice(0);
  },

  /** Ends the graphics of the element's canvas; what comes back restores them. */
  endGraphics(): WEBGL_lose_context {
    const canvas = [...document.querySelector('unflat-photo')!.shadowRoot!.querySelectorAll<HTMLCanvasElement>('[part=canvas]')].at(-1)!;
    const lose = (getContext.call(canvas, 'webgl2') as WebGL2RenderingContext).getExtension('WEBGL_lose_context')!;
    lose.loseContext();
    mayReturn.add(canvas);
    return lose;
  },

  /** From now on no new canvas gets a GPU context, or each again. @returns how often one was asked for in vain so far. */
  allowGraphics(isAllowed: boolean): number {
    HTMLCanvasElement.prototype.getContext = isAllowed ? getContext : (refuse as typeof getContext);
    return refused;
  },

  scene: syntheticScene,
  UnflatPhoto,
};

const workers: Worker[] = [];
function startWorker(address: string): Worker {
  const worker = new Worker(address, { type: 'module' });
  workers.push(worker);
  return worker;
}

const told: string[] = [];
let refused = 0;
const mayReturn = new WeakSet<HTMLCanvasElement>();
const { getContext } = HTMLCanvasElement.prototype;
function refuse(this: HTMLCanvasElement, kind: string, options?: unknown): RenderingContext | null {
  if (!kind.startsWith('webgl') || mayReturn.has(this)) return getContext.call(this, kind, options);
  if (kind === 'webgl2') refused++;
  return null;
}

function pictureOf(canvas: HTMLCanvasElement): Picture {
  const { width, height } = canvas;
  return packed({ width, height, rgba: canvas.getContext('2d')!.getImageData(0, 0, width, height).data });
}

function packed({ width, height, rgba }: Raster): Picture {
  let text = '';
  for (let i = 0; i < rgba.length; i += 8192) text += String.fromCharCode(...rgba.subarray(i, i + 8192));
  return { width, height, rgba: btoa(text) };
}

declare global {
  var viewerTests: typeof tests;
}
globalThis.viewerTests = tests;
