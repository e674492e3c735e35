/** What the tests of strangers' plugins do on a page: each kind works once in its sandbox, on what the contract's tests use. */
import { syntheticScene } from '../fixtures/scene.ts';
import { manifestComment } from '../../src/plugin-api/index.ts';
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
    { photo, file: { name: 'a.jpg', bytes: new Uint8Array(4) }, ...(rows[0] && { model: rows[0] }), options: values },
    contextWith(new AbortController().signal, () => undefined, []),
  );
  const keptBytes = models.get(rows[0]!.id);
  await host.remove(manifest.id);
  host.dispose();
  return { keptBytes, left: depth.disparity[0]!, right: depth.disparity[depth.width - 1]!, keptAfter: models.size };
}

/** An output that has two frames rendered and reads a pixel of each, and asks for what cannot be rendered. */
async function renders(): Promise<string> {
  const manifest = manifestComment({
    id: 'output-frames',
    version: '1.0.0',
    kind: 'output',
    label: 'Frames',
    author: 'A. Stranger',
    licence: 'MIT',
    apiVersion: 1,
    hosts: [],
    models: [],
    sees: ['scene'],
  });
  const text = `${manifest}
export default {
  apiVersion: 1, kind: 'output', id: 'output-frames', label: 'Frames', options: [], supports: () => true, needsFrames: true,
  products: [{ id: 'frames', label: 'Frames', suffixes: ['.txt'] }],
  async write({ frames }) {
    const camera = { width: 8, height: 4, fx: 8, fy: 8, cx: 4, cy: 2, c2w: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
    const said = [];
    for await (const frame of frames([camera, camera])) {
      const canvas = new OffscreenCanvas(8, 4).getContext('2d');
      canvas.drawImage(frame, 0, 0);
      said.push(frame.width + 'x' + frame.height + ' ' + canvas.getImageData(0, 0, 1, 1).data[0]);
      frame.close();
    }
    try { for await (const frame of frames([{ ...camera, width: 1e9 }])) said.push('too large'); } catch { said.push('refused'); }
    return { suffix: '.txt', blob: new Blob([said.join(', ')]) };
  },
};`;
  const host = hostWith({});
  await host.install(await host.offer(new TextEncoder().encode(text), 'frames.js'));
  const { default: plugin } = await host.table['output-frames']!();
  if (plugin.kind !== 'output' || !plugin.needsFrames) throw new TypeError('It asks for no frames.');
  async function* frames(cameras: Iterable<{ width: number; height: number }>): AsyncGenerator<ImageBitmap> {
    let level = 100;
    for (const { width, height } of cameras) {
      const pixels = new Uint8ClampedArray(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : level));
      yield await createImageBitmap(new ImageData(pixels, width, height));
      level += 50;
    }
  }
  const { blob } = await plugin.write(
    { product: 'frames', scene: syntheticScene(), options: {}, frames },
    contextWith(new AbortController().signal, () => undefined, []),
  );
  host.dispose();
  return blob.text();
}

Object.assign(globalThis, { works, contract, estimates, renders });
