import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode, encode } from 'fast-png';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import type { UnflatPhoto } from '../../src/element/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { testServer } from '../helpers/server.ts';
import { SMALL, photoOf, syntheticScene } from './viewer-scene.ts';

const recipe = { ...SMALL, width: 320, height: 240, disc: { x: 160, y: 120, radius: 60, disparity: 0.9 } };
const photo = photoOf(recipe);
const depth = syntheticScene(recipe).depth;
const photoPng = Buffer.from(encode({ width: 320, height: 240, data: new Uint8Array(photo.rgba.buffer), channels: 4, depth: 8 }));
const depthPng = Buffer.from(encode({ width: 320, height: 240, data: Uint8Array.from(depth.disparity, (d) => d * 255), channels: 1, depth: 8 }));

/** The five lines of the README. */
const FIVE_LINES = `<!doctype html>
<script type="module" src="unflat-photo.js"></script>
<unflat-photo src="photo.png" depth="depth.png" alt="A disc before a wall"></unflat-photo>`;

const folder = join(root, 'dist/element/unflat-depth');
const server = await testServer('dist/element', {
  '/page.html': FIVE_LINES,
  '/empty.html': '<!doctype html><link rel="icon" href="data:,"><p>Before</p><script type="module" src="unflat-photo.js"></script>',
});
/** Another origin, which does not let other pages read its files. */
const elsewhere = await testServer('dist/element', { '/a.png': 'a photo' });
const browser = await testBrowser();

interface Opened {
  page: Page;
  said: string[];
  asked: Set<string>;
}

async function open(path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 640, height: 600 }, ...options });
  after(() => context.close());
  const page = await context.newPage();
  const said: string[] = [];
  const asked = new Set<string>();
  page.on('pageerror', (error) => said.push(error.message));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !/ReadPixels|Failed to load resource/.test(message.text()) && said.push(message.text()));
  page.on('request', (request) => asked.add(new URL(request.url()).host));
  const png = (name: string, body: Buffer): Promise<unknown> => page.route(`**/${name}`, (route) => route.fulfill({ contentType: 'image/png', body }));
  await png('photo.png', photoPng);
  await png('other.png', photoPng);
  await png('depth.png', depthPng);
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204, body: '' }));
  await page.goto(server.url + path);
  return { page, said, asked };
}

/** Puts an element on the page and waits for its `load`, or for its `error`, of which the message comes back. */
const put = (page: Page, attributes: Record<string, string>): Promise<string> =>
  page.evaluate(async (all) => {
    await customElements.whenDefined('unflat-photo');
    document.querySelector('unflat-photo')?.remove();
    const element = document.createElement('unflat-photo');
    for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
    document.body.append(element);
    return new Promise<string>((resolve) => {
      element.addEventListener('load', () => resolve(''));
      element.addEventListener('error', (event) => resolve((event as ErrorEvent).message));
    });
  }, attributes);

/** The element, as the page sees it. */
type Photo = UnflatPhoto;

test('five lines on a page of one’s own show a 3D photo', async () => {
  const { page, said, asked } = await open('page.html');
  const shown = page.locator('unflat-photo canvas.shown');
  await shown.waitFor({ timeout: 60_000 });
  const state = await page.evaluate(() => {
    const element = document.querySelector('unflat-photo') as Photo;
    const { width, height } = element.getBoundingClientRect();
    return { ratio: width / height, frames: element.frames, bytes: element.gpuBytes, layers: element.scene!.layers.length };
  });
  assert.ok(Math.abs(state.ratio - 4 / 3) < 0.01, 'takes the shape of the photo');
  assert.ok(state.frames > 0 && state.bytes > 0 && state.layers >= 2);
  await page.getByRole('img', { name: 'A disc before a wall' }).waitFor();
  assert.deepEqual([...asked].filter((host) => host), [new URL(server.url).host], 'nothing is fetched from elsewhere');
  assert.deepEqual(said, []);

  // It is the photo that is shown: the orange disc in the middle, the wall around it.
  await page.evaluate(() => ((document.querySelector('unflat-photo') as Photo).motion = 'none'));
  await page.waitForTimeout(1500);
  const picture = decode(await page.locator('unflat-photo').screenshot());
  const at = (Math.floor(picture.height / 2) * picture.width + Math.floor(picture.width / 2)) * picture.channels;
  const middle = [...picture.data.slice(at, at + 3)];
  assert.ok(middle[0]! > 190 && middle[2]! < 100, `the middle is orange: ${middle.join()}`);
});

