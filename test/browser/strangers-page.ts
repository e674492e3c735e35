/** What the tests of strangers' plugins do on a page: each kind works once in its sandbox, on what the contract's tests use. */
import { syntheticScene } from '../fixtures/scene.ts';
import { contextWith, hostWith } from './plugin-host-page.ts';

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

Object.assign(globalThis, { works });
