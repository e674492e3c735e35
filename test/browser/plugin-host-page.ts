/** What the tests of the sandbox do on a page. */
import { PluginHost, type SandboxBudget } from '../../src/plugin-host/index.ts';
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

const kept = new Map<string, never>();
const store = { list: async () => [...kept.values()], put: async () => undefined, remove: async () => undefined };
const environment = { webgpu: false, videoEncoder: false, threads: false };

export function hostWith(budget: Partial<SandboxBudget>): PluginHost {
  return new PluginHost({
    taken: async () => ({ ids: ['depth-ours'], products: ['ply'] }),
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
    infer: () => Promise.resolve({} as never),
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

Object.assign(globalThis, { attack, refusal });