test('the flat photo is there at once, events tell how far it is, and the keyboard reaches it', async () => {
  const { page } = await open('empty.html');
  const seen = await page.evaluate(async () => {
    await customElements.whenDefined('unflat-photo');
    const element = document.createElement('unflat-photo');
    element.src = 'photo.png';
    element.depth = 'depth.png';
    const stages: string[] = [];
    element.addEventListener('progress', (event) => stages.push((event as unknown as CustomEvent<{ stage: string }>).detail.stage));
    const loaded = new Promise<CustomEvent>((resolve) => element.addEventListener('load', (event) => resolve(event as CustomEvent)));
    document.body.append(element);
    await element.updateComplete;
    const poster = element.shadowRoot!.querySelector('img')?.src ?? '';
    const { detail } = await loaded;
    return { poster, stages, report: detail.report.layers, same: detail.scene === element.scene };
  });
  assert.ok(seen.poster.endsWith('/photo.png'), seen.poster);
  assert.ok(['decode', 'grow', 'inpaint', 'mesh'].every((stage) => seen.stages.includes(stage)), seen.stages.join());
  assert.ok(seen.report >= 2 && seen.same, JSON.stringify(seen));

  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => (document.querySelector('unflat-photo') as Photo).look.x > 0.1);
});

test('what goes wrong is said on the photo and by the error event, with the address and what to do', async () => {
  const { page } = await open('empty.html');
  await page.route('**/gone.png', (route) => route.fulfill({ status: 404, body: '' }));
  await page.route('**/broken.png', (route) => route.fulfill({ contentType: 'image/png', body: photoPng.subarray(0, 40) }));

  const gone = await put(page, { src: 'gone.png', depth: 'depth.png' });
  assert.match(gone, /photo at http:\/\/[^ ]+\/gone\.png cannot be fetched: the server answered 404/);
  assert.equal(await page.getByRole('alert').textContent(), gone);
  // Nothing has given it a height, and yet it can be read; in its place is no sign of a broken picture.
  const [box, words] = [await page.locator('unflat-photo').boundingBox(), await page.getByRole('alert').boundingBox()];
  assert.ok(words!.height > 20 && box!.height >= words!.height, `the message is cut off at ${box!.height} px`);
  await page.locator('unflat-photo img').waitFor({ state: 'detached' });
  assert.match(await put(page, { src: 'photo.png', depth: 'gone.png' }), /depth map at .*gone\.png/);
  assert.match(await put(page, { src: `${elsewhere.url}a.png`, depth: 'depth.png' }), /photo at http:.*\/a\.png cannot be fetched: .* is out of reach or does not let pages of .* read it \(CORS\)/);
  assert.match(await put(page, { src: 'broken.png', depth: 'depth.png' }), /broken\.png/);
  const flat = await put(page, { src: 'photo.png', network: 'none' });
  assert.match(flat, /photo\.png/, 'a photo without depth is named');
  assert.ok(await page.locator('unflat-photo img').isVisible(), 'and stays to be seen, flat');
});

test('a photo without depth gets the built-in one, of which nothing is loaded before; the report names it', async () => {
  const { page, said, asked } = await open('empty.html');
  const loaded: string[] = [];
  page.on('request', (request) => request.url().includes('/unflat-depth/') && loaded.push(new URL(request.url()).pathname.split('/').pop() ?? ''));
  assert.equal(await put(page, { src: 'photo.png', depth: 'depth.png', motion: 'none' }), '');
  assert.equal(loaded.length, 0, 'a page whose photos have depth loads nothing of it');
  const report = await page.evaluate(async () => {
    const element = document.createElement('unflat-photo');
    element.motion = 'none';
    element.src = 'photo.png';
    const done = new Promise<CustomEvent>((resolve, reject) => {
      element.addEventListener('load', (event) => resolve(event as CustomEvent));
      element.addEventListener('error', (event) => reject(new Error((event as ErrorEvent).message)));
    });
    document.querySelector('unflat-photo')!.replaceWith(element);
    return (await done).detail.report as { depthModel?: { label: string; provider: string; threads: number }; layers: number };
  });
  assert.deepEqual([report.depthModel?.label, report.depthModel?.provider, report.depthModel?.threads], ['Basic depth, built in', 'wasm', 1]);
  for (const name of ['worker.js', 'ort-wasm-simd-threaded.wasm']) assert.ok(loaded.includes(name), loaded.join());
  assert.ok(loaded.some((name) => name.endsWith('.onnx')), loaded.join());
  assert.deepEqual([...asked].filter((host) => host), [new URL(server.url).host], 'nothing is fetched from elsewhere');
  assert.deepEqual(said, []);
});

test('a page without the built-in network’s folder says what to copy where, and may keep it anywhere', async () => {
  const { page } = await open('empty.html');
  const away = await put(page, { src: 'photo.png', network: '/assets/no such place' });
  assert.match(away, /photo\.png holds no depth.*\/assets\/no%20such%20place\/worker\.js \(the server answered 404\)\. Copy the folder unflat-depth, which lies beside unflat-photo\.js/);
  assert.equal(await page.getByRole('alert').textContent(), away);
  assert.match(await put(page, { src: 'photo.png', network: `${elsewhere.url}unflat-depth/` }), /it is out of reach\).*Copy the folder/);
  // A folder of which a file was forgotten.
  await page.route('**/half/*', (route) => (route.request().url().endsWith('.onnx') ? route.fulfill({ status: 404, body: '' }) : route.fulfill({ path: `${folder}/${route.request().url().split('/').pop()}` })));
  assert.match(await put(page, { src: 'photo.png', network: '/half/' }), /“Basic depth, built in” could not be read from http.*\/half\/.*\.onnx .*404.*Copy the folder unflat-depth anew, with all its files/);
  await page.route('**/kept/else/where/*', (route) => route.fulfill({ path: `${folder}/${route.request().url().split('/').pop()}` }));
  assert.equal(await put(page, { src: 'photo.png', network: 'kept/else/where' }), '');
});

