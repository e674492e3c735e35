/** What the bench of the sandbox does on a page: the same plugin, inside and in its sandbox, in turns. */
import inpaintClassic from '../../plugins/inpaint-classic/index.ts';
import { contextWith, hostWith } from '../browser/plugin-host-page.ts';
import depthTilt from '../strangers/depth-tilt/src/index.ts';
import inpaintMirror from '../strangers/inpaint-mirror/src/index.ts';
import type { DepthInput, InpaintInput, Plugin, PluginContext } from '../../src/plugin-api/index.ts';

const [WIDTH, HEIGHT] = [960, 720];
const inside: Readonly<Record<string, Plugin>> = {
  'depth-tilt': depthTilt,
  'inpaint-mirror': inpaintMirror,
  'inpaint-boxed': inpaintClassic,
};

const rgba = Uint8ClampedArray.from({ length: WIDTH * HEIGHT * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7919) % 251));
const defaults = (plugin: Plugin): Record<string, number | boolean | string> =>
  Object.fromEntries(plugin.options.map((option) => [option.id, option.default]));

function depthInput(plugin: Plugin): DepthInput {
  const photo = { width: WIDTH, height: HEIGHT, rgba, name: 'a.jpg', hash: '', originalWidth: WIDTH, originalHeight: HEIGHT };
  return { photo, file: { name: 'a.jpg', bytes: new Uint8Array(4) }, options: defaults(plugin) };
}

/** Holes as behind a few things: bands 40 pixels wide. */
function inpaintInput(plugin: Plugin): InpaintInput {
  const hole = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => Number((i % WIDTH) % 240 < 40));
  return {
    width: WIDTH,
    height: HEIGHT,
    rgba,
    hole,
    context: hole.map((each) => (each ? 0 : 255)),
    disparity: new Float32Array(WIDTH * HEIGHT).fill(0.3),
    sameSurface: 0.04,
    options: defaults(plugin),
  };
}

async function once(plugin: Plugin, context: PluginContext): Promise<number> {
  const [depth, holes] = [depthInput(plugin), inpaintInput(plugin)];
  const start = performance.now();
  if (plugin.kind === 'depth') await plugin.estimate(depth, context);
  else if (plugin.kind === 'inpaint') await plugin.inpaint(holes, context);
  return performance.now() - start;
}

/** Fastest run of each in ms; a sandbox that is started already, as a person's second photo finds it, and what the start takes. */
async function measured(text: string, times: number): Promise<{ insideMs: number; sandboxMs: number; startMs: number }> {
  const host = hostWith({});
  const { manifest } = await host.install(await host.offer(new TextEncoder().encode(text), 'stranger.js'));
  const { default: boxed } = await host.table[manifest.id]!();
  const own = inside[manifest.id]!;
  const context = contextWith(new AbortController().signal, () => undefined, []);
  const first = await once(boxed, context);
  await once(own, context);
  let [insideMs, sandboxMs] = [Infinity, Infinity];
  for (let i = 0; i < times; i++) {
    insideMs = Math.min(insideMs, await once(own, context));
    sandboxMs = Math.min(sandboxMs, await once(boxed, context));
  }
  host.dispose();
  return { insideMs, sandboxMs, startMs: first - sandboxMs };
}

Object.assign(globalThis, { measured });
