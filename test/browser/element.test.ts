import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build } from 'esbuild';
import { decode, encode } from 'fast-png';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import type { LoadDetail, UnflatPhoto } from '../../src/element/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { testServer } from '../helpers/server.ts';
import { snippets } from '../helpers/snippets.ts';
import { SMALL, photoOf, syntheticScene } from './viewer-scene.ts';

const recipe = { ...SMALL, width: 320, height: 240, disc: { x: 160, y: 120, radius: 60, disparity: 0.9 } };
const photo = photoOf(recipe);
const depth = syntheticScene(recipe).depth;
const photoPng = Buffer.from(encode({ width: 320, height: 240, data: new Uint8Array(photo.rgba.buffer), channels: 4, depth: 8 }));
const depthPng = Buffer.from(
  encode({ width: 320, height: 240, data: Uint8Array.from(depth.disparity, (d) => d * 255), channels: 1, depth: 8 }),
);

/** The five lines of the README. */
const FIVE_LINES = `<!doctype html>
<script type="module" src="unflat-photo.js"></script>
<unflat-photo src="photo.png" depth="depth.png" alt="A disc before a wall"></unflat-photo>`;

const folder = join(root, 'dist/element/unflat-depth');
const server = await testServer('dist/element', {
  '/page.html': FIVE_LINES,
  '/plain.html': '<!doctype html><link rel="icon" href="data:,"><p>Before</p><script type="module" src="unflat-view.js"></script>',
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

async function open(path: string, options: BrowserContextOptions = {}, before?: (page: Page) => Promise<unknown>): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 640, height: 600 }, ...options });
  after(() => context.close());
  const page = await context.newPage();
  // The loader of these tests names functions by a helper that pages do not have.
  await page.addInitScript('globalThis.__name = (named) => named');
  const said: string[] = [];
  const asked = new Set<string>();
  page.on('pageerror', (error) => said.push(error.message));
  page.on(
    'console',
    (message) =>
      ['error', 'warning'].includes(message.type()) &&
      !/ReadPixels|Failed to load resource/.test(message.text()) &&
      said.push(message.text()),
  );
  page.on('request', (request) => asked.add(new URL(request.url()).host));
  const png = (name: string, body: Buffer): Promise<unknown> =>
    page.route(`**/${name}`, (route) => route.fulfill({ contentType: 'image/png', body }));
  await png('photo.png', photoPng);
  await png('other.png', photoPng);
  await png('depth.png', depthPng);
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204, body: '' }));
  await before?.(page);
  await page.goto(server.url + path);
  return { page, said, asked };
}

/** Without answers of the test's own, which would switch the browser's cache off. */
async function openUnrouted(path: string): Promise<{ page: Page; said: string[] }> {
  const context = await browser.newContext({ viewport: { width: 640, height: 600 } });
  after(() => context.close());
  const page = await context.newPage();
  const said: string[] = [];
  page.on('pageerror', (error) => said.push(error.message));
  await page.goto(server.url + path);
  return { page, said };
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
      element.addEventListener('error', (event) => resolve(event.message));
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
  assert.deepEqual(
    [...asked].filter((host) => host),
    [new URL(server.url).host],
    'nothing is fetched from elsewhere',
  );
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
    const loaded = new Promise<CustomEvent<LoadDetail>>((resolve) => element.addEventListener('load', resolve));
    document.body.append(element);
    let flat: HTMLImageElement | null = null;
    while (!(flat = element.shadowRoot!.querySelector('img'))) await new Promise(requestAnimationFrame);
    const poster = flat.src;
    const { detail } = await loaded;
    return { poster, stages, report: detail.report!.layers, same: detail.scene === element.scene };
  });
  assert.ok(seen.poster.endsWith('/photo.png'), seen.poster);
  assert.ok(
    ['decode', 'grow', 'inpaint', 'mesh'].every((stage) => seen.stages.includes(stage)),
    seen.stages.join(),
  );
  assert.ok(seen.report >= 2 && seen.same, JSON.stringify(seen));

  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => (document.querySelector('unflat-photo') as Photo).look.x > 0.1);
});

