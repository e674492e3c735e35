/** `unflat/convert` in other people's pages: its example, and scripts of their own. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import { testBrowser } from '../helpers/browser.ts';

const room = join(root, 'test/fixtures/samples/room');

/** Paints all that is hidden in a colour that the photo does not have. */
const MAGENTA = `
import { defineInpainter } from '/dist/plugin/index.js';
export default defineInpainter({ id: 'inpaint-magenta', label: 'Magenta', options: [], supports: () => true,
  async inpaint({ rgba, hole }) {
    const painted = rgba.slice();
    for (let i = 0; i < hole.length; i++) if (hole[i]) painted.set([255, 0, 255], i * 4);
    return painted;
  },
});`;
/** Depth that rises from left to right, whatever the photo. */
const SLOPE = `
import { defineDepthSource } from '/dist/plugin/index.js';
export default defineDepthSource({ id: 'depth-slope', label: 'Slope', options: [], supports: () => true,
  async estimate({ photo: { width, height } }) {
    return { depth: { width, height, disparity: Float32Array.from({ length: width * height }, (_, i) => (i % width) / (width - 1)) } };
  },
});`;
const COUNT = `
import { defineOutput } from '/dist/plugin/index.js';
export default defineOutput({ id: 'output-count', label: 'Count', options: [], products: [{ id: 'count', label: 'Count' }], supports: () => true,
  async write({ scene }) {
    return { suffix: '_count.txt', blob: new Blob([String(scene.layers.length)], { type: 'text/plain' }) };
  },
});`;

const PAGES: Record<string, [string, string]> = {
  '/page/': ['text/html', '<!doctype html><link rel="icon" href="data:,"><title>A page</title>'],
  '/page/magenta.js': ['text/javascript', MAGENTA],
  '/page/slope.js': ['text/javascript', SLOPE],
  '/page/count.js': ['text/javascript', COUNT],
  '/page/nothing.js': ['text/javascript', 'export default 1;'],
};

const server = await listen((request, response) => {
  const page = PAGES[new URL(request.url ?? '/', 'http://localhost').pathname];
  if (page) response.writeHead(200, { 'content-type': page[0] }).end(page[1]);
  else void serveFile(root, request, response);
});
after(() => server.close());
const browser = await testBrowser();

async function opened(path: string): Promise<Page> {
  const context = await browser.newContext();
  after(() => context.close());
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(error));
  await page.goto(new URL(path, server.url).href);
  return page;
}

/** Runs a script in a page that has `convert` and `save`, the sample's `photo` and its `depth`. */
async function run<T>(script: string): Promise<T> {
  const page = await opened('/page/');
  try {
    return (await page.evaluate(`(async () => {
      const { convert, save, UnflatError } = await import('/dist/convert/index.js');
      const photo = '../test/fixtures/samples/room/photo.jpg', depth = '../test/fixtures/samples/room/depth.png';
      ${script}
    })()`)) as T;
  } finally {
    await page.close();
  }
}

test('the example page makes a photo 3D, shows it, saves files and can be cancelled', async () => {
  const page = await opened('/src/convert/example.html');
  const message = page.locator('#message');
  await page.setInputFiles('#depth', join(room, 'depth.png'));
  await page.setInputFiles('#photo', join(room, 'photo.jpg'));
  await message.filter({ hasText: /^\d+ layers, \d+ triangles/ }).waitFor();
  const [layers = 0, triangles = 0] = ((await message.textContent()) ?? '').match(/\d+/g)?.map(Number) ?? [];
  assert.ok(layers >= 2 && triangles > 1000, `${layers} layers, ${triangles} triangles`);
  await page.waitForFunction(`document.querySelector('unflat-photo').frames > 0`);

  const saved = async (button: string): Promise<[string, Buffer]> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button, exact: true }).click()]);
    const path = join(mkdtempSync(join(tmpdir(), 'unflat-convert-')), 'saved');
    await download.saveAs(path);
    return [download.suggestedFilename(), readFileSync(path)];
  };
  const [plyName, ply] = await saved('PLY');
  assert.equal(plyName, 'photo.ply');
  const vertices = Number(/element vertex (\d+)/.exec(ply.subarray(0, 1000).toString('latin1'))?.[1]);
  assert.ok(vertices > 640 * 480, `${vertices} vertices: more than the photo has pixels`);
  const [glbName, glb] = await saved('GLB');
  assert.equal(glbName, 'photo.glb');
  assert.equal(glb.subarray(0, 4).toString(), 'glTF');
  assert.equal(glb.readUInt32LE(8), glb.length);
  const [pngName, png] = await saved('Depth map');
  assert.equal(pngName, 'photo_depth.png');
  const { width, height, depth } = decode(png);
  assert.deepEqual([width, height, depth], [640, 480, 16]);

  await page.getByRole('button', { name: 'Video' }).click();
  await message.filter({ hasText: 'encode' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await message.filter({ hasText: 'Cancelled.' }).waitFor();
});

test("a photo without a depth map gets the built-in model's, from the package's own folder", async () => {
  const { source, model, stages, rising } = await run<{ source: string; model: string; stages: string[]; rising: boolean }>(`
    const stages = new Set(), parts = [];
    const { report } = await convert(await (await fetch(photo)).blob(), { onProgress: ({ stage, overall }) => { stages.add(stage); parts.push(overall); } });
    return { source: report.depthSource, model: report.depthModel.id, stages: [...stages], rising: parts.length > 5 && parts.at(-1) === 1 && parts.every((each, i) => each >= (parts[i - 1] ?? 0) && each <= 1) };`);
  assert.equal(source, 'depth-midas');
  assert.match(model, /basic/);
  for (const stage of ['decode', 'depth', 'inpaint']) assert.ok(stages.includes(stage), stage);
  assert.ok(rising);
});

