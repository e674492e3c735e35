/** What the inference tests do on a page. */
import type { InferRequest, InferResult, ModelRow } from '../../src/core/index.ts';
import { Inference, InferenceClient } from '../../src/inference/index.ts';

/** A result, or what was thrown, as plain data. */
export interface Outcome {
  error?: { name: string; code?: string; message: string };
  result?: Omit<InferResult, 'output' | 'outputs'> & {
    dims: readonly number[];
    type: string;
    values: number[];
    others: Record<string, { dims: readonly number[]; values: number[] }>;
  };
  /** The longest task of 50 ms or more on the page's thread, in milliseconds; 0 where there was none. */
  blockedMs: number;
  phases: string[];
  /** Until the answer, in milliseconds. */
  ms: number;
}

export interface Ask {
  model: string;
  width: number;
  height: number;
  /** The picture's colours; absent: a pattern without symmetry. */
  rgba?: number[];
  mirrored?: boolean;
  outputs?: string[];
  feeds?: Record<string, { type: 'uint8' | 'int64' | 'float32'; dims: number[]; data: number[] }>;
  /** Through a port, as the pipeline's worker does. */
  byPort?: boolean;
  /** Give only so many of the answer's values. */
  most?: number;
  /** Cancel after so many milliseconds. */
  abortAfterMs?: number;
}

let inference: Inference | undefined;
let client: InferenceClient | undefined;

/** A pattern without any symmetry. */
export function pattern(width: number, height: number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const wave = (a: number, b: number, c: number): number => 127 + 110 * Math.sin((a * x) / width + (b * y) / height + c);
      rgba.set([wave(9, 2, 1), wave(3, 11, 2), wave(5, -7, 3), 255], (y * width + x) * 4);
    }
  }
  return rgba;
}

const typed = { uint8: Uint8Array, float32: Float32Array } as const;

function requestOf({ model, width, height, rgba, mirrored, outputs, feeds = {} }: Ask): InferRequest {
  const tensors = Object.entries(feeds).map(
    ([name, { type, dims, data }]) =>
      [name, { type, dims, data: type === 'int64' ? BigInt64Array.from(data, BigInt) : typed[type].from(data) }] as const,
  );
  return {
    model,
    image: { width, height, rgba: rgba ? Uint8ClampedArray.from(rgba) : pattern(width, height) },
    ...(mirrored && { mirrored }),
    ...(outputs && { outputs }),
    ...(tensors.length > 0 && { feeds: Object.fromEntries(tensors) }),
  };
}

/** Watches for tasks that keep this thread busy for 50 ms or more. @returns what tells the longest, 0 where there is none. */
function watchThread(): () => Promise<number> {
  let longest = 0;
  const take = (entries: PerformanceEntryList): void => {
    for (const { duration } of entries) longest = Math.max(longest, duration);
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: 'longtask' });
  return async () => {
    await new Promise((done) => setTimeout(done, 100)); // entries come a little later
    take(observer.takeRecords());
    observer.disconnect();
    return longest;
  };
}

const numbers = ({ data }: { data: ArrayLike<number | bigint> }): number[] => Array.from(data, Number);

const page = {
  start(query = ''): void {
    inference?.dispose();
    inference = new Inference({ createWorker: () => new Worker(`/worker.js${query}`, { type: 'module' }) });
    client = undefined;
  },
  async add(row: ModelRow, files: { path: string; base64: string }[]): Promise<void> {
    const decoded = await Promise.all(
      files.map(
        async ({ path, base64 }) => new File([await (await fetch(`data:application/octet-stream;base64,${base64}`)).arrayBuffer()], path),
      ),
    );
    await inference!.add([new File([JSON.stringify(row)], 'row.json'), ...decoded]);
  },
  /** A model from the test's server. */
  async addFrom(row: ModelRow, urls: Record<string, string>): Promise<void> {
    const files = await Promise.all(Object.entries(urls).map(async ([path, url]) => new File([await (await fetch(url)).blob()], path)));
    await inference!.add([new File([JSON.stringify(row)], 'row.json'), ...files]);
  },
  remove: (id: string) => inference!.remove(id),
  async infer(ask: Ask): Promise<Outcome> {
    const request = requestOf(ask);
    if (ask.byPort) client ??= new InferenceClient(inference!.connect());
    const phases: string[] = [];
    const controller = new AbortController();
    if (ask.abortAfterMs !== undefined) setTimeout(() => controller.abort(new Error('the test’s own reason')), ask.abortAfterMs);
    const stopped = watchThread();
    const start = performance.now();
    try {
      const { output, outputs, ...rest } = await (ask.byPort ? client! : inference!).infer(request, controller.signal, (phase) =>
        phases.push(phase),
      );
      const ms = performance.now() - start;
      const blockedMs = await stopped();
      const others = Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => [name, { dims: tensor.dims, values: numbers(tensor) }]),
      );
      return {
        result: { ...rest, dims: output.dims, type: output.type, values: numbers(output).slice(0, ask.most), others },
        ms,
        blockedMs,
        phases,
      };
    } catch (error) {
      const ms = performance.now() - start;
      const { name, code, message } = error as { name: string; code?: string; message: string };
      return { error: { name, ...(typeof code === 'string' && { code }), message }, ms, blockedMs: await stopped(), phases };
    }
  },
};
export type InferencePage = typeof page;
declare global {
  var inferencePage: InferencePage;
}
globalThis.inferencePage = page;