test('what goes wrong is said by the error event and on the console, with the address and what to do; visitors read the photo’s own words at most', async () => {
  const { page, said } = await open('empty.html');
  await page.route('**/gone.png', (route) => route.fulfill({ status: 404, body: '' }));
  await page.route('**/broken.png', (route) => route.fulfill({ contentType: 'image/png', body: photoPng.subarray(0, 40) }));

  const gone = await put(page, { src: 'gone.png', depth: 'depth.png', alt: 'A disc before a wall' });
  assert.match(gone, /photo at http:\/\/[^ ]+\/gone\.png cannot be fetched: the server answered 404/);
  assert.deepEqual(said, [`<unflat-photo>: ${gone}`]);
  const line = page.locator('unflat-photo [part=error]');
  assert.equal(await line.textContent(), 'A disc before a wall');
  // Nothing has given it a height, and yet it can be read; in its place is no sign of a broken picture.
  const [box, words] = [await page.locator('unflat-photo').boundingBox(), await line.boundingBox()];
  assert.ok(words!.height > 20 && box!.height >= words!.height, `the message is cut off at ${box!.height} px`);
  await page.locator('unflat-photo img').waitFor({ state: 'detached' });
  assert.match(await put(page, { src: 'photo.png', depth: 'gone.png' }), /depth map at .*gone\.png/);
  assert.match(
    await put(page, { src: `${elsewhere.url}a.png`, depth: 'depth.png' }),
    /photo at http:.*\/a\.png cannot be fetched: .* is out of reach or does not let pages of .* read it \(CORS\)/,
  );
  assert.match(await put(page, { src: 'broken.png', depth: 'depth.png' }), /broken\.png/);
  const flat = await put(page, { src: 'photo.png', model: 'none' });
  assert.match(flat, /photo\.png holds no depth.* depth="photo_depth\.png"/, 'a photo without depth is named, and the attribute');
  assert.ok(await page.locator('unflat-photo img').isVisible(), 'and stays to be seen, flat');
  assert.equal(await line.count(), 0);
  said.length = 0;
  await page.evaluate(async () => {
    const element = document.querySelector('unflat-photo')!;
    const failed = new Promise<void>((resolve) => element.addEventListener('error', (event) => (event.preventDefault(), resolve())));
    element.setAttribute('src', 'other.png');
    await failed;
  });
  assert.deepEqual(said, [], 'an author who takes the event has the console clean');
  assert.match(
    await put(page, { src: 'photo.png', depth: 'other.png' }),
    /property settings to \{ depthOptions: \{ colours: 'brightness' or .* attribute depth, http:\/\/[^ ]+\/other\.png\./,
  );

  // None of these waits for another photo's turn, which never ends here.
  const answer = (name: string, contentType: string, body: string): Promise<unknown> =>
    page.route(`**/${name}`, (route) => route.fulfill({ contentType, body }));
  await answer('page.npy', 'text/html', '<!-- Not here --><title>Not found</title>');
  await answer('drawing.svg', 'image/svg+xml', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>');
  const known = await page.evaluate(async () => {
    const add = (all: Partial<Photo>): Photo => document.body.appendChild(Object.assign(document.createElement('unflat-photo'), all));
    const isBusy = new Promise((resolve) => {
      globalThis.Worker = class extends EventTarget {
        postMessage = resolve;
        terminate(): void {}
      } as unknown as typeof Worker;
    });
    add({ src: 'photo.png', depth: 'depth.png' });
    await isBusy;
    const message = (all: Partial<Photo>): Promise<string> =>
      new Promise((resolve) => add(all).addEventListener('error', (event) => resolve(event.message)));
    const all = Promise.all(
      [{ src: 'gone.png' }, { src: 'http://[' }, { src: 'drawing.svg' }, { src: 'photo.png', depth: 'page.npy' }].map(message),
    );
    return Promise.race([all, new Promise<string[]>((resolve) => setTimeout(() => resolve([]), 60_000))]);
  });
  assert.equal(known.length, 4, 'said while another photo is converted');
  assert.match(known[1]!, /“http:\/\/\[”, is not a valid one/);
  assert.match(known[2]!, /\/drawing\.svg is an SVG drawing/);
  assert.match(known[3]!, /depth map at http:\/\/[^ ]+\/page\.npy cannot be used: the server sent a web page/);
});

test('without WebGL the software renderer draws; where it may not, the flat photo is shown, and nothing is converted first', async () => {
  const { page } = await open('empty.html');
  await page.evaluate(() => {
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return kind.startsWith('webgl') ? null : (getContext as (...all: unknown[]) => unknown).call(this, kind, ...rest);
    } as typeof getContext;
  });
  let maps = 0;
  page.on('request', (request) => request.url().endsWith('/depth.png') && maps++);
  assert.match(await put(page, { src: 'photo.png', depth: 'depth.png', renderer: 'hardware' }), /WebGL2/);
  await page.locator('unflat-photo img').waitFor();
  assert.equal(await page.locator('unflat-photo [part=error]').count(), 0);
  assert.deepEqual([maps, page.workers().length], [0, 0]);
  assert.equal(await put(page, { src: 'photo.png', depth: 'depth.png' }), '');
  assert.ok(await page.evaluate(() => document.querySelector('unflat-photo')!.frames > 0));
});

test('where nothing gives it a width it has the photo’s; what is put into it lies over the picture', async () => {
  const { page, said } = await open('empty.html');
  await page.evaluate(async () => {
    const photo = (style: string, inside = ''): string =>
      `<unflat-photo src="photo.png" model="none" motion="none" style="${style}">${inside}</unflat-photo>`;
    document.body.innerHTML = `<div style="display: flex">${photo('')}</div><div style="display: flex; width: 200px">${photo('')}</div>
      <div>${photo('float: left')}</div><p style="clear: both">${photo('display: inline-block')}</p>
      <div style="width: 150px">${photo('display: inline-block')}</div>
      <div style="width: 100px">${photo('', '<button>Buy</button><b style="position: absolute; bottom: 0; left: 0">A disc</b><img slot="poster" src="other.png" alt="">')}</div>
      <div style="position: relative; width: 400px; height: 160px">${photo('position: absolute; inset: 0')}</div>
      <div style="position: relative; width: 400px; height: 310px">${photo('position: absolute; inset: 0 0 auto')}</div>`;
    for (const each of document.querySelectorAll('unflat-photo')) each.addEventListener('error', (event) => event.preventDefault());
  });
  await page.waitForFunction(() => [...document.querySelectorAll('unflat-photo')].every((each) => (each as HTMLElement).offsetHeight > 50));
  const boxes = await page.evaluate(() =>
    [...document.querySelectorAll('unflat-photo')].map((each) =>
      [(each as HTMLElement).offsetWidth, (each as HTMLElement).offsetHeight].join('×'),
    ),
  );
  assert.deepEqual(boxes, ['320×240', '200×150', '320×240', '320×240', '150×113', '100×75', '400×160', '400×300']);
  const over = await page.evaluate(() => {
    const last = document.querySelector('unflat-photo:has(button)')!;
    last.scrollIntoView();
    const at = (node: Element): string => {
      const { left, top, width, height } = node.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2)!.tagName;
    };
    const [button, words, poster] = ['button', 'b', 'img'].map((name) => last.querySelector(name)!) as [Element, Element, Element];
    const box = last.getBoundingClientRect();
    return {
      button: at(button),
      words: at(words),
      below: box.bottom - words.getBoundingClientRect().bottom,
      poster: poster.getBoundingClientRect().width,
      free: document.elementFromPoint(box.right - 5, box.top + 30)!.tagName,
    };
  });
  assert.deepEqual(over, { button: 'BUTTON', words: 'B', below: 0, poster: 100, free: 'IMG' });
  assert.deepEqual(said, []);
});

test('moved on the page it shows the photo at once, and values that make no sense change nothing but the console', async () => {
  const { page, said } = await open('empty.html');
  await page.evaluate(() => Object.assign(DeviceOrientationEvent, { requestPermission: () => Promise.resolve('granted') }));
  await put(page, { src: 'photo.png', depth: 'depth.png', motion: 'none', strength: 'abc' });
  const { middle, look, tilt } = await page.evaluate(async () => {
    const element = document.querySelector('unflat-photo') as Photo;
    element.setLook(0.5, 0, 0, true);
    for (const bad of [Number.NaN, Infinity]) element.setLook(bad, 0);
    element.setAttribute('strength', 'x');
    const { look } = element;
    const box = document.body.appendChild(document.createElement('div'));
    box.append(element);
    await element.updateComplete;
    const still = element.shadowRoot!.querySelector('canvas[part=poster]') as HTMLCanvasElement;
    const { width, height } = still.getBoundingClientRect();
    const middle = [...still.getContext('2d')!.getImageData(still.width / 2, still.height / 2, 1, 1).data];
    await new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
    return {
      look,
      middle: width > 100 && Math.abs(width / height - 4 / 3) < 0.01 ? middle : [width, height],
      tilt: element.needsTiltPermission,
    };
  });
  assert.ok(middle[0]! > 190 && middle[2]! < 100 && middle[3] === 255, `the middle is orange: ${middle.join()}`);
  assert.deepEqual(look, { x: 0.5, y: 0, z: 0 });
  assert.equal(tilt, false, 'a desktop has nothing that tilts');
  assert.deepEqual(
    said.map((line) => line.replace(/, got.*/, '')),
    ['<unflat-photo>: strength must be a number from 0 to 1', '<unflat-photo>: setLook needs finite numbers'],
  );
  await page.waitForTimeout(600);
  const picture = decode(await page.locator('unflat-photo').screenshot());
  const at = (Math.floor(picture.height / 2) * picture.width + Math.floor(picture.width / 2)) * picture.channels;
  assert.ok(picture.data[at]! > 190, `the picture is drawn: ${picture.data.slice(at, at + 3).join()}`);

  // A still has the size on the screen, whether 3D is shown or not; properties reflect, and attributes that go bring the default back.
  const still = await page.evaluate(async () => {
    const element = document.querySelector('unflat-photo') as Photo;
    const blob = await element.toBlob('image/jpeg', 0.8);
    const { width, height } = await createImageBitmap(blob);
    Object.assign(element, { alt: 'A disc', strength: 0.5, fit: 'cover' });
    await element.updateComplete;
    const reflected = ['alt', 'strength', 'fit', 'src', 'loading'].map((name) => element.getAttribute(name));
    element.removeAttribute('strength');
    element.removeAttribute('fit');
    return { type: blob.type, shape: width / height, reflected, back: [element.strength, element.fit] };
  });
  assert.deepEqual(still.reflected, ['A disc', '0.5', 'cover', 'photo.png', null]);
  assert.deepEqual([still.type, still.back], ['image/jpeg', [1, 'contain']]);
  assert.ok(Math.abs(still.shape - 4 / 3) < 0.02, `a still of the shape ${still.shape}`);

  // One that nobody gives a photo is told of; an eager one below the page is converted, and loads when it comes into view.
  said.length = 0;
  const loads = await page.evaluate(async () => {
    document.body.append(Object.assign(document.createElement('unflat-photo'), { alt: 'A disc' }));
    document.body.insertAdjacentHTML('beforeend', '<div style="height: 4000px"></div>');
    const element = document.body.appendChild(
      Object.assign(document.createElement('unflat-photo'), {
        src: 'photo.png',
        depth: 'depth.png',
        motion: 'none',
        loading: 'eager',
      } as const),
    );
    const seen = { early: false };
    const load = new Promise((resolve) => element.addEventListener('load', () => resolve((seen.early = true))));
    while (!element.scene) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const { early } = seen;
    element.scrollIntoView();
    await load;
    return early;
  });
  assert.equal(loads, false);
  assert.deepEqual(said, ['<unflat-photo alt="A disc">: there is no photo; give it one: src="photo.jpg".']);
});

/** A host like S3: it lets other pages read only what is asked for with an Origin, and all may be kept. */
async function s3(pages: Record<string, string> = {}) {
  const asked: string[] = [];
  const host = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    asked.push(pathname);
    if (request.headers.origin !== undefined) response.setHeader('access-control-allow-origin', '*');
    const body = { '/photo.png': photoPng, '/depth.png': depthPng }[pathname] ?? pages[pathname];
    if (body === undefined) return void serveFile(join(root, 'dist/element'), request, response);
    response
      .writeHead(200, { 'cache-control': 'max-age=3600', 'content-type': pathname.endsWith('.png') ? 'image/png' : 'text/html' })
      .end(body);
  });
  after(() => host.close());
  return { url: host.url, asked };
}

