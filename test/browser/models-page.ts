/** What the models tests do on a page. */
import { createStore, get, set } from 'idb-keyval';
import type { DownloadProgress, ModelRow, ModelState } from '../../src/core/index.ts';
import { Inference } from '../../src/inference/index.ts';
import { ModelStore, ResultStore } from '../../src/store/index.ts';
import { syntheticScene } from '../fixtures/scene.ts';

let inference: Inference;
const steps: DownloadProgress[] = [];

/** A result or what was thrown, as plain data. */
export type Outcome<T> = { value: T } | { error: { code?: string; message: string } };

async function outcome<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { error: { ...(code !== undefined && { code }), message } };
  }
}

const page = {
  start(rows: readonly ModelRow[], query = ''): void {
    inference = new Inference({
      createWorker: () => new Worker(`/worker.js${query}`, { type: 'module' }),
      rows: () => Promise.resolve(rows),
    });
  },
  async states(): Promise<[string, ModelState, number][]> {
    return (await inference.models()).map(({ row, state, storedBytes }) => [row.id, state, storedBytes]);
  },
  /** All steps of downloads so far. */
  steps: (): DownloadProgress[] => steps,
  fetch: (id: string): Promise<Outcome<void>> => outcome(inference.fetch(id, { onProgress: (step) => steps.push(step) })),
  /** Runs the model on one colour. @returns the first value of its answer. */
  run: (id: string, [r, g, b]: [number, number, number]): Promise<Outcome<number>> =>
    outcome(
      inference
        .infer({
          model: id,
          image: { width: 64, height: 48, rgba: Uint8ClampedArray.from({ length: 64 * 48 * 4 }, (_, i) => [r, g, b, 255][i % 4]!) },
        })
        .then(({ output }) => Number(output.data[0])),
    ),
  /** Changes a byte of a stored model behind the store's back. */
  async damage(id: string, path: string, chunk: number): Promise<void> {
    const database = createStore('unflat-models', 'records');
    const key = `chunk:${id}/${path}/${chunk}`;
    const bytes = new Uint8Array(await (await get<Blob>(key, database))!.arrayBuffer());
    bytes[bytes.length >> 1]! ^= 255;
    await set(key, new Blob([bytes]), database);
  },
  /** Milliseconds that reading a model takes, and its bytes. */
  async read(id: string): Promise<{ ms: number; bytes: number }> {
    const store = new ModelStore();
    const start = performance.now();
    const { files } = await store.read(id);
    return { ms: performance.now() - start, bytes: files.reduce((sum, file) => sum + file.bytes.length, 0) };
  },
  /** Keeps results of that many kinds. @returns their bytes. */
  async keepResults(count: number): Promise<number> {
    const results = new ResultStore();
    for (let i = 0; i < count; i++) await results.put(`r${i}`, { scene: syntheticScene({ width: 200, height: 150 }), report: null });
    return results.sizeBytes();
  },
  resultBytes: (): Promise<number> => new ResultStore().sizeBytes(),
};
export type ModelsPage = typeof page;
declare global {
  var modelsPage: ModelsPage;
}
globalThis.modelsPage = page;
