import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { encode } from 'fast-png';
import type { Page } from 'playwright-core';
import { writeScene } from '../../src/scene-file/index.ts';
import type { UnflatPhoto } from '../../src/element/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { testServer } from '../helpers/server.ts';
import { SMALL, photoOf, syntheticScene } from './viewer-scene.ts';

/** More than a browser has graphics contexts. */
const COUNT = 24;
/** What README.md of the element says. */
const MOST_AWAKE = 6;
const MOST_SCENES = 12;

const recipe = { ...SMALL, width: 64, height: 48, margin: 8, disc: { x: 32, y: 24, radius: 12, disparity: 0.8 } };
const glb = Buffer.from(await (await writeScene(syntheticScene(recipe))).arrayBuffer());
const photo = photoOf(recipe);
const png = Buffer.from(encode({ width: 64, height: 48, data: new Uint8Array(photo.rgba.buffer), channels: 4, depth: 8 }));

const page = (body: string, script = 'element/unflat-photo.js'): string =>
  `<!doctype html><link rel="icon" href="data:,"><style>unflat-photo { width: 320px; height: 240px }</style>
   <body>${body}</body><script type="module" src="${script}"></script>`;
const list = (count: number, of: (n: number) => string): string => Array.from({ length: count }, (_, n) => of(n)).join('\n');

const files = Object.fromEntries(
  list(COUNT, String)
    .split('\n')
    .flatMap((n) => [[`/${n}.png`, png]]),
);
const server = await testServer('dist', {
  ...files,
  '/gallery.html': page(
    list(COUNT, (n) => `<unflat-photo src="disc.glb?${n}" motion="none" alt="Disc ${n}"></unflat-photo>`),
    'view/unflat-view.js',
  ),
  '/list.html': page(`
    <details><summary>More</summary><unflat-photo id="closed" src="30.png" depth="30.png"></unflat-photo></details>
    <div style="display: none"><unflat-photo id="hidden" src="31.png" depth="31.png"></unflat-photo></div>
    ${list(20, (n) => `<unflat-photo id="p${n}" src="${n}.png" depth="${n}.png"></unflat-photo>`)}
    <unflat-photo id="eager" loading="eager" src="32.png" depth="32.png"></unflat-photo>`),
});

const browser = await testBrowser();

type Photo = UnflatPhoto;

async function open(path: string, before?: () => void): Promise<{ page: Page; said: string[] }> {
  const context = await browser.newContext({ viewport: { width: 400, height: 500 } });
  after(() => context.close());
  const opened = await context.newPage();
  const said: string[] = [];
  opened.on('pageerror', (error) => said.push(error.message));
  opened.on('console', (line) => line.type() === 'error' && said.push(line.text()));
  await opened.route('**/disc.glb*', (route) => route.fulfill({ contentType: 'model/gltf-binary', body: glb }));
  await opened.addInitScript('globalThis.__name = (named) => named');
  if (before) await opened.addInitScript(before);
  await opened.goto(server.url + path);
  return { page: opened, said };
}

