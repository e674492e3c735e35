/** What the tests of the sandbox do on a page. */
import { parseRow } from '../../src/inference/parse-catalogue.ts';
import { PagePlugins, PluginHost, type KeptPlugins, type SandboxBudget } from '../../src/plugin-host/index.ts';
import { PluginStore } from '../../src/plugin-host/plugin-store.ts';
import type { DepthSource, PluginContext } from '../../src/plugin-api/index.ts';

export interface AttackEnd {
  error?: string;
  /** Largest of the disparities that came back: above 0 where the plugin got what it wanted. */
  loot?: number;
  /** The page's own objects were touched. */
  isPolluted: boolean;
  /** Frames that are left once the plugin is removed. */
  frames: number;
  ms: number;
  warnings: number;
}

const BUDGET: Partial<SandboxBudget> = { startMs: 4000, silentMs: 1200, callMs: 4000, abortMs: 500, messages: 300 };

const environment = { webgpu: false, videoEncoder: false, threads: false };

/** Models that plugins brought, by id. */
export const models = new Map<string, number>();
/** Addresses that the host asked for plugins. */
export const reached: string[] = [];

export function hostWith(budget: Partial<SandboxBudget>, store: KeptPlugins = new PagePlugins()): PluginHost {
  return new PluginHost({
    ask: async (address) => {
      reached.push(address);
      return { status: 200, bytes: new TextEncoder().encode('an answer') };
    },
    models: {
      parseRow,
      keeper: {
        download: async ({ files }) => new Map(files.map(({ path, sizeBytes }) => [path, new Uint8Array(sizeBytes ?? 0)])),
        keep: async (row, files) => void models.set(row.id, files[0]!.blob.size),
        remove: async (id) => void models.delete(id),
      },
    },
    taken: async () => ({ ids: ['depth-ours'], products: ['ply'], models: ['depth-anything-small'], labels: ['Depth Anything'] }),
    environment: async () => environment,
    store,
    budget,
  });
}

export function contextWith(signal: AbortSignal, onProgress: () => void, warnings: string[]): PluginContext {
  return {
    signal,
    progress: onProgress,
    warn: (message) => void warnings.push(message),
    note: () => undefined,
    howToSet: (option) => option,
    decodeImage: () => Promise.reject(new Error('not here')),
    // A model that likes the left half of whatever it is shown.
    infer: async ({ model, image: { width, height } }) => ({
      output: {
        type: 'float32',
        dims: [1, 1, height, width],
        data: Float32Array.from({ length: width * height }, (_, i) => Number(i % width < width / 2)),
      },
      outputs: {},
      width,
      height,
      provider: 'wasm',
      threads: 1,
      sessionMs: 0,
      runMs: 1,
      warnings: [],
      ...(model === '' && { model }),
    }),
    estimateDepth: () => Promise.resolve(undefined),
  };
}

/** Installs a plugin, has it work once, and removes it. */
async function attack(text: string, isCancelled: boolean): Promise<AttackEnd> {
  const host = hostWith(BUDGET);
  const start = performance.now();
  const end: Partial<AttackEnd> = {};
  const warnings: string[] = [];
  try {
    const installed = await host.install(await host.offer(new TextEncoder().encode(text), 'hostile.js'));
    const { id } = installed.manifest;
    const { default: plugin } = (await host.table[id]!()) as { default: DepthSource };
    const controller = new AbortController();
    const onProgress = (): void => void (isCancelled && controller.abort(new Error('the person cancelled')));
    const context = contextWith(controller.signal, onProgress, warnings);
    const photo = {
      width: 2,
      height: 2,
      rgba: new Uint8ClampedArray(16),
      name: 'secret.jpg',
      hash: 'secret',
      originalWidth: 2,
      originalHeight: 2,
    };
    const file = { name: 'secret.jpg', bytes: new Uint8Array(4) };
    const { depth } = await plugin.estimate({ photo, file, map: file, options: {} }, context);
    end.loot = Math.max(...depth.disparity);
  } catch (error) {
    end.error = error instanceof Error ? error.message : String(error);
    // A cancelled one is ended a moment later.
    if (isCancelled) await new Promise((done) => setTimeout(done, 800));
  }
  for (const { manifest } of host.list) await host.remove(manifest.id);
  const frames = document.querySelectorAll('iframe').length;
  host.dispose();
  return {
    ...end,
    frames,
    isPolluted: 'polluted' in {} || (() => [1].map((one) => one + 1)[0] !== 2)(),
    ms: Math.round(performance.now() - start),
    warnings: warnings.length,
  };
}