test('a property that is set to null stands for its default', async () => {
  const { page, said } = await open('empty.html');
  assert.equal(await put(page, { src: 'photo.png', depth: 'depth.png' }), '');
  await page.evaluate(async () => {
    const element = document.querySelector('unflat-photo') as Photo;
    const loaded = new Promise((resolve, reject) => {
      element.addEventListener('load', resolve);
      element.addEventListener('error', (event) => reject(new Error(event.message)));
    });
    const names = ['settings', 'plugins', 'photo', 'map', 'scene', 'fit', 'motion', 'strength', 'renderer', 'loading', 'model', 'heic'];
    for (const name of [...names, 'alt', 'poster', 'cache']) Object.assign(element, { [name]: null });
    element.src = 'other.png';
    await loaded;
    // Without a photo nothing is shown, and nothing is wrong.
    Object.assign(element, { src: null, depth: null });
    element.remove();
    document.body.append(element);
    await element.updateComplete;
  });
  assert.deepEqual(said, []);
});

test('on a page that has loaded the small bundle before, the whole one converts photos all the same', async () => {
  const small = readFileSync(join(root, 'dist/view/unflat-view.js'));
  const { page, said } = await open('plain.html', {}, (opened) =>
    opened.route('**/unflat-view.js', (route) => route.fulfill({ contentType: 'text/javascript', body: small })),
  );
  // The photo is asked for, and refused, before the whole bundle is there.
  const refused = await put(page, { src: 'photo.png', depth: 'depth.png' });
  assert.match(refused, /Load unflat-photo\.js to convert photos/);
  await page.addScriptTag({ type: 'module', url: 'unflat-photo.js' });
  await page.locator('unflat-photo canvas.shown').waitFor();
  assert.equal(await put(page, { src: 'other.png', depth: 'depth.png' }), '');
  assert.deepEqual(said.length, 1, said.join());
});