test('plugins are named by their addresses: an inpainter, a depth source, an output', async () => {
  const said = await run<{
    inpainter: string;
    source: string;
    withMap: string;
    magenta: number[];
    slope: number[];
    count: string;
    name: string;
    layers: number;
    ends: string;
  }>(`
    const plugins = ['magenta.js', new URL('slope.js', location.href), 'count.js'];
    const sloped = await convert(photo, { plugins });
    const mapped = await convert(photo, { plugins, depth });
    const isMagenta = ({ rgba }) => { let sum = 0; for (let i = 0; i < rgba.length; i += 4) if (rgba[i] === 255 && rgba[i + 1] === 0 && rgba[i + 2] === 255) sum++; return sum; };
    const file = await save(mapped.scene, 'count', { plugins });
    const { disparity, width } = sloped.scene.depth;
    return { inpainter: mapped.report.inpainter, source: sloped.report.depthSource, withMap: mapped.report.depthSource, layers: mapped.scene.layers.length,
      magenta: mapped.scene.layers.map(isMagenta), slope: [disparity[width * 20 + 5], disparity[width * 20 + width - 5]], count: await file.text(), name: file.name,
      ends: await save(mapped.scene, 'nonsense', { plugins }).catch((error) => error.code + ' ' + error.message) };`);
  assert.equal(said.inpainter, 'inpaint-magenta');
  assert.equal(said.source, 'depth-slope');
  assert.equal(said.withMap, 'depth-map', 'a depth map that is given counts for more');
  assert.ok(
    said.magenta.slice(1).some((pixels) => pixels > 1000),
    `hidden parts are magenta: ${said.magenta}`,
  );
  assert.ok(said.slope[0]! < 0.1 && said.slope[1]! > 0.9, `depth rises from left to right: ${said.slope}`);
  assert.equal(said.count, String(said.layers));
  assert.equal(said.name, 'photo_count.txt');
  assert.match(said.ends, /^bad-plugin .*“nonsense”.*count/);
});

test('what cannot be is said: no plugin there, no photo, no depth, a cancelled call', async () => {
  const said = await run<string[]>(`
    const tell = (promise) => promise.then(() => 'nothing', (error) => [error.constructor.name, error instanceof UnflatError, error.code, error.message].join(' | '));
    const cancelled = AbortSignal.abort(new RangeError('enough'));
    return [await tell(convert(photo, { plugins: ['missing.js'] })), await tell(convert(photo, { plugins: ['nothing.js'] })), await tell(convert(undefined)), await tell(convert(photo, { depth: 3 })), await tell(convert(photo, { depth: {} })),
      await tell(convert('missing.jpg')), await tell(convert(photo, { model: 'none' })), await tell(convert(photo, { signal: cancelled })), await tell(save({}, 'ply', { signal: cancelled }))];`);
  const expected = [
    /\| true \| bad-plugin \| .*page\/missing\.js/,
    /\| true \| bad-plugin \| .*page\/nothing\.js is no plugin/,
    /^TypeError \| false \|  \| photo must be .*got undefined$/,
    /^TypeError \| false \|  \| options\.depth must be .*got 3$/,
    /^TypeError \| false \|  \| options\.depth must be .*got an Object$/,
    /\| true \| io \| .*page\/missing\.jpg/,
    /\| true \| no-depth \| photo\.jpg/,
    /^RangeError \| false \|  \| enough$/,
    /^RangeError \| false \|  \| enough$/,
  ];
  for (const [index, pattern] of expected.entries()) assert.match(said[index] ?? '', pattern);
});

test('a call that is cancelled in the middle of its work ends soon, and the next one is served', async () => {
  const [reason, layers] = await run<[string, number]>(`
    const stop = new AbortController();
    const first = convert(photo, { depth, signal: stop.signal, onProgress: ({ stage }) => stage === 'sharpen' && stop.abort(new Error('another photo')) });
    const second = convert(photo, { depth });
    return [await first.catch((error) => error.message), (await second).scene.layers.length];`);
  assert.equal(reason, 'another photo');
  assert.ok(layers >= 2);
});

test('a video is drawn on the page, with the options that were given', async () => {
  const [name, start, bytes, wrong] = await run<[string, number[], number, string]>(`
    const { scene } = await convert(photo, { depth, settings: { longerSidePx: 256, detailPx: 0 } });
    const settings = { frames: 6, fps: 12 };
    const file = await save(scene, 'circle', { settings });
    const start = [...new Uint8Array(await file.slice(0, 8).arrayBuffer())];
    return [file.name, start, file.size, await save(scene, 'circle', { settings: { frames: -1 } }).catch((error) => error.name + ' ' + error.message)];`);
  assert.match(name, /^photo_circle\.(mp4|webm)$/);
  // An EBML header, or a box of the type ftyp.
  assert.ok(
    name.endsWith('webm') ? Buffer.from(start).readUInt32BE(0) === 0x1a45dfa3 : Buffer.from(start.slice(4)).toString() === 'ftyp',
    String(start),
  );
  assert.ok(bytes > 2000, `${bytes} bytes`);
  assert.match(wrong, /^TypeError .*frames/);
});
