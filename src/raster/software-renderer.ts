import { UnflatError, type Camera, type Raster } from '../core/index.ts';
import { Fragments } from './fragments.ts';
import type { SampleBuffer } from './sample-buffer.ts';
import { CLIPPED, clipTriangle } from './clip-triangle.ts';
import { DetailSampler } from './detail-sampler.ts';
import { fillBackdrop, fillBlack } from './fill-backdrop.ts';
import { fillSoft, type SoftShading } from './fill-soft.ts';
import { fillWhole } from './fill-whole.ts';
import { resolveSamples } from './resolve-samples.ts';
import { supersampleRuns } from './supersample-runs.ts';
import type { PreparedLayer, PreparedScene } from './prepare-scene.ts';
import { PROJECTED, projectVertices, type Projection } from './project-vertices.ts';
import { SampleShift } from './sample-shift.ts';
import { texelsOf } from './texture.ts';
import { Triangle } from './triangle.ts';

export interface DrawOptions {
  /**
   * Samples a pixel along each axis where silhouettes are, and where the picture is smaller than the photo; integer 1..8, default 1:
   * outlines are antialiased without it too. Above 1 colours are interpolated exactly as the shaders do, else nearly so.
   */
  samples?: number;
  /** What is seen where no layer has anything: the photo, very blurred (default), or black. */
  backdrop?: boolean;
  /** Where the picture goes, `width × height × 4` bytes; default a new array. */
  out?: Uint8ClampedArray<ArrayBuffer>;
}

/** More samples than this are not made for one picture: 12 bytes each. */
const MOST_SAMPLES = 32 * 2 ** 20;

/**
 * Draws a scene on the CPU: each layer's triangles from front to back before a depth buffer, then what is covered in part from back to
 * front, as the viewer's shaders do. What a picture takes is bounded by its pixels and the triangles. Keeps its buffers from picture to
 * picture; one object draws one picture at a time.
 */
export class SoftwareRenderer {
  readonly #scene: PreparedScene;
  readonly #triangle = new Triangle();
  readonly #shift = new SampleShift();
  readonly #fragments = new Fragments();
  readonly #details: (DetailSampler | undefined)[];
  readonly #projected: Float64Array;
  readonly #first: number[] = [];
  #depth = new Float32Array(0);
  #fine: SampleBuffer | undefined;