test('photos of a host that allows reading only where it is asked for: one request, and one more where the page has shown the photo before', async () => {
  const host = await s3();
  const { page, said } = await openUnrouted('empty.html');
  const attributes = { src: `${host.url}photo.png`, depth: `${host.url}depth.png`, motion: 'none' };
  assert.equal(await put(page, attributes), '');
  assert.deepEqual(host.asked.sort(), ['/depth.png', '/photo.png']);
  const { page: second } = await openUnrouted('empty.html');
  await second.evaluate(
    (src) => new Promise((resolve) => ((document.body.appendChild(new Image()).onload = resolve), (document.images[0]!.src = src))),
    attributes.src,
  );
  assert.equal(await put(second, attributes), '');
  assert.equal(host.asked.filter((path) => path === '/photo.png').length, 3);
  assert.deepEqual(said, []);
});

test('a sandboxed frame shows 3D photos, with a map and without', async () => {
  const frame = `<script type="module" src="unflat-photo.js"></script><body></body><script>
    customElements.whenDefined('unflat-photo').then(async () => {
      for (const depth of ['depth.png', '']) {
        const photo = document.createElement('unflat-photo');
        Object.assign(photo, { src: 'photo.png', depth, motion: 'none' });
        const end = new Promise((resolve) => { photo.onload = photo.onerror = resolve; photo.addEventListener('load', resolve); photo.addEventListener('error', resolve); });
        document.body.replaceChildren(photo);
        const event = await end;
        parent.postMessage(event.message ?? event.type, '*');
      }
    });</script>`;
  const host = await s3({ '/frame.html': frame });
  const { page } = await openUnrouted('empty.html');
  const outcomes = await page.evaluate(
    (src) =>
      new Promise<string[]>((resolve) => {
        const heard: string[] = [];
        addEventListener('message', ({ data }: MessageEvent<string>) => heard.push(data) === 2 && resolve(heard));
        document.body.append(Object.assign(document.createElement('iframe'), { sandbox: 'allow-scripts', src }));
      }),
    `${host.url}frame.html`,
  );
  assert.deepEqual(outcomes, ['load', 'load']);
});

