import { UnflatError, fromWire, type Camera, type Raster } from '../core/index.ts';
import type { DrawnScene } from './prepare-scene.ts';
import type { FromRaster, ToRaster } from './serve-raster.ts';

/** Pictures a worker has ahead of it: one that it draws and one that waits, so that it never does. */
const AHEAD = 2;
/** More workers than this are not started, nor more than have room for their copies of a large scene: bytes of all together. */
const MOST_WORKERS = 8;
const MOST_BYTES = 2 ** 30;
/** Bytes a worker keeps for each pixel of a layer: its colours doubled along both axes, and its patches. */
const BYTES_A_PIXEL = 24;

interface Waiting {
  resolve(answer: FromRaster): void;
  reject(error: unknown): void;
}

export interface FrameWorkersOptions {
  /** Starts a worker that calls `serveRaster`. */
  createWorker(): Worker;
  /** Default as many as there are processor cores, at most 8, and fewer for scenes so large that their memory would matter. */
  workers?: number;
}

/** Draws a scene's pictures in several workers at once. They start with the first picture. */
export class FrameWorkers {
  readonly #scene: DrawnScene;
  readonly #options: FrameWorkersOptions;
  readonly #waiting = new Map<number, Waiting>();
  #workers: Worker[] = [];
  #next = 0;
  #failure: Error | undefined;

  constructor(scene: DrawnScene, options: FrameWorkersOptions) {
    this.#scene = scene;
    this.#options = options;
  }

  /**
   * One picture a camera, in their order. At most two a worker are under way or wait to be taken; ending the loop asks for no more.
   * The receiver closes them.
   * @throws UnflatError `bad-camera`, or `io` when the workers cannot be started or stop.
   */
  async *frames(cameras: Iterable<Camera>, samples = 1): AsyncGenerator<ImageBitmap> {
    const workers = this.#started();
    const under: Promise<FromRaster>[] = [];
    const rest = cameras[Symbol.iterator]();
    let n = 0;
    const ask = (): void => {
      const next = rest.next();
      if (next.done) return;
      const answer = this.#ask(workers[n++ % workers.length]!, next.value, samples, 'bitmap');
      // It is heard of when it is its turn.
      answer.catch(() => undefined);
      under.push(answer);
    };
    try {
      for (let k = 0; k < AHEAD * workers.length; k++) ask();
      for (let first = under.shift(); first; first = under.shift()) {
        const answer = await first;
        ask();
        if ('bitmap' in answer) yield answer.bitmap;
      }
    } finally {
      for (const answer of under) void answer.then(close, () => undefined);
    }
  }

  /** One picture as numbers. @throws as `frames`. */
  async readPixels(camera: Camera, samples = 3): Promise<Raster> {
    const workers = this.#started();
    const answer = await this.#ask(workers[this.#next % workers.length]!, camera, samples, 'pixels');
    const rgba = 'rgba' in answer ? answer.rgba : new Uint8ClampedArray(0);
    return { width: camera.width, height: camera.height, rgba };
  }

  /** Ends the workers; what is under way is rejected. Idempotent. */
  dispose(): void {
    this.#end(new TypeError('FrameWorkers was used after dispose()'));
  }

  #ask(worker: Worker, camera: Camera, samples: number, as: 'bitmap' | 'pixels'): Promise<FromRaster> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = this.#next++;
    const message: ToRaster = { type: 'draw', id, camera, samples, as };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage(message);
    });
  }

  #started(): Worker[] {
    if (this.#workers.length > 0 || this.#failure !== undefined) return this.#workers;
    const { width, height, lens, layers, meshes, detail } = this.#scene;
    const scene: DrawnScene = { width, height, lens, layers, meshes, ...(detail && { detail }) };
    const count = this.#options.workers ?? workersFor(scene);
    this.#workers = Array.from({ length: count }, () => this.#options.createWorker());
    for (const worker of this.#workers) {
      worker.onmessage = ({ data }: MessageEvent<FromRaster>) => this.#receive(data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.#end(new UnflatError('io', `The part that draws stopped unexpectedly (${event.message}). Try again with fewer pixels.`));
      };
      worker.postMessage({ type: 'scene', scene } satisfies ToRaster);
    }
    return this.#workers;
  }

  #receive(answer: FromRaster): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (!waiting) close(answer);
    else if ('error' in answer) waiting.reject(fromWire(answer.error));
    else waiting.resolve(answer);
  }

  #end(reason: Error): void {
    this.#failure ??= reason;
    for (const worker of this.#workers.splice(0)) worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}

function close(answer: FromRaster): void {
  if ('bitmap' in answer) answer.bitmap.close();
}

function workersFor({ layers }: DrawnScene): number {
  const bytes = layers.reduce((sum, { width, height }) => sum + width * height * BYTES_A_PIXEL, 1);
  return Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1, Math.floor(MOST_BYTES / bytes)));
}
