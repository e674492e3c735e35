import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { encode } from 'fast-png';
import type { Page } from 'playwright-core';
import type { UnflatPhoto } from '../../src/element/index.ts';
import { writeScene } from '../../src/scene-file/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { testServer } from '../helpers/server.ts';
import { SMALL, photoOf, syntheticScene } from './viewer-scene.ts';

/** Two photos of different shapes, so that a page can tell which one is shown. */
const wide = { ...SMALL, width: 64, height: 48, margin: 8, disc: { x: 32, y: 24, radius: 12, disparity: 0.8 } };
const tall = { ...SMALL, width: 48, height: 64, margin: 8, disc: { x: 24, y: 32, radius: 12, disparity: 0.8 } };
const glbOf = async (recipe: typeof wide): Promise<Buffer> => Buffer.from(await (await writeScene(syntheticScene(recipe))).arrayBuffer());
const glbs = { wide: await glbOf(wide), tall: await glbOf(tall) };
const photo = photoOf(wide);
const depth = syntheticScene(wide).depth;
const photoPng = Buffer.from(encode({ width: 64, height: 48, data: new Uint8Array(photo.rgba.buffer), channels: 4, depth: 8 }));
const depthPng = Buffer.from(
  encode({ width: 64, height: 48, data: Uint8Array.from(depth.disparity, (d) => d * 255), channels: 1, depth: 8 }),
);

const page = (script: string): string =>
  `<!doctype html><link rel="icon" href="data:,"><style>unflat-photo { display: block; width: 240px }</style><body></body><script type="module" src="${script}"></script>`;
const server = await testServer('dist', {
  '/view.html': page('view/unflat-view.js'),
  '/photo.html': page('element/unflat-photo.js'),
});
const browser = await testBrowser();