test('bundled to a plain script it starts, and looks for its folders beside the bundle', async () => {
  // Webpack writes the place on the bundling machine's disk for import.meta.url; others leave it undefined.
  const webpack: Record<string, string> = { 'import.meta.url': '"file:///elsewhere/node_modules/unflat/dist/element/unflat-photo.js"' };
  for (const define of [{}, webpack]) {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'dist/element/unflat-photo.js')],
      bundle: true,
      write: false,
      format: 'iife',
      logLevel: 'silent',
      define,
    });
    const { page, said } = await open('empty.html');
    await page.route('**/bundled.html', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><link rel="icon" href="data:,"><script src="assets/bundle.js" defer></script><body>',
      }),
    );
    await page.route('**/assets/bundle.js', (route) => route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]!.text }));
    await page.goto(`${server.url}bundled.html`);
    assert.equal(await put(page, { src: 'photo.png', depth: 'depth.png', motion: 'none' }), '');
    assert.match(await put(page, { src: 'photo.png' }), /http[^ ]*\/assets\/unflat-depth\/worker\.js/);
    assert.deepEqual(
      said.map((line) => /^Unflat: Drawing worker \d of \d .* could not be started.* WebGL draws instead/.test(line)),
      [true, false],
      said.join(),
    );
  }
});

test('a photo without depth gets the built-in one, of which nothing is loaded before; the report names it', async () => {
  const { page, said, asked } = await open('empty.html');
  const loaded: string[] = [];
  page.on(
    'request',
    (request) => request.url().includes('/unflat-depth/') && loaded.push(new URL(request.url()).pathname.split('/').pop() ?? ''),
  );
  assert.equal(await put(page, { src: 'photo.png', depth: 'depth.png', motion: 'none' }), '');
  assert.equal(loaded.length, 0, 'a page whose photos have depth loads nothing of it');
  const report = await page.evaluate(async () => {
    const element = document.createElement('unflat-photo');
    element.motion = 'none';
    element.src = 'photo.png';
    const values: number[] = [];
    element.addEventListener(
      'progress',
      () => void element.updateComplete.then(() => values.push(element.shadowRoot!.querySelector('progress')?.value ?? 1)),
    );
    const done = new Promise<CustomEvent<LoadDetail>>((resolve, reject) => {
      element.addEventListener('load', resolve);
      element.addEventListener('error', (event) => reject(new Error(event.message)));
    });
    document.querySelector('unflat-photo')!.replaceWith(element);
    const { report } = (await done).detail;
    return { ...report, values };
  });
  assert.ok(
    report.values.length > 5 && report.values.every((value, n, all) => n === 0 || value >= all[n - 1]!),
    `the bar goes back: ${report.values.join(' ')}`,
  );
  assert.deepEqual(
    [report.depthModel?.label, report.depthModel?.provider, report.depthModel?.threads],
    ['Built-in depth model', 'wasm', 1],
  );
  for (const name of ['worker.js', 'ort-wasm-simd-threaded.wasm']) assert.ok(loaded.includes(name), loaded.join());
  assert.ok(
    loaded.some((name) => name.endsWith('.onnx')),
    loaded.join(),
  );
  assert.deepEqual(
    [...asked].filter((host) => host),
    [new URL(server.url).host],
    'nothing is fetched from elsewhere',
  );
  assert.deepEqual(said, []);
});

test('a page without the built-in model’s folder says what to copy where, and may keep it anywhere', async () => {
  const { page } = await open('empty.html');
  const away = await put(page, { src: 'photo.png', model: '/assets/no such place' });
  assert.match(
    away,
    /photo\.png holds no depth.*\/assets\/no%20such%20place\/worker\.js \(the server answered 404\)\. Copy the folder unflat-depth, which lies beside unflat-photo\.js/,
  );
  assert.match(await put(page, { src: 'photo.png', model: `${elsewhere.url}unflat-depth/` }), /it is out of reach\).*Copy the folder/);
  // A folder of which a file was forgotten.
  await page.route('**/half/*', (route) =>
    route.request().url().endsWith('.onnx')
      ? route.fulfill({ status: 404, body: '' })
      : route.fulfill({ path: `${folder}/${route.request().url().split('/').pop()}` }),
  );
  assert.match(
    await put(page, { src: 'photo.png', model: '/half/' }),
    /“Built-in depth model” could not be read from http.*\/half\/.*\.onnx .*404.*Copy the folder unflat-depth again, with all its files/,
  );
  await page.route('**/kept/else/where/*', (route) => route.fulfill({ path: `${folder}/${route.request().url().split('/').pop()}` }));
  assert.equal(await put(page, { src: 'photo.png', model: 'kept/else/where' }), '');
});