test('the last photo wins, and an error goes with the photo it was about', async () => {
  const { page, said } = await open('empty.html');
  const events = await page.evaluate(async () => {
    await customElements.whenDefined('unflat-photo');
    const element = document.createElement('unflat-photo');
    document.body.append(element);
    const heard: string[] = [];
    element.addEventListener('error', (event) => heard.push((event as ErrorEvent).message));
    const loaded = new Promise((resolve) => element.addEventListener('load', resolve));
    element.depth = 'depth.png';
    for (const src of ['photo.png', 'gone-1.png', 'photo.png', 'gone-2.png', 'other.png']) {
      element.src = src;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    await loaded;
    return { heard, name: element.scene!.name, alerts: element.shadowRoot!.querySelectorAll('[role=alert]').length };
  });
  assert.deepEqual(events, { heard: [], name: 'other', alerts: 0 });
  assert.deepEqual(said, []);
});

test('a page with a scene of its own needs no worker, and the element can come and go fifty times', async () => {
  const { page, said } = await open('empty.html');
  await put(page, { src: 'photo.png', depth: 'depth.png', motion: 'none' });
  const result = await page.evaluate(async () => {
    const made = document.querySelector('unflat-photo') as Photo;
    const scene = made.scene!;
    made.remove();
    const element = document.createElement('unflat-photo');
    element.motion = 'none';
    element.scene = scene;
    const contexts: WebGL2RenderingContext[] = [];
    for (let i = 0; i < 50; i++) {
      const loaded = new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
      document.body.append(element);
      // Every fifth time until it is on the screen, otherwise it goes in the midst of it.
      await (i % 5 === 0 ? loaded : new Promise((resolve) => setTimeout(resolve, i)));
      contexts.push(element.shadowRoot!.querySelector('canvas')!.getContext('webgl2')!);
      element.remove();
    }
    const alive = contexts.filter((context) => !context.isContextLost()).length;
    document.body.append(element);
    await new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
    return { alive, canvases: element.shadowRoot!.querySelectorAll('canvas').length, frames: element.frames };
  });
  assert.equal(result.alive, 0, 'every GPU context was given back');
  assert.equal(result.canvases, 1);
  assert.ok(result.frames > 0);
  assert.deepEqual(said.filter((line) => !/context/i.test(line)), []);
  assert.deepEqual(said.filter((line) => /too many/i.test(line)), []);
});

test('a photo of another shape takes over in one go: the last one is never seen in its box', async () => {
  const { page } = await open('empty.html');
  await put(page, { src: 'photo.png', depth: 'depth.png', motion: 'none' });
  const { shapes, off } = await page.evaluate(async () => {
    const element = document.querySelector('unflat-photo') as Photo;
    const seen = { shapes: [] as number[], off: [] as number[] };
    element.addEventListener('aspect-change', (event) => seen.shapes.push((event as CustomEvent<number>).detail));
    for (const height of [120, 240]) {
      const load = { isOver: false };
      element.addEventListener('load', () => (load.isOver = true), { once: true });
      element.scene = { ...element.scene!, height };
      while (!load.isOver) {
        await new Promise(requestAnimationFrame);
        const canvas = element.shadowRoot!.querySelector('canvas')!;
        seen.off.push(canvas.width / canvas.height / (element.clientWidth / element.clientHeight));
      }
    }
    return seen;
  });
  assert.deepEqual(shapes, [320 / 120, 320 / 240]);
  assert.ok(off.length > 1 && off.every((ratio) => Math.abs(ratio - 1) < 0.03), String(off));
});

test('the photo lies in a box of another shape as it is told to', async () => {
  const { page } = await open('empty.html');
  await page.addStyleTag({ content: 'unflat-photo { width: 200px; height: 300px }' });
  await put(page, { src: 'photo.png', depth: 'depth.png', fit: 'cover' });
  const fit = (): Promise<string> => page.evaluate(() => getComputedStyle(document.querySelector('unflat-photo')!.shadowRoot!.querySelector('canvas')!).objectFit);
  assert.equal(await fit(), 'cover');
  await page.evaluate(() => document.querySelector('unflat-photo')!.setAttribute('fit', 'contain'));
  await page.waitForFunction(() => getComputedStyle(document.querySelector('unflat-photo')!.shadowRoot!.querySelector('canvas')!).objectFit === 'contain');
  assert.deepEqual(await page.evaluate(() => [document.querySelector('unflat-photo')!.clientWidth, document.querySelector('unflat-photo')!.clientHeight]), [200, 300]);
});
