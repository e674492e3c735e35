/** What the tests of depth models, and the bench of a real one, do on a page: the real Converter with its workers. */
import type { ModelRow, Raster } from '../../src/core/index.ts';
import { Inference } from '../../src/inference/index.ts';
import { Converter, type ConvertReport, type ConvertSettings } from '../../src/pipeline/index.ts';

export interface FloatMap {
  width: number;
  height: number;
  /** Little-endian float32, base64. */
  base64: string;
}

export interface ModelOutcome {
  error?: { name: string; code?: string; message: string };
  report?: ConvertReport;
  /** The scene's depth. */
  depth?: FloatMap;
  lens?: { fx: number; fy: number; near: number; far: number };
  notes: string[];
  answeredMs: number;
}

let query = '';
const inference = new Inference({ createWorker: () => new Worker(`/worker.js${query}`, { type: 'module' }) });
const converter = new Converter({ createWorker: () => new Worker('/pipeline-worker.js', { type: 'module' }), inference });

const base64Of = (values: Float32Array): string => {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
};

async function fileFrom(url: string, name: string): Promise<File> {
  return new File([await (await fetch(url)).blob()], name);
}

const page = {
  /** How the models' worker is started from now on: `?gpu`, `?threads=1`. */
  start: (words: string) => void (query = words),
  async add(row: ModelRow, files: Record<string, string>): Promise<void> {
    const fetched = await Promise.all(Object.entries(files).map(([path, url]) => fileFrom(url, path)));
    await inference.add([new File([JSON.stringify(row)], 'row.json'), ...fetched]);
  },
  remove: (id: string) => inference.remove(id),
  async convert(url: string, settings: Partial<ConvertSettings>, abortAfterMs?: number): Promise<ModelOutcome> {
    const photo = await fileFrom(url, decodeURIComponent(url.split('/').pop() ?? ''));
    const notes: string[] = [];
    const controller = new AbortController();
    let abortedAt = performance.now();
    if (abortAfterMs !== undefined) {
      setTimeout(() => {
        abortedAt = performance.now();
        controller.abort(new DOMException('Enough.', 'AbortError'));
      }, abortAfterMs);
    }
    try {
      const { scene, report } = await converter.convert(
        { photo },
        { inpainter: 'inpaint-grey', ...settings },
        { signal: controller.signal, onProgress: ({ note }) => note !== undefined && notes.at(-1) !== note && notes.push(note) },
      );
      const { fx, fy, near, far } = scene.lens;
      const { width, height, disparity } = scene.depth;
      return {
        report,
        notes,
        depth: { width, height, base64: base64Of(disparity) },
        lens: { fx, fy, near, far },
        answeredMs: performance.now() - abortedAt,
      };
    } catch (error) {
      const { name, code, message } = error as { name: string; code?: string; message: string };
      return { notes, error: { name, message, ...(typeof code === 'string' && { code }) }, answeredMs: performance.now() - abortedAt };
    }
  },
  /** What the model itself says of a photo. */
  async raw(url: string, model: string): Promise<FloatMap & { runMs: number }> {
    const bitmap = await createImageBitmap(await (await fetch(url)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(bitmap, 0, 0);
    const { width, height, data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const image: Raster = { width, height, rgba: data };
    const { output, runMs } = await inference.infer({ model, image });
    const [h = 0, w = 0] = output.dims.slice(-2);
    return { width: w, height: h, base64: base64Of(output.data as Float32Array), runMs };
  },
};

declare global {
  var modelPage: typeof page;
}
globalThis.modelPage = page;