test('a photo without depth that may not get any is refused before others are converted; a broken poster gives way to the photo', async () => {
  const { page } = await open('empty.html');
  const order = await page.evaluate(async () => {
    const heard: string[] = [];
    const add = (id: string, attributes: Record<string, string>): Promise<void> => {
      const photo = document.createElement('unflat-photo');
      const ended = new Promise<void>((resolve) => {
        for (const type of ['load', 'error'])
          photo.addEventListener(type, (event) => {
            event.preventDefault();
            heard.push(`${id} ${type}`);
            resolve();
          });
      });
      for (const [name, value] of Object.entries(attributes)) photo.setAttribute(name, value);
      if (id === 'refused') photo.innerHTML = '<img slot="poster" src="data:image/png;base64,broken" alt="A vase before a bookshelf">';
      photo.style.width = '100px';
      document.body.append(photo);
      return ended;
    };
    const map = { src: 'photo.png', depth: 'depth.png', motion: 'none' };
    await Promise.all([add('a', map), add('b', map), add('c', map), add('d', map), add('refused', { src: 'photo.png', model: 'none' })]);
    return heard;
  });
  assert.deepEqual(order.toSorted(), ['a load', 'b load', 'c load', 'd load', 'refused error']);
  assert.ok(order.indexOf('refused error') < order.indexOf('b load'), order.join());
  const refused = page.locator('unflat-photo[model=none]');
  await refused.locator('img[part=poster]').waitFor();
  assert.equal(await refused.locator('> img').isVisible(), false);
  assert.equal(await refused.locator('[part=error]').count(), 0);
});

test('the last photo wins, and an error goes with the photo it was about', async () => {
  const { page, said } = await open('empty.html');
  // Their answers come when the last photo is asked for, or an error could be there in time for its own photo.
  const isLast = page.waitForRequest('**/other.png');
  await page.route('**/gone-*.png', async (route) => {
    await isLast;
    await route.fulfill({ status: 404, body: '' }).catch(() => {}); // nobody waits for it any more
  });
  const events = await page.evaluate(async () => {
    await customElements.whenDefined('unflat-photo');
    const element = document.createElement('unflat-photo');
    document.body.append(element);
    const heard: string[] = [];
    element.addEventListener('error', (event) => heard.push(event.message));
    const loaded = new Promise((resolve) => element.addEventListener('load', resolve));
    element.depth = 'depth.png';
    for (const src of ['photo.png', 'gone-1.png', 'photo.png', 'gone-2.png', 'other.png']) {
      element.src = src;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    await loaded;
    return { heard, name: element.scene!.name, alerts: element.shadowRoot!.querySelectorAll('[part=error]').length };
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
    element.renderer = 'hardware';
    element.scene = scene;
    // What the element starts: asked by the test, a canvas that has no context yet would get one that nobody gives back.
    const contexts: WebGL2RenderingContext[] = [];
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...all: unknown[]) {
      const context = (getContext as (...all: unknown[]) => RenderingContext | null).apply(this, all);
      if (context instanceof WebGL2RenderingContext) contexts.push(context);
      return context;
    } as typeof getContext;
    for (let i = 0; i < 50; i++) {
      const loaded = new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
      document.body.append(element);
      // Every fifth time until it is on the screen, otherwise it goes in the midst of it.
      await (i % 5 === 0 ? loaded : new Promise((resolve) => setTimeout(resolve, i)));
      element.remove();
    }
    // What was begun when it went away ends with the next task.
    await new Promise((resolve) => setTimeout(resolve));
    const started = contexts.length;
    const alive = contexts.filter((context) => !context.isContextLost()).length;
    document.body.append(element);
    await new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
    return { alive, started, canvases: element.shadowRoot!.querySelectorAll('canvas[part=canvas]').length, frames: element.frames };
  });
  assert.ok(result.started >= 10);
  assert.equal(result.alive, 0, 'every GPU context was given back');
  assert.equal(result.canvases, 1);
  assert.ok(result.frames > 0);
  assert.deepEqual(
    said.filter((line) => !/context/i.test(line)),
    [],
  );
  assert.deepEqual(
    said.filter((line) => /too many/i.test(line)),
    [],
  );
});