/** Files named `slow…` come when `release` is called. */
async function open(path: string): Promise<{ page: Page; said: string[]; release: () => void }> {
  const context = await browser.newContext({ viewport: { width: 400, height: 500 } });
  after(() => context.close());
  const opened = await context.newPage();
  const said: string[] = [];
  opened.on('pageerror', (error) => said.push(error.message));
  opened.on('console', (line) => line.type() === 'error' && said.push(line.text()));
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const answer = (pattern: string, contentType: string, body: Buffer): Promise<unknown> =>
    opened.route(pattern, async (route) => {
      if (route.request().url().includes('slow')) await held;
      // Whoever has given up on it is not there any more.
      await route.fulfill({ contentType, body }).catch(() => undefined);
    });
  await answer('**/*wide.glb*', 'model/gltf-binary', glbs.wide);
  await answer('**/*tall.glb*', 'model/gltf-binary', glbs.tall);
  await answer('**/photo.png*', 'image/png', photoPng);
  await answer('**/depth.png*', 'image/png', depthPng);
  await opened.addInitScript('globalThis.__name = (named) => named');
  // Runs in the page.
  await opened.addInitScript(() => {
    const shows = (element: UnflatPhoto): boolean =>
      element.shadowRoot?.querySelector('[part=canvas].shown') !== null && element.frames > 0;
    Object.assign(globalThis, {
      loads: 0,
      errors: [] as string[],
      make(attributes: Record<string, string>, into: Element = document.body): UnflatPhoto {
        const element = document.createElement('unflat-photo');
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.addEventListener('load', () => (globalThis as unknown as { loads: number }).loads++);
        element.addEventListener('error', (event) => (globalThis as unknown as { errors: string[] }).errors.push(event.message));
        into.append(element);
        return element;
      },
      shown: async (element: UnflatPhoto): Promise<string> => {
        for (let n = 0; n < 1500 && !shows(element); n++) await new Promise((resolve) => setTimeout(resolve, 20));
        const { scene } = element;
        return shows(element) && scene ? (scene.width > scene.height ? 'wide' : 'tall') : 'nothing';
      },
      rest: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
  });
  await opened.goto(server.url + path);
  await opened.evaluate(() => customElements.whenDefined('unflat-photo').then(() => undefined));
  return { page: opened, said, release: () => release() };
}

/** What the pages of these tests have. */
declare const make: (attributes: Record<string, string>, into?: Element) => UnflatPhoto;
declare const shown: (element: UnflatPhoto) => Promise<string>;
declare const rest: (ms: number) => Promise<void>;
declare const loads: number;
declare const errors: string[];

test('the address changed while the photo loads, and changed back: the last one is shown, and load comes once', async () => {
  const { page, said, release } = await open('view.html');
  await page.evaluate(async () => {
    const element = make({ src: 'slow-wide.glb' });
    await rest(100);
    element.src = 'tall.glb?1';
    await rest(0);
    element.src = 'slow-wide.glb?2';
    await rest(0);
    element.src = 'tall.glb';
    Object.assign(globalThis, { element });
  });
  const seen = await page.evaluate(async () => {
    const { element } = globalThis as unknown as { element: UnflatPhoto };
    return shown(element);
  });
  release();
  const later = await page.evaluate(async () => {
    await rest(300);
    return [await shown((globalThis as unknown as { element: UnflatPhoto }).element), loads, errors] as const;
  });
  assert.equal(seen, 'tall');
  assert.deepEqual(later, ['tall', 1, []], 'what comes late is not shown');
  assert.deepEqual(said, []);
});

test('taken off while it loads nothing comes; put back, and taken through several parents, it is shown', async () => {
  const { page, said, release } = await open('view.html');
  const away = await page.evaluate(async () => {
    const element = make({ src: 'slow-wide.glb' });
    await rest(100);
    element.remove();
    await rest(100);
    Object.assign(globalThis, { element });
    return [loads, errors.length];
  });
  release();
  const state = await page.evaluate(async () => {
    const { element } = globalThis as unknown as { element: UnflatPhoto };
    await rest(200);
    const whileAway = [loads, element.scene === null];
    document.body.append(element);
    const parents = Array.from({ length: 5 }, () => document.body.appendChild(document.createElement('section')));
    for (const parent of parents) parent.append(element);
    const first = await shown(element);
    for (const parent of parents) parent.append(element);
    document.body.append(element);
    const second = await shown(element);
    return { whileAway, first, second, errors };
  });
  assert.deepEqual(away, [0, 0]);
  assert.deepEqual(state, { whileAway: [0, true], first: 'wide', second: 'wide', errors: [] });
  assert.deepEqual(said, []);
});

test('an address that is emptied, set to null or taken away takes the photo away; another one brings one back', async () => {
  const { page, said } = await open('view.html');
  const states = await page.evaluate(async () => {
    const element = make({ src: 'wide.glb' });
    const seen: unknown[] = [];
    const empty = async (): Promise<void> => {
      await rest(100);
      seen.push([element.scene, element.shadowRoot!.querySelectorAll('canvas').length, element.getAttribute('src')]);
    };
    seen.push(await shown(element));
    element.src = '';
    await empty();
    element.src = 'tall.glb';
    seen.push(await shown(element));
    element.src = null as unknown as string;
    await empty();
    element.src = 'wide.glb';
    seen.push(await shown(element));
    element.removeAttribute('src');
    await empty();
    // While it is still on its way.
    element.src = 'tall.glb?again';
    await rest(0);
    element.src = '';
    await empty();
    return { seen, errors };
  });
  assert.deepEqual(states.errors, []);
  const kinds = states.seen.map((each) => (typeof each === 'string' ? each : (each as unknown[]).slice(0, 2)));
  assert.deepEqual(kinds, ['wide', [null, 0], 'tall', [null, 0], 'wide', [null, 0], [null, 0]]);
  assert.deepEqual(said, []);
});

test('without any size, or not displayed, it takes no graphics; with a size, or displayed, it shows its photo', async () => {
  const { page, said } = await open('view.html');
  const states = await page.evaluate(async () => {
    const none = make({ src: 'wide.glb', style: 'width: 0; height: 0' });
    const hidden = make({ src: 'tall.glb', style: 'display: none' });
    await rest(500);
    const before = [hidden.scene === null, hidden.gpuBytes];
    none.style.width = '200px';
    none.style.height = '150px';
    hidden.style.display = 'block';
    const grown = [await shown(none), await shown(hidden)];
    none.style.width = none.style.height = '0';
    hidden.style.display = 'none';
    await rest(300);
    none.style.width = none.style.height = '100px';
    hidden.style.display = '';
    return { before, grown, again: [await shown(none), await shown(hidden)], errors };
  });
  assert.deepEqual(states, { before: [true, 0], grown: ['wide', 'tall'], again: ['wide', 'tall'], errors: [] });
  assert.deepEqual(said, []);
});

test('two elements with one address, and one that is cloned, show it each for itself', async () => {
  const { page, said } = await open('view.html');
  const states = await page.evaluate(async () => {
    const [a, b] = [make({ src: 'wide.glb' }), make({ src: 'wide.glb' })];
    const both = [await shown(a), await shown(b), a.scene !== b.scene];
    const c = a.cloneNode(true) as UnflatPhoto;
    document.body.prepend(c);
    a.remove();
    return { both, rest: [await shown(b), await shown(c)], errors };
  });
  assert.deepEqual(states, { both: ['wide', 'wide', true], rest: ['wide', 'wide'], errors: [] });
  assert.deepEqual(said, []);
});

test('every attribute changed while the photo is converted: the photo comes once, as the last values say', async () => {
  const { page, said } = await open('photo.html');
  const state = await page.evaluate(async () => {
    const element = make({ src: 'photo.png', depth: 'depth.png' });
    for (const [name, value] of [
      ['alt', 'A disc'],
      ['fit', 'cover'],
      ['motion', 'none'],
      ['strength', '0.5'],
      ['loading', 'eager'],
      ['poster', 'photo.png'],
      ['cache', ''],
      ['model', 'none'],
      ['renderer', 'software'],
      ['depth', 'depth.png?2'],
    ] as const) {
      element.setAttribute(name, value);
      await rest(5);
    }
    const seen = await shown(element);
    await rest(300);
    const label = element.shadowRoot!.querySelector('[role=img]')!.getAttribute('aria-label');
    return { seen, label, loads, errors };
  });
  assert.deepEqual(state, { seen: 'wide', label: 'A disc', loads: 1, errors: [] });
  assert.deepEqual(said, []);
});

test('photo and depth map the wrong way round still give a 3D photo or an error, not silence, and putting it right shows the photo', async () => {
  const { page } = await open('photo.html');
  const state = await page.evaluate(async () => {
    const element = make({ src: 'depth.png', depth: 'photo.png', model: 'none' });
    for (let n = 0; n < 1000 && loads + errors.length === 0; n++) await rest(20);
    const answered = loads + errors.length;
    element.src = 'photo.png';
    element.depth = 'depth.png';
    return { answered, seen: await shown(element), isAlone: element.shadowRoot!.querySelector('[part=error]') === null };
  });
  assert.deepEqual(state, { answered: 1, seen: 'wide', isAlone: true });
});

test('a photo that cannot be shown is described once: in words that are seen, and by the picture’s name', async () => {
  const { page } = await open('view.html');
  await page.evaluate(async () => {
    make({ src: 'missing.glb', alt: 'A vase' });
    for (let n = 0; n < 1000 && errors.length === 0; n++) await rest(20);
  });
  await page.locator('[part=error]').waitFor();
  assert.equal(await page.locator('[part=error]').textContent(), 'A vase');
  const spoken = await page.locator('body').ariaSnapshot();
  assert.equal(spoken.split('A vase').length - 1, 1, spoken);
});
