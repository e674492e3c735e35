import { deflateSync } from 'node:zlib';
import type { Raster } from '../../src/core/index.ts';
import { buildPngChunk, encodeJpeg } from '../../src/plugin-api/index.ts';
import { PNG_SIGNATURE, ihdr } from '../fixtures/png-files.ts';

/** A rendered picture where there is no browser, with what outputs use of an `ImageBitmap`. */
class SampleBitmap {
  #raster: Raster | undefined;

  constructor(raster: Raster) {
    this.#raster = raster;
  }

  get width(): number {
    return this.#raster?.width ?? 0;
  }

  get height(): number {
    return this.#raster?.height ?? 0;
  }

  /** @throws Error once it is closed, as a browser does. */
  get raster(): Raster {
    if (!this.#raster) throw new DOMException('The frame was drawn after it was closed.', 'InvalidStateError');
    return this.#raster;
  }

  close(): void {
    this.#raster = undefined;
  }
}

/** Told what an output asked for and the suite's canvas has not; throws. */
type Missing = (what: string) => never;

/** The picture that each canvas holds. */
const pictures = new WeakMap<object, Raster>();

/** What drawing takes: a frame, or another canvas. */
type Source = SampleBitmap | object;

function rasterOf(source: Source): Raster {
  const raster = source instanceof SampleBitmap ? source.raster : pictures.get(source);
  if (!raster) throw new TypeError('drawImage: draw a frame or a canvas.');
  return raster;
}

/** As much of a canvas as outputs need to put frames together: it draws pictures and rectangles, gives and takes pixels, and writes PNG. */
class SamplePen {
  readonly canvas: object;
  readonly #missing: Missing;
  fillStyle = '#000000';
  imageSmoothingEnabled = true;
  imageSmoothingQuality = 'low';

  constructor(canvas: object, missing: Missing) {
    this.canvas = canvas;
    this.#missing = missing;
  }

  get #picture(): Raster {
    return pictures.get(this.canvas)!;
  }

  save(): void {}
  restore(): void {}

  clearRect(x: number, y: number, width: number, height: number): void {
    this.#each(x, y, width, height, (rgba, at) => rgba.fill(0, at, at + 4));
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const [, hex] = /^#([\da-f]{6})$/i.exec(this.fillStyle) ?? [];
    if (hex === undefined) return this.#missing(`fillStyle “${this.fillStyle}”, only colours as #rrggbb`);
    const colour = [0, 2, 4].map((from) => Number.parseInt(hex.slice(from, from + 2), 16));
    this.#each(x, y, width, height, (rgba, at) => rgba.set([...colour, 255], at));
  }

  /** As in a browser, with 3, 5 or 9 arguments; the nearest pixel where sizes differ. */
  drawImage(source: Source, ...places: number[]): void {
    const { width, height, rgba } = rasterOf(source);
    const [fromX, fromY, fromWidth, fromHeight] = places.length === 8 ? places : [0, 0, width, height];
    const [x = 0, y = 0, wide = width, high = height] = places.length === 8 ? places.slice(4) : places;
    if (places.some((each) => !Number.isFinite(each))) throw new TypeError('drawImage: places and sizes must be numbers.');
    this.#each(x, y, wide, high, (to, at, u, v) => {
      const column = Math.floor(fromX! + u * fromWidth!);
      const row = Math.floor(fromY! + v * fromHeight!);
      if (column < 0 || row < 0 || column >= width || row >= height) return;
      over(to, at, rgba, 4 * (row * width + column));
    });
  }

  createImageData(width: number | { width: number; height: number }, height = 0): SampleImageData {
    return typeof width === 'number' ? new SampleImageData(width, height) : new SampleImageData(width.width, width.height);
  }

  getImageData(x: number, y: number, width: number, height: number): SampleImageData {
    const picture = this.#picture;
    const found = new SampleImageData(width, height);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [fromX, fromY] = [x + column, y + row];
        if (fromX < 0 || fromY < 0 || fromX >= picture.width || fromY >= picture.height) continue;
        const from = 4 * (fromY * picture.width + fromX);
        found.data.set(picture.rgba.subarray(from, from + 4), 4 * (row * width + column));
      }
    }
    return found;
  }

  putImageData({ data, width, height }: SampleImageData, x: number, y: number): void {
    this.#each(x, y, width, height, (rgba, at, u, v) => {
      const from = 4 * (Math.floor(v * height) * width + Math.floor(u * width));
      rgba.set(data.subarray(from, from + 4), at);
    });
  }

  /** Calls for each pixel of the canvas in that rectangle, with how far across and down it lies, 0…1. */
  #each(
    x: number,
    y: number,
    width: number,
    height: number,
    work: (rgba: Raster['rgba'], at: number, across: number, down: number) => void,
  ): void {
    const picture = this.#picture;
    for (let row = Math.max(0, Math.round(y)); row < Math.min(picture.height, Math.round(y + height)); row++) {
      for (let column = Math.max(0, Math.round(x)); column < Math.min(picture.width, Math.round(x + width)); column++)
        work(picture.rgba, 4 * (row * picture.width + column), (column + 0.5 - x) / width, (row + 0.5 - y) / height);
    }
  }
}