test('a photo of another shape takes over in one go: the last one is never seen in its box', async () => {
  const { page } = await open('empty.html');
  await put(page, { src: 'photo.png', depth: 'depth.png', motion: 'none' });
  const { shapes, off } = await page.evaluate(async () => {
    const element = document.querySelector('unflat-photo') as Photo;
    const seen = { shapes: [] as number[], off: [] as number[] };
    element.addEventListener('aspect-change', (event) => seen.shapes.push(event.detail));
    for (const height of [120, 240]) {
      const load = { isOver: false };
      element.addEventListener('load', () => (load.isOver = true), { once: true });
      element.scene = { ...element.scene!, height };
      while (!load.isOver) {
        await new Promise(requestAnimationFrame);
        const canvas = element.shadowRoot!.querySelector<HTMLCanvasElement>('canvas[part=canvas]')!;
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
  const fit = (): Promise<string> =>
    page.evaluate(
      () => getComputedStyle(document.querySelector('unflat-photo')!.shadowRoot!.querySelector('canvas[part=canvas]')!).objectFit,
    );
  assert.equal(await fit(), 'cover');
  await page.evaluate(() => document.querySelector('unflat-photo')!.setAttribute('fit', 'contain'));
  await page.waitForFunction(
    () =>
      getComputedStyle(document.querySelector('unflat-photo')!.shadowRoot!.querySelector('canvas[part=canvas]')!).objectFit === 'contain',
  );
  assert.deepEqual(
    await page.evaluate(() => [document.querySelector('unflat-photo')!.clientWidth, document.querySelector('unflat-photo')!.clientHeight]),
    [200, 300],
  );

  // An image of the page's own, of any shape, is seen until then and where there is no 3D photo, not around it.
  const own = page.locator('unflat-photo > img');
  await page.evaluate(() =>
    document.querySelector('unflat-photo')!.append(Object.assign(new Image(), { slot: 'poster', alt: 'A disc', src: 'other.png' })),
  );
  await own.waitFor({ state: 'hidden' });
  await page.evaluate(() => Object.assign(document.querySelector('unflat-photo')!, { depth: '', model: 'none' }));
  await own.waitFor({ state: 'visible' });
});

test('under a policy without workers from Blobs a worker file does it, in a shadow root; what a page keeps opens without a conversion', async () => {
  const example = (language: string): string => snippets('src/element/README.md', 'Strict Content-Security-Policy', language)[0]!;
  const csp = example('http')
    .replace(/^Content-Security-Policy: /, '')
    .trim();
  const context = await browser.newContext({ viewport: { width: 640, height: 600 } });
  after(() => context.close());
  const visit = async (): Promise<{ stored: boolean; said: string[] }> => {
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
    await page.route('**/strict.html', (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': csp },
        body: '<!doctype html><link rel="icon" href="photo.png"><body><script type="module" src="strict.js"></script>',
      }),
    );
    await page.route('**/strict.js', (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: `${example('js')}
          const photo = Object.assign(document.createElement('unflat-photo'), { src: 'photo.png', depth: 'depth.png', motion: 'none', cache: true });
          window.ended = new Promise((resolve) => ['complete', 'error'].forEach((name) => photo.addEventListener(name, resolve)));
          document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' }).append(photo);`,
      }),
    );
    await page.route('**/photo.png', (route) => route.fulfill({ contentType: 'image/png', body: photoPng }));
    await page.route('**/depth.png', (route) => route.fulfill({ contentType: 'image/png', body: depthPng }));
    await page.goto(`${server.url}strict.html`);
    await page.waitForFunction(() => 'ended' in globalThis);
    const stored = await page.evaluate(async () => {
      const event = await (globalThis as unknown as { ended: Promise<CustomEvent<LoadDetail> & ErrorEvent> }).ended;
      return event.detail?.report?.stored ?? event.message;
    });
    await page.waitForFunction(async () => (await indexedDB.databases()).some(({ name }) => name === 'unflat-photo'));
    await page.waitForFunction(
      () =>
        new Promise<boolean>((resolve) => {
          const opening = indexedDB.open('unflat-photo');
          opening.onerror = () => resolve(false);
          opening.onsuccess = () => {
            const { result } = opening;
            if (!result.objectStoreNames.contains('records')) return resolve(false);
            const count = result.transaction('records').objectStore('records').count();
            count.onsuccess = () => (result.close(), resolve(count.result >= 2));
          };
        }),
    );
    await page.close();
    return { stored: stored as boolean, said };
  };
  assert.deepEqual(await visit(), { stored: false, said: [] });
  assert.deepEqual(await visit(), { stored: true, said: [] });
});

test('plugins that the page’s author trusts give the depth and fill in the hidden parts; one that is none is said', async () => {
  // Files of a server: a worker's imports wait forever behind answers of the test's own.
  const own = await testServer('dist/element', {
    '/page.html': '<!doctype html><link rel="icon" href="data:,"><script type="module" src="unflat-photo.js"></script>',
    '/photo.png': photoPng,
    '/slope.js': `export default { apiVersion: 1, kind: 'depth', id: 'depth-slope', label: 'Slope', options: [], supports: () => true,
      async estimate({ photo: { width, height } }) {
        return { depth: { width, height, disparity: Float32Array.from({ length: width * height }, (_, i) => (i % width) / (width - 1)) } };
      } };`,
    '/red.js': `export default { apiVersion: 1, kind: 'inpaint', id: 'inpaint-red', label: 'Red', options: [], supports: () => true,
      async inpaint({ rgba, hole }) {
        const filled = rgba.slice();
        for (let i = 0; i < hole.length; i++) if (hole[i]) filled.set([255, 0, 0], i * 4);
        return filled;
      } };`,
    '/nothing.js': 'export default 1;',
  });
  const page = await browser.newPage();
  after(() => page.close());
  await page.goto(`${own.url}page.html`);
  const outcome = (plugins: string[]): Promise<{ depthSource?: string; inpainter?: string; error?: string }> =>
    page.evaluate(
      (addresses) =>
        new Promise((resolve) => {
          const element = Object.assign(document.createElement('unflat-photo'), {
            src: 'photo.png',
            plugins: addresses,
            loading: 'eager',
          }) as UnflatPhoto;
          element.addEventListener('load', ({ detail }) =>
            resolve({ depthSource: detail.report!.depthSource, inpainter: detail.report!.inpainter }),
          );
          element.addEventListener('error', (event) => (event.preventDefault(), resolve({ error: event.message })));
          document.body.append(element);
        }),
      plugins,
    );
  assert.deepEqual(await outcome(['slope.js', 'red.js']), { depthSource: 'depth-slope', inpainter: 'inpaint-red' });
  assert.match((await outcome(['nothing.js'])).error ?? '', /module at http.*nothing\.js is no plugin/);
});

test('a quick filling is shown first, and the good one in its place: load comes once, complete after it', async () => {
  const colour = (rgb: string): string =>
    `async ({ rgba, hole }) => { const filled = rgba.slice(); for (let i = 0; i < hole.length; i++) if (hole[i]) filled.set(${rgb}, i * 4); return filled; }`;
  const own = await testServer('dist/element', {
    '/page.html': '<!doctype html><link rel="icon" href="data:,"><script type="module" src="unflat-photo.js"></script>',
    '/photo.png': photoPng,
    '/depth.png': depthPng,
    // The good filling is not done before the page says so.
    '/slow.js': `const red = ${colour('[255, 0, 0]')}, green = ${colour('[0, 255, 0]')};
      export default { apiVersion: 1, kind: 'inpaint', id: 'inpaint-slow', label: 'Slow', options: [], supports: () => true, quick: red,
      async inpaint(input) {
        const channel = new BroadcastChannel('slow');
        const says = await new Promise((resolve) => (channel.onmessage = ({ data }) => resolve(data)));
        channel.close();
        if (says === 'fail') throw new Error('out of paint');
        return green(input);
      } };`,
  });
  const page = await browser.newPage({ viewport: { width: 640, height: 600 } });
  after(() => page.close());
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.goto(`${own.url}page.html`);
  const seen = (says: 'go' | 'fail'): Promise<{ events: string[]; bars: number; hidden: string[]; report: boolean; shown: boolean }> =>
    page.evaluate(async (word) => {
      document.querySelector('unflat-photo')?.remove();
      await customElements.whenDefined('unflat-photo');
      const element = document.createElement('unflat-photo');
      Object.assign(element, { src: 'photo.png', depth: 'depth.png', plugins: ['slow.js'], loading: 'eager', motion: 'none' });
      const events: string[] = [];
      const hidden: string[] = [];
      const look = ({ detail }: CustomEvent<LoadDetail>): void => {
        // What lies behind the disc's middle is filled in.
        const found = detail.scene.layers.slice(1).map(({ rgba }) => {
          for (let i = 0; i < rgba.length; i += 4)
            if (rgba[i + 3] === 255 && rgba[i + 2] === 0 && (rgba[i] === 0 || rgba[i + 1] === 0)) return rgba[i] === 0 ? 'green' : 'red';
          return '';
        });
        hidden.push(found.join(''));
      };
      let report = true;
      for (const name of ['load', 'complete'] as const)
        element.addEventListener(name, (event) => {
          events.push(name);
          report &&= event.detail.scene === element.scene && event.detail.report?.inpainter === 'inpaint-slow';
          look(event);
        });
      const failed = new Promise<void>((resolve) =>
        element.addEventListener('error', (event) => {
          event.preventDefault();
          events.push(`error: ${event.message}`);
          resolve();
        }),
      );
      const loaded = new Promise((resolve) => element.addEventListener('load', resolve));
      const completed = new Promise((resolve) => element.addEventListener('complete', resolve));
      document.body.append(element);
      await loaded;
      await element.updateComplete;
      await new Promise((resolve) => setTimeout(resolve, 300));
      const bars = element.shadowRoot!.querySelectorAll('progress').length;
      events.push('told');
      const channel = new BroadcastChannel('slow');
      const telling = setInterval(() => channel.postMessage(word), 20);
      await (word === 'go' ? completed : failed);
      clearInterval(telling);
      channel.close();
      // Nothing comes after it.
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { events, bars, hidden, report, shown: element.shadowRoot!.querySelector('canvas.shown') !== null };
    }, says);
  const good = await seen('go');
  assert.deepEqual(good.events, ['load', 'told', 'complete']);
  assert.match(good.hidden[0]!, /^(red)+$/);
  assert.match(good.hidden[1]!, /^(green)+$/);
  assert.deepEqual([good.bars, good.report, good.shown], [0, true, true]);
  const failed = await seen('fail');
  assert.deepEqual(failed.events.slice(0, 2), ['load', 'told']);
  assert.match(failed.events[2] ?? '', /^error: .*out of paint/);
  assert.deepEqual([failed.events.length, failed.shown], [3, true], 'the quick filling stays to be seen');
});