/** Several of them, four at a time. @returns their ends, and how many frames are left behind. */
async function attackAll(plugins: readonly { text: string; isCancelled: boolean }[]): Promise<{ ends: AttackEnd[]; frames: number }> {
  const ends: AttackEnd[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < plugins.length; i = next++) ends[i] = await attack(plugins[i]!.text, plugins[i]!.isCancelled);
  };
  await Promise.all([1, 2, 3, 4].map(work));
  return { ends, frames: document.querySelectorAll('iframe').length };
}

/** What refuses a file before any of its code runs. */
async function refusal(text: string): Promise<string> {
  const host = hostWith(BUDGET);
  try {
    await host.install(await host.offer(new TextEncoder().encode(text), 'given.js'));
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    host.dispose();
  }
}

/** A page of the app, whose plugins other pages of the same browser have too. */
class SharedPage {
  readonly host = hostWith(BUDGET, new PluginStore());
  /** How often it was told that something changed. */
  changes = 0;

  async load(): Promise<string[]> {
    this.host.addEventListener('change', () => this.changes++);
    await this.host.load();
    return this.list();
  }

  list(): string[] {
    return this.host.list.map(({ manifest, isEnabled }) => `${manifest.id} ${manifest.version}${isEnabled ? '' : ' off'}`);
  }

  /** @param meanwhile what happens between the look at the file and the person’s word. */
  async install(text: string, meanwhile: Promise<unknown> = Promise.resolve()): Promise<string> {
    try {
      const offer = await this.host.offer(new TextEncoder().encode(text), 'given.js');
      await meanwhile;
      await this.host.install(offer);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Has a plugin work, and then wait in its sandbox. @returns frames that are open. */
  async use(id: string): Promise<number> {
    const { default: plugin } = (await this.host.table[id]!()) as { default: DepthSource };
    const photo = { width: 2, height: 2, rgba: new Uint8ClampedArray(16), name: '', hash: '', originalWidth: 2, originalHeight: 2 };
    const file = { name: '', bytes: new Uint8Array() };
    await plugin.estimate(
      { photo, file, options: {} },
      contextWith(new AbortController().signal, () => undefined, []),
    );
    return document.querySelectorAll('iframe').length;
  }
}

/** What a plugin sees of the photos of several calls in a row, each of one grey: its answer is the first pixel. @returns the answers, 0..255. */
async function seen(text: string, greys: readonly number[]): Promise<number[]> {
  const host = hostWith(BUDGET);
  const { manifest } = await host.install(await host.offer(new TextEncoder().encode(text), 'given.js'));
  const { default: plugin } = (await host.table[manifest.id]!()) as { default: DepthSource };
  const photos = new Map(greys.map((grey) => [grey, new Uint8ClampedArray(16).fill(grey)]));
  const answers: number[] = [];
  for (const grey of greys) {
    const photo = { width: 2, height: 2, rgba: photos.get(grey)!, name: '', hash: '', originalWidth: 2, originalHeight: 2 };
    const context = contextWith(new AbortController().signal, () => undefined, []);
    const { depth } = await plugin.estimate({ photo, file: { name: '', bytes: new Uint8Array() }, options: {} }, context);
    answers.push(Math.round(depth.disparity[0]! * 255));
  }
  const isWhole = [...photos].every(([grey, rgba]) => rgba.every((each) => each === grey));
  host.dispose();
  return isWhole ? answers : [];
}

Object.assign(globalThis, { seen, attack, attackAll, refusal, shared: new SharedPage() });
