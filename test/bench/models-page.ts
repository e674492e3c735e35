/** The page of the models' bench: the built app's own workers, and beside them a bare session to compare with. */
import { Inference } from '../../src/inference/index.ts';
import { Converter } from '../../src/pipeline/index.ts';

const inference = new Inference({ createWorker: () => new Worker('/inference-worker.js', { type: 'module' }) });
const converter = new Converter({ createWorker: () => new Worker('/pipeline-worker.js', { type: 'module' }), inference });
const bare = new Worker('/bench-bare.js', { type: 'module' });

const tasks: number[] = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });

/** A photo that is like no other: results are kept by their hash. */
async function photo(seed: number): Promise<File> {
  const canvas = new OffscreenCanvas(1600, 1200);
  const context = canvas.getContext('2d')!;
  for (let i = 0; i < 60; i++) {
    context.fillStyle = `hsl(${(seed * 37 + i * 47) % 360} 60% ${30 + ((i * 13) % 50)}%)`;
    context.fillRect((i * 271 + seed * 53) % 1500, (i * 173) % 1100, 60 + i * 7, 50 + i * 6);
  }
  return new File([await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })], `photo-${seed}.jpg`);
}

const askBare = (message: unknown): Promise<number> =>
  new Promise((done) => {
    bare.onmessage = ({ data }) => done(data as number);
    bare.postMessage(message);
  });

const page = {
  /** Keeps a file as the person's own model. @returns its id. */
  async add(url: string, name: string): Promise<string> {
    const blob = await (await fetch(url)).blob();
    const { row } = await inference.add([new File([blob], name)]);
    return row.id;
  },
  /** The first run of a visit, step by step, in milliseconds. */
  async first(model: string): Promise<{ readMs: number; sessionMs: number; runMs: number; totalMs: number }> {
    const times: Record<string, number> = {};
    const start = performance.now();
    const image = { width: 960, height: 720, rgba: new Uint8ClampedArray(960 * 720 * 4).fill(99) };
    const { runMs } = await inference.infer({ model, image }, undefined, (phase) => (times[phase] ??= performance.now()));
    return {
      readMs: times['session']! - times['read']!,
      sessionMs: times['run']! - times['session']!,
      runMs,
      totalMs: performance.now() - start,
    };
  },
  /** One photo through the product. */
  async convert(
    model: string,
    seed: number,
  ): Promise<{ decodeMs: number; depthMs: number; runMs: number; threads: number; provider: string }> {
    const { report } = await converter.convert({ photo: await photo(seed) }, { depthSource: model });
    const { decode = NaN, depth = NaN } = report.timesMs;
    const { runMs, threads, provider } = report.depthModel!;
    return { decodeMs: decode, depthMs: depth, runMs, threads, provider };
  },
  prepareBare: (url: string, threads: number) => askBare({ url, threads }),
  /** Milliseconds of a bare `session.run`. */
  bareRun: () => askBare('run'),
  /** The longest task on this thread since the last time that was asked, in milliseconds; 0 where all were under 50. */
  longestTaskMs: () => Math.max(0, ...tasks.splice(0)),
};
export type BenchPage = typeof page;
declare global {
  var benchPage: BenchPage;
}
globalThis.benchPage = page;