  constructor(scene: PreparedScene) {
    this.#scene = scene;
    const { layers, detail, width, height } = scene;
    const most = Math.max(0, ...layers.map(({ vertices }) => vertices.length / 5));
    this.#projected = new Float64Array((most + CLIPPED) * PROJECTED);
    this.#details = layers.map(({ sharp, margin }, k) =>
      k === 0 && detail ? new DetailSampler(detail, sharp, margin, width, height) : undefined,
    );
  }

  /**
   * One picture as seen by `camera`, opaque.
   * @throws UnflatError `bad-camera` when the picture's size or lens cannot be drawn; TypeError for wrong options.
   */
  draw(camera: Camera, { samples = 1, backdrop = true, out }: DrawOptions = {}): Raster {
    checkCamera(camera);
    if (!Number.isInteger(samples) || samples < 1 || samples > 8)
      throw new TypeError(`options.samples must be an integer from 1 to 8, got ${samples}`);
    const { width, height } = camera;
    const rgba = out ?? new Uint8ClampedArray(width * height * 4);
    if (rgba.length !== width * height * 4 || rgba.byteOffset % 4 !== 0)
      throw new TypeError(`options.out must have ${width * height * 4} bytes from a multiple of 4 on, got ${rgba.length}`);
    if (this.#depth.length < width * height) this.#depth = new Float32Array(width * height);
    let fitting = samples;
    while (fitting > 1 && width * height * fitting * fitting > MOST_SAMPLES) fitting--;
    const open = fitting > 1 ? new Uint8Array(width * height) : undefined;
    const coarse: SampleBuffer = {
      width,
      height,
      samples: 1,
      isExact: fitting > 1,
      depth: this.#depth,
      pixels: texelsOf(rgba),
      open,
      runs: undefined,
    };
    this.#drawOn(coarse, camera, backdrop);
    if (fitting > 1) {
      const fine = this.#fineCanvas(coarse, fitting);
      this.#drawOn(fine, camera, backdrop);
      resolveSamples(fine, coarse);
    }
    return { width, height, rgba };
  }

  #fineCanvas(coarse: SampleBuffer, samples: number): SampleBuffer {
    const [width, height] = [coarse.width * samples, coarse.height * samples];
    const old = this.#fine;
    const isOld = old?.width === width && old.height === height;
    this.#fine = {
      width,
      height,
      samples,
      isExact: true,
      depth: isOld ? old.depth : new Float32Array(width * height),
      pixels: isOld ? old.pixels : new Uint32Array(width * height),
      open: undefined,
      runs: supersampleRuns(coarse),
    };
    return this.#fine;
  }

  #drawOn(canvas: SampleBuffer, camera: Camera, hasBackdrop: boolean): void {
    const { layers, lens, width, height } = this.#scene;
    const fragments = this.#fragments;
    canvas.depth.fill(-Infinity);
    fragments.count = 0;
    for (const [index, layer] of layers.entries()) {
      const { margin } = layer;
      const projection = { camera, lens, margin, longer: Math.max(width, height), index, samples: canvas.samples };
      projectVertices(projection, layer.vertices, this.#projected);
      this.#first[index] = fragments.count;
      this.#layer(canvas, projection, layer);
    }
    if (hasBackdrop) fillBackdrop(this.#scene, camera, canvas);
    else fillBlack(canvas);
    for (let index = layers.length - 1; index >= 0; index--) {
      fragments.blend(this.#first[index]!, canvas);
      fragments.count = this.#first[index]!;
    }
  }

  #layer(canvas: SampleBuffer, projection: Projection, layer: PreparedLayer): void {
    const { indices, softStart, sharp, patches } = layer;
    const projected = this.#projected;
    const triangle = this.#triangle;
    const detail = this.#details[projection.index];
    const shading: SoftShading = { texture: sharp, patches, shift: this.#shift, detail, fragments: this.#fragments };
    const { width, height } = canvas;
    const count = layer.vertices.length / 5;
    for (let i = 0; i < indices.length; i += 3) {
      const a = indices[i]!;
      const b = indices[i + 1]!;
      const c = indices[i + 2]!;
      const inverse = projected[a * PROJECTED + 2]! + projected[b * PROJECTED + 2]! + projected[c * PROJECTED + 2]!;
      const corners = inverse === inverse ? 3 : clipTriangle(projection, layer.vertices, [a, b, c], projected.subarray(count * PROJECTED));
      for (let n = 2; n < corners; n++) {
        const isThere =
          inverse === inverse
            ? triangle.set(projected, a, b, c, width, height)
            : triangle.set(projected, count, count + n - 1, count + n, width, height);
        if (!isThere) continue;
        if (i < softStart) fillWhole(triangle, canvas, sharp, this.#shift, detail);
        else fillSoft(triangle, canvas, shading, (i - softStart) / 3);
      }
    }
  }
}

function checkCamera(camera: Camera): void {
  const { width, height, fx, fy, cx, cy, c2w } = camera;
  for (const [name, value] of Object.entries({ width, height })) {
    if (!Number.isInteger(value) || value < 1 || value > 8192)
      throw new UnflatError('bad-camera', `A camera's ${name} must be a whole number of pixels from 1 to 8192, but is ${value}.`);
  }
  for (const [name, value] of Object.entries({ fx, fy })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new UnflatError('bad-camera', `A camera's ${name} must be a positive number of pixels, but is ${value}.`);
  }
  if (!Number.isFinite(cx) || !Number.isFinite(cy) || c2w.length !== 16 || !c2w.every(Number.isFinite))
    throw new UnflatError('bad-camera', "A camera's cx, cy must be numbers and its c2w a 4×4 matrix of numbers.");
}
