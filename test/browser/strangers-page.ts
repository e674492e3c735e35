/** What the tests of strangers' plugins do on a page: each kind works once in its sandbox, on what the contract's tests use. */
import { syntheticScene } from '../fixtures/scene.ts';
import type { ModelRow } from '../../src/plugin-api/index.ts';
import { checkPlugin } from '../contract/check-plugin.ts';
import type { Tester } from '../contract/run.ts';
import { contextWith, hostWith, models } from './plugin-host-page.ts';

async function works(text: string): Promise<{ kind: string; files: { suffix: string; text: string }[]; hasInput: boolean }> {
  const host = hostWith({});
  const { manifest, options } = await host.install(await host.offer(new TextEncoder().encode(text), 'stranger.js'));
  const { default: plugin } = await host.table[manifest.id]!();
  const context = contextWith(new AbortController().signal, () => undefined, []);
  const values = Object.fromEntries(options.map((option) => [option.id, option.default]));
  const files: { suffix: string; text: string }[] = [];
  const [width, height] = [48, 32];
  const rgba = new Uint8ClampedArray(width * height * 4).fill(120);
  if (plugin.kind === 'depth') {
    const photo = { width, height, rgba, name: 'street.jpg', hash: '', originalWidth: width, originalHeight: height };
    await plugin.estimate({ photo, file: { name: 'street.jpg', bytes: new Uint8Array(4) }, options: values }, context);
  } else if (plugin.kind === 'inpaint') {
    const size = width * height;
    const hole = Uint8Array.from({ length: size }, (_, i) => Number(i % 9 < 3));
    const seen = hole.map((each) => (each ? 0 : 255));
    await plugin.inpaint(
      { width, height, rgba, hole, context: seen, disparity: new Float32Array(size), sameSurface: 0.04, options: values },
      context,
    );
  } else {
    const scene = { ...syntheticScene(), name: 'street' };
    for (const { id } of plugin.products) {
      const frames = (): never => {
        throw new Error('no frames');
      };
      const { suffix, blob } = await plugin.write({ product: id, scene, options: values, frames }, context);
      files.push({ suffix, text: await blob.text() });
    }
  }
  host.dispose();
  return { kind: plugin.kind, files, hasInput: rgba.length > 0 };
}

/** The contract's tests, through the sandbox. @returns which passed, and which failed with why. */
async function contract(text: string): Promise<{ passed: string[]; failed: string[] }> {
  const host = hostWith({});
  const { manifest } = await host.install(await host.offer(new TextEncoder().encode(text), 'stranger.js'));
  const { default: plugin } = await host.table[manifest.id]!();
  const passed: string[] = [];
  const failed: string[] = [];
  const tester: Tester = {
    diagnostic: (message) => void failed.push(message),
    async test(name, work) {
      try {
        await work();
        passed.push(name);
      } catch (error) {
        failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
  await checkPlugin(plugin, tester, { id: manifest.id });
  host.dispose();
  return { passed, failed };
}

/** A plugin that brings a model: how many bytes were kept, the disparities at the left and right end, and what is left once it is removed. */
async function estimates(text: string): Promise<{ keptBytes: number | undefined; left: number; right: number; keptAfter: number }> {
  const host = hostWith({});
  const { manifest, models: rows, options } = await host.install(await host.offer(new TextEncoder().encode(text), 'stranger.js'));
  const { default: plugin } = await host.table[manifest.id]!();
  const [width, height] = [48, 32];
  const photo = {
    width,
    height,
    rgba: new Uint8ClampedArray(width * height * 4).fill(120),
    name: 'a.jpg',
    hash: '',
    originalWidth: width,
    originalHeight: height,
  };
  if (plugin.kind !== 'depth') throw new TypeError(`${manifest.id} is no depth source.`);
  const values = Object.fromEntries(options.map((option) => [option.id, option.default]));
  const { depth } = await plugin.estimate(
    { photo, file: { name: 'a.jpg', bytes: new Uint8Array(4) }, model: rows[0] as ModelRow, options: values },
    contextWith(new AbortController().signal, () => undefined, []),
  );
  const keptBytes = models.get(rows[0]!.id);
  await host.remove(manifest.id);
  host.dispose();
  return { keptBytes, left: depth.disparity[0]!, right: depth.disparity[depth.width - 1]!, keptAfter: models.size };
}

Object.assign(globalThis, { works, contract, estimates });
