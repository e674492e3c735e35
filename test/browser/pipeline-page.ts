/** What the pipeline's tests do on a page. */
import outputDepth from '../../plugins/output-depth/index.ts';
import outputPly from '../../plugins/output-ply/index.ts';
import { decodeImage } from '../../src/decode/decode-photo.ts';
import { Converter, type ConvertReport, type ConvertSettings } from '../../src/pipeline/index.ts';
import { ResultStore } from '../../src/store/index.ts';
import type { Raster, Scene } from '../../src/core/index.ts';

/** A conversion's end, as plain data. */
export interface Outcome {
  error?: { name: string; code?: string; message: string };
  ms: number;
  report?: ConvertReport;
  name?: string;
  /** Colours of the photo at fractions of its size. */
  topLeft?: number[];
  bottomRight?: number[];
  detail?: { width: number; height: number };
  /** A number that tells one scene from another. */
  print?: number;
}

const BASE: Partial<ConvertSettings> = { depthSource: 'depth-box', inpainter: 'inpaint-grey' };
const plugins = { 'output-depth': async () => ({ default: outputDepth }), 'output-ply': async () => ({ default: outputPly }) };
let lastScene: Scene | undefined;
let prepared: File | undefined;

function noFrames(): never {
  throw new Error('These outputs need no frames.');
}

function converterOn(store?: ResultStore): Converter {
  return new Converter({ createWorker: () => new Worker('/worker.js', { type: 'module' }), plugins, ...(store && { store }) });
}
let converter = converterOn();

export interface Job {
  name: string;
  bytes: number[];
}

const fileOf = ({ name, bytes }: Job): File => new File([Uint8Array.from(bytes)], name);

async function outcomeOf(file: File, settings: Partial<ConvertSettings> = {}, signal?: AbortSignal): Promise<Outcome> {
  const start = performance.now();
  try {
    const { scene, report } = await converter.convert({ photo: file }, { ...BASE, ...settings }, { ...(signal && { signal }) });
    lastScene = scene;
    const photo = photoOf(scene);
    const { name, detail } = scene;
    return {
      ms: performance.now() - start,
      report,
      name,
      topLeft: colourAt(photo, 0.1, 0.1),
      bottomRight: colourAt(photo, 0.9, 0.9),
      print: printOf(scene),
      ...(detail && { detail: { width: detail.width, height: detail.height } }),
    };
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string };
    return { ms: performance.now() - start, error: { name, message, ...(code !== undefined && { code }) } };
  }
}

function printOf({ layers }: Scene): number {
  let print = 0;
  for (const { disparity, rgba } of layers) {
    for (let i = 0; i < disparity.length; i += 7) print = Math.imul(print ^ Math.round(disparity[i]! * 1e6) ^ rgba[4 * i]!, 0x01000193);
  }
  return print >>> 0;
}

/** Layer 0 without its margin. */
function photoOf({ layers, width, height }: Scene): Raster {
  const { rgba, margin, width: stride } = layers[0]!;
  const inside = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    inside.set(rgba.subarray(4 * ((y + margin) * stride + margin), 4 * ((y + margin) * stride + margin + width)), 4 * y * width);
  return { width, height, rgba: inside };
}

function colourAt({ width, height, rgba }: Raster, x: number, y: number): number[] {
  const at = 4 * (Math.floor(y * height) * width + Math.floor(x * width));
  return [...rgba.subarray(at, at + 4)];
}

/** A JPEG of many megapixels with something to see in it. */
async function largePhoto(width: number, height: number): Promise<File> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const gradient = context.createLinearGradient(0, 0, width, height);
  gradient.addColorStop(0, 'rgb(255, 128, 0)');
  gradient.addColorStop(1, 'rgb(0, 64, 255)');
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
  for (let i = 0; i < 2000; i++) {
    context.fillStyle = `hsl(${i * 47}, 60%, 50%)`;
    context.fillRect(width * 0.2 + ((i * 7919) % (width * 0.6)), height * 0.2 + ((i * 104729) % (height * 0.6)), 60, 40);
  }
  return new File([await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })], `${Math.round((width * height) / 1e6)}MP.jpg`);
}

const page = {
  convert: (job: Job, settings?: Partial<ConvertSettings>) => outcomeOf(fileOf(job), settings),
  async convertLarge(width: number, height: number, settings?: Partial<ConvertSettings>) {
    return outcomeOf(await largePhoto(width, height), settings);
  },
  /** Starts all at once, as someone who drops photo after photo. */
  rush: (jobs: Job[]) => Promise.all(jobs.map((job) => outcomeOf(fileOf(job)))),
  /** Cancels after some time; says how long that took to be answered. */
  async cancel(job: Job, afterMs: number, settings?: Partial<ConvertSettings>) {
    const controller = new AbortController();
    const run = outcomeOf(fileOf(job), settings, controller.signal);
    await new Promise((resume) => setTimeout(resume, afterMs));
    const start = performance.now();
    controller.abort(new DOMException('Enough.', 'AbortError'));
    const outcome = await run;
    return { outcome, answeredMs: performance.now() - start };
  },
  async prepare(width: number, height: number) {
    prepared = await largePhoto(width, height);
  },
  async convertAndSave() {
    const { scene } = await converter.convert({ photo: prepared! }, BASE);
    await converter.save(scene, 'ply', {}, noFrames);
  },
  async save(product: string) {
    const { suffix, blob } = await converter.save(lastScene!, product, {}, noFrames);
    return { suffix, size: blob.size, start: await blob.slice(0, 8).text() };
  },
  async preview(smoothing: number) {
    const start = performance.now();
    const { width, height } = await converter.previewDepth({ ...BASE, smoothing }, 384);
    return { width, height, ms: performance.now() - start };
  },
  /** A fresh start, as after a reload: new worker, same database. */
  restart(store: boolean) {
    converter.dispose();
    converter = converterOn(store ? new ResultStore({ name: 'pipeline-test' }) : undefined);
  },
  /** A picture as plugins get it: its first and its last pixel. */
  async decodeImage(job: Job) {
    const { width, height, rgba } = await decodeImage({ name: job.name, bytes: Uint8Array.from(job.bytes) }, new AbortController().signal);
    return { width, height, first: [...rgba.subarray(0, 4)], last: [...rgba.subarray(-4)] };
  },
  async stored() {
    return new ResultStore({ name: 'pipeline-test' }).list();
  },
};

declare global {
  var pipelinePage: typeof page;
}
globalThis.pipelinePage = page;