test(`${COUNT} 3D photos on a page: each is shown when it is scrolled to, and only a few hold graphics and memory`, async () => {
  const { page, said } = await open('gallery.html');
  const seen = await page.evaluate(async () => {
    await customElements.whenDefined('unflat-photo');
    const all = [...document.querySelectorAll('unflat-photo')] as Photo[];
    const opened = new Set<WeakRef<object>>();
    Object.assign(globalThis, { opened });
    for (const each of all) each.addEventListener('load', ({ detail }) => opened.add(new WeakRef(detail.scene)));
    const most = { awake: 0, scenes: 0 };
    const count = (): void => {
      most.awake = Math.max(most.awake, all.filter((each) => each.gpuBytes > 0).length);
      most.scenes = Math.max(most.scenes, all.filter((each) => each.scene).length);
    };
    const isShown = (each: Photo): boolean => each.shadowRoot!.querySelector('[part=canvas].shown') !== null;
    const shows = async (each: Photo): Promise<void> => {
      each.scrollIntoView({ block: 'center' });
      while (!isShown(each)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        count();
      }
    };
    const far = all.at(-1)!.scene === null;
    for (const each of all) await shows(each);
    // A picture stays where graphics were given back, and where the scene was let go of.
    const pictures = all.filter((each) => each.shadowRoot!.querySelector('canvas.shown')).length;
    const first = all[0]!;
    const wasForgotten = first.scene === null;
    await shows(first);
    return { far, pictures, wasForgotten, most };
  });
  assert.deepEqual(said, []);
  assert.equal(seen.far, true, 'what lies far below is not opened');
  assert.equal(seen.pictures, COUNT);
  assert.ok(seen.most.awake <= MOST_AWAKE, `${seen.most.awake} at a time`);
  assert.ok(seen.most.scenes <= MOST_SCENES + 1, `${seen.most.scenes} scenes in memory`);
  assert.ok(seen.most.awake > 0);
  assert.equal(seen.wasForgotten, true);
  const alive = await scenesAlive(page);
  assert.ok(alive >= 1 && alive <= MOST_SCENES + 1, `${alive} scenes are held, whatever the elements say`);
  assert.deepEqual(said, []);
});

/** Scenes of `opened` that something still holds once the page had some time to let go of them: what was asked for last is drawn to its end. */
async function scenesAlive(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  let alive = COUNT;
  for (let n = 0; n < 60 && alive > MOST_SCENES + 1; n++) {
    await page.waitForTimeout(250);
    await session.send('HeapProfiler.collectGarbage');
    alive = await page.evaluate(
      () => [...(globalThis as unknown as { opened: Set<WeakRef<object>> }).opened].filter((each) => each.deref() !== undefined).length,
    );
  }
  return alive;
}

test('photos are converted near the view, nearest first; what is scrolled away, closed or hidden waits', async () => {
  // A worker that never answers: what is sent to it is all that is wanted, and its end is a turn that ends.
  const { page } = await open('list.html', () => {
    const began: string[] = [];
    const log = { began, end: (): void => undefined };
    Object.assign(globalThis, { log });
    globalThis.Worker = class extends EventTarget {
      onerror: ((event: unknown) => void) | null = null;
      postMessage(message: { type: string; call?: { photo?: { file?: File } } }): void {
        const name = message.call?.photo?.file?.name;
        if (name === undefined) return;
        began.push(name);
        log.end = () => this.onerror?.({ message: 'ended', preventDefault() {} });
      }
      terminate(): void {}
    } as unknown as typeof Worker;
    addEventListener('error', () => undefined, true);
  });
  type Log = { began: string[]; end(): void };
  const began = (count: number): Promise<string[]> =>
    page
      .waitForFunction((least) => {
        const { log } = globalThis as unknown as { log: Log };
        return log.began.length >= least && [...log.began];
      }, count)
      .then((found) => found.jsonValue() as Promise<string[]>);
  const asked = (): Promise<string[]> =>
    page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1)!));
  const [first] = await began(1);
  assert.match(first!, /^[012]\.png$/, 'one that is in view');
  // Others near the view wait for their turn by now; then somebody scrolls on.
  await page.evaluate(async () => {
    document.querySelector('#p12')!.scrollIntoView({ block: 'center' });
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 300)));
  });
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => (globalThis as unknown as { log: Log }).log.end());
  const next = await began(2);
  assert.match(next[1]!, /^1[123]\.png$/, 'what is in view now is next, not what was near before');
  const loaded = await asked();
  for (const name of ['7.png', '19.png', '30.png', '31.png']) assert.ok(!loaded.includes(name), `${name} was asked for`);
  assert.ok(loaded.includes('32.png'), 'an eager one is loaded at once');
  await page.evaluate(() => document.querySelector('details')!.toggleAttribute('open', true));
  await page.evaluate(() => scrollTo(0, 0));
  // Opened, they are near.
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/30.png')));
});