/** Lays a pixel over another, both with straight alpha. */
function over(to: Raster['rgba'], at: number, from: Raster['rgba'], i: number): void {
  const alpha = from[i + 3]! / 255;
  const below = (to[at + 3]! / 255) * (1 - alpha);
  const sum = alpha + below;
  for (let c = 0; c < 3; c++) to[at + c] = sum > 0 ? (from[i + c]! * alpha + to[at + c]! * below) / sum : 0;
  to[at + 3] = 255 * sum;
}

class SampleImageData {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray | number, width: number, height?: number) {
    this.data = typeof data === 'number' ? new Uint8ClampedArray(4 * data * width) : data;
    this.width = typeof data === 'number' ? data : width;
    this.height = typeof data === 'number' ? width : (height ?? data.length / 4 / width);
  }
}

function pngOf({ width, height, rgba }: Raster): Blob {
  const rows = new Uint8Array((4 * width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(rgba.subarray(4 * y * width, 4 * (y + 1) * width), y * (4 * width + 1) + 1);
  const parts = [
    Uint8Array.from(PNG_SIGNATURE),
    ihdr(width, height, 8, 6),
    buildPngChunk('IDAT', deflateSync(rows, { level: 1 })),
    buildPngChunk('IEND', new Uint8Array()),
  ];
  return new Blob(parts as BlobPart[], { type: 'image/png' });
}

async function jpegOf(raster: Raster, quality: number): Promise<Blob> {
  const step = Math.max(1, Math.min(255, Math.round(3 + 40 * (1 - quality))));
  const { bytes } = await encodeJpeg(raster, [step, step], async () => {});
  return new Blob([bytes], { type: 'image/jpeg' });
}

/**
 * Runs something with canvases that draw frames, in the place of a browser's; where there are some, as in a browser, these stay.
 * @param onMissing told what an output asked for that they have not.
 */
export async function withSampleCanvas(onMissing: (what: string) => void, work: () => Promise<void>): Promise<void> {
  const scope = globalThis as Record<string, unknown>;
  if (scope['OffscreenCanvas'] !== undefined) return work();
  const missing: Missing = (what) => {
    onMissing(what);
    throw new Error(`The canvas of unflat/plugin-test has no ${what}.`);
  };
  class SampleCanvas {
    readonly width: number;
    readonly height: number;
    #pen: unknown;

    constructor(width: number, height: number) {
      if (![width, height].every((side) => Number.isInteger(side) && side >= 1))
        throw new RangeError(`A canvas of ${width} × ${height} pixels cannot be.`);
      this.width = width;
      this.height = height;
      pictures.set(this, { width, height, rgba: new Uint8ClampedArray(4 * width * height) });
    }

    getContext(kind: string): unknown {
      if (kind !== '2d') return missing(`“${kind}”`);
      return (this.#pen ??= honest(new SamplePen(this, missing), missing));
    }

    /** JPEG, and for all else PNG, as browsers write for kinds that they do not know. */
    async convertToBlob({ type = 'image/png', quality = 0.92 }: { type?: string; quality?: number } = {}): Promise<Blob> {
      const raster = pictures.get(this)!;
      if (type === 'image/jpeg') return jpegOf(raster, quality);
      if (type !== 'image/png') onMissing(`“${type}”`);
      return pngOf(raster);
    }
  }
  const own: Record<string, unknown> = {
    OffscreenCanvas: SampleCanvas,
    ImageData: SampleImageData,
    ImageBitmap: SampleBitmap,
    createImageBitmap: (source: Source | SampleImageData) =>
      source instanceof SampleImageData
        ? Promise.resolve(new SampleBitmap({ width: source.width, height: source.height, rgba: source.data }))
        : Promise.resolve(source).then((each) => new SampleBitmap({ ...rasterOf(each), rgba: rasterOf(each).rgba.slice() })),
  };
  const before = Object.keys(own).map((name) => [name, Object.getOwnPropertyDescriptor(scope, name)] as const);
  Object.assign(scope, own);
  try {
    await work();
  } finally {
    for (const [name, descriptor] of before)
      if (descriptor) Object.defineProperty(scope, name, descriptor);
      else delete scope[name];
  }
}

/** What is asked of it and not there is said, as an output would go wrong without a word. */
function honest<T extends object>(target: T, missing: Missing): T {
  return new Proxy(target, {
    get(pen, name) {
      if (typeof name === 'string' && !(name in pen)) return missing(name);
      const value: unknown = Reflect.get(pen, name, pen);
      if (typeof value !== 'function') return value;
      return (value as (...args: unknown[]) => unknown).bind(pen);
    },
    set(pen, name, value) {
      if (typeof name === 'string' && !(name in pen)) return missing(name);
      return Reflect.set(pen, name, value, pen);
    },
  });
}
