/** The element on pages as publishers build them: the examples of its README, run as they stand there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import type { BrowserContextOptions, Frame, Locator, Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import { listen } from '../../src/cli/static-server.mjs';
import type { UnflatPhoto } from '../../src/element/index.ts';
import { encodeJpeg } from '../../src/scene-file/jpeg/encode-jpeg.ts';
import { writeScene } from '../../src/scene-file/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { snippets } from '../helpers/snippets.ts';
import { SMALL, photoOf, syntheticScene } from './viewer-scene.ts';

const recipe = { ...SMALL, width: 160, height: 120, margin: 12, disc: { x: 80, y: 60, radius: 30, disparity: 0.8 } };
const glb = Buffer.from(await (await writeScene(syntheticScene(recipe))).arrayBuffer());
/** The same shape, and black, so that a poster is told from the photo. */
const black = { width: 640, height: 480, rgba: new Uint8ClampedArray(4 * 640 * 480).map((_, i) => (i % 4 === 3 ? 255 : 0)) };
const poster = Buffer.from((await encodeJpeg(black, [8, 8], async () => undefined)).bytes);
const photo = Buffer.from((await encodeJpeg(photoOf(recipe), [3, 3], async () => undefined)).bytes);

const browser = await testBrowser();
type Photo = UnflatPhoto;

const README = 'src/element/README.md';
const example = (heading: string, language = 'html', n = 0): string => snippets(README, heading, language)[n]!;
const page = (body: string): string => `<!doctype html><link rel="icon" href="data:,"><body>${body}`;
const VIEW = '<script type="module" src="unflat-view.js"></script>';

/** Serves the small element, photos, and pages; answers to other sites as it is told. */
async function host(pages: Record<string, string> = {}, allowsOthers = true) {
  const server = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const send = (type: string, body: string | Buffer): void => void response.writeHead(200, { 'content-type': type }).end(body);
    if (allowsOthers) response.setHeader('access-control-allow-origin', '*');
    if (pages[pathname] !== undefined) send('text/html; charset=utf-8', pages[pathname]);
    else if (pathname.endsWith('.glb')) send('model/gltf-binary', glb);
    else if (['/photo.jpg', '/second.jpg', '/third.jpg'].includes(pathname)) send('image/jpeg', poster);
    else if (pathname === '/real.jpg') send('image/jpeg', photo);
    else send('text/javascript', readFileSync(join(root, 'dist/view', basename(pathname))));
  });
  after(() => server.close());
  return server.url;
}

async function open(address: string, options: BrowserContextOptions = {}, before?: (page: Page) => Promise<unknown>) {
  const context = await browser.newContext({ viewport: { width: 640, height: 600 }, ...options });
  after(() => context.close());
  const opened = await context.newPage();
  const said: string[] = [];
  opened.on('pageerror', (error) => said.push(error.message));
  opened.on('console', (line) => ['error', 'warning'].includes(line.type()) && !/ReadPixels/.test(line.text()) && said.push(line.text()));
  // The loader of these tests names functions by a helper that pages do not have.
  await opened.addInitScript('globalThis.__name = (named) => named');
  await before?.(opened);
  await opened.goto(address);
  return { page: opened, said };
}

/** What waits for `opened` goes on after `open()`. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const shown = (within: Page | Frame | Locator): Locator => within.locator('unflat-photo canvas.shown');

/** Red, green, blue in the middle of what is seen of it. */
async function middle(of: Locator): Promise<number[]> {
  const { width, height, channels, data } = decode(await of.screenshot());
  const at = ((height >> 1) * width + (width >> 1)) * channels;
  return [...data.slice(at, at + 3)];
}
const isBlack = (rgb: number[]): boolean => Math.max(...rgb) < 40;
/** The disc in the photo's middle. */
const isOrange = (rgb: number[]): boolean => rgb[0]! > 160 && rgb[2]! < 120;

test('a poster is seen without JavaScript and before the script is there, and nothing on the page moves', async () => {
  const url = await host({ '/': page(`<h1>A vase</h1>${example('Poster, and no layout shift')}<p id="below">Below</p>`) });
  const placeOf = (of: Page): Promise<{ x: number; y: number; width: number; height: number } | null> => of.locator('#below').boundingBox();
  const { page: plain } = await open(url, { javaScriptEnabled: false });
  await plain.getByRole('img', { name: 'A vase before a bookshelf' }).waitFor();
  const without = await placeOf(plain);
  assert.ok(isBlack(await middle(plain.locator('unflat-photo'))));

  const held = gate();
  const { page: scripted, said } = await open(url, {}, async (of) => {
    await of.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await of.route('**/unflat-view.js', async (route) => {
      await held.opened;
      await route.continue();
    });
    // Until the script is there, the page has not loaded.
    const goto = of.goto.bind(of);
    of.goto = (address) => goto(address, { waitUntil: 'commit' });
  });
  await scripted.locator('img').evaluate((image: HTMLImageElement) => image.decode());
  const early = await placeOf(scripted);
  assert.ok(isBlack(await middle(scripted.locator('unflat-photo'))), 'seen before the script');
  held.open();
  await shown(scripted).waitFor();
  await scripted.waitForTimeout(700);
  assert.ok(isOrange(await middle(scripted.locator('unflat-photo'))), 'the 3D photo is in its place');
  assert.deepEqual([early, await placeOf(scripted)], [without, without]);
  assert.deepEqual(await scripted.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts), []);
  assert.deepEqual(said, []);
});

test('the poster’s attributes give the element its shape, the attribute poster a picture until 3D; a broken one gives way', async () => {
  const held = gate();
  const image = '<img slot="poster" src="photo.jpg" alt="" width="640" height="480" />';
  const url = await host({
    '/': page(`<div id="slot" style="width: 200px"><unflat-photo src="photo.glb">${image}</unflat-photo></div>
      <div id="attribute" style="width: 200px">${example('Poster, and no layout shift', 'html', 1)}</div>
      <div id="photo" style="width: 200px"><unflat-photo src="real.jpg" poster="photo.jpg"></unflat-photo></div>
      <div id="broken" style="width: 200px"><unflat-photo src="real.jpg" poster="gone.jpg"></unflat-photo></div>${VIEW}`),
    '/gone.jpg': 'no picture',
  });
  const { page: opened } = await open(url, {}, (of) =>
    of.route('**/*.glb', async (route) => {
      await held.opened;
      await route.continue();
    }),
  );
  const heights = (): Promise<number[]> =>
    opened.evaluate(() => [...document.querySelectorAll('unflat-photo')].map((each) => (each as HTMLElement).offsetHeight));
  await opened.waitForFunction(() =>
    [...document.querySelectorAll('unflat-photo')].every((each) => (each as HTMLElement).offsetHeight > 50),
  );
  assert.deepEqual(await heights(), [150, 150, 150, 150]);
  const attribute = opened.locator('#attribute unflat-photo');
  assert.ok(isBlack(await middle(attribute)));
  const still = await attribute.evaluate(async (element: Photo) => (await createImageBitmap(await element.toBlob())).width);
  assert.equal(still, 640, 'a still is of the poster as long as there is no 3D');
  // This small element converts no photos: they stay flat, with their poster.
  assert.ok(isBlack(await middle(opened.locator('#photo unflat-photo'))));
  assert.ok(isOrange(await middle(opened.locator('#broken unflat-photo'))));
  held.open();
  await shown(opened.locator('#attribute')).waitFor();
  await opened.waitForTimeout(700);
  assert.ok(isOrange(await middle(attribute)));
  assert.deepEqual(await heights(), [150, 150, 150, 150]);
  const reflected = await attribute.evaluate(async (element: Photo) => {
    element.poster = 'photo.jpg?2';
    await element.updateComplete;
    const said = element.getAttribute('poster');
    element.removeAttribute('poster');
    return [said, element.poster];
  });
  assert.deepEqual(reflected, ['photo.jpg?2', '']);
});

test('in carousels a slide is opened when it comes near or is displayed, and goes on when it is displayed again', async () => {
  const url = await host({ '/': page(example('Carousel') + VIEW) });
  const { page: opened, said } = await open(url);
  const slide = (n: number): Locator => opened.locator(`unflat-photo:nth-of-type(${n})`);
  const scene = (n: number): Promise<boolean> => slide(n).evaluate((element: Photo) => element.scene !== null);
  await slide(1).locator('canvas.shown').waitFor();
  assert.equal(await scene(3), false, 'two slides away nothing is opened');
  await opened.locator('.carousel').evaluate((box) => box.scrollTo(2 * box.clientWidth, 0));
  await slide(3).locator('canvas.shown').waitFor();
  await opened.waitForTimeout(700);
  assert.ok(isOrange(await middle(slide(3))));
  assert.equal(
    await slide(3)
      .locator('canvas')
      .evaluate((canvas) => getComputedStyle(canvas).touchAction),
    'pan-x pan-y',
  );

  // Switched: one slide is displayed at a time.
  await opened.evaluate(() => {
    const [first, ...others] = document.querySelectorAll<HTMLElement>('unflat-photo');
    for (const each of others) each.style.display = 'none';
    first!.scrollIntoView();
  });
  const turn = (from: number, to: number): Promise<void> =>
    opened.evaluate(
      ([hidden, seen]) => {
        const all = document.querySelectorAll<HTMLElement>('unflat-photo');
        all[hidden! - 1]!.style.display = 'none';
        all[seen! - 1]!.style.removeProperty('display');
      },
      [from, to],
    );
  for (const [from, to] of [
    [1, 3],
    [3, 1],
    [1, 2],
  ] as const) {
    await turn(from, to);
    const before = await slide(to).evaluate((element: Photo) => element.frames);
    await slide(to).evaluate((element: Photo) => element.setLook(0.6, 0, 0));
    await opened.waitForFunction(
      ([n, frames]) => (document.querySelectorAll('unflat-photo')[n! - 1] as Photo).frames > frames!,
      [to, before],
    );
    assert.ok(isOrange(await middle(slide(to))), `slide ${to}`);
  }
  // Nobody sees it, nothing is drawn.
  const [rests, still] = await slide(1).evaluate(async (element: Photo) => {
    const { frames } = element;
    await new Promise((resolve) => setTimeout(resolve, 600));
    return [frames, element.frames];
  });
  assert.equal(rests, still);
  assert.deepEqual(said, []);
});

test('it stands in a shadow root that is part of the page, and in details, which open it', async () => {
  const url = await host({
    '/': page(`${example('Shadow roots')}<details><summary>More</summary><unflat-photo src="second.glb"></unflat-photo></details>${VIEW}`),
  });
  const { page: opened, said } = await open(url);
  await opened.locator('my-card canvas.shown').waitFor();
  const inside = opened.locator('my-card unflat-photo');
  assert.equal((await inside.boundingBox())!.height, 0.75 * (await inside.boundingBox())!.width);
  const more = opened.locator('details unflat-photo');
  assert.equal(await more.evaluate((element: Photo) => element.scene), null);
  await opened.locator('summary').click();
  await opened.locator('details canvas.shown').waitFor();
  await opened.waitForTimeout(700);
  assert.ok(isOrange(await middle(more)));
  assert.deepEqual(said, []);
});

test('moved into a frame and back, or made here and first shown there, it looks as it does on its own page', async () => {
  const url = await host({ '/': page(`${VIEW}<unflat-photo src="photo.glb" style="width: 320px"></unflat-photo>`), '/frame': page('') });
  const { page: opened, said } = await open(url);
  await shown(opened).waitFor();
  const seen = await opened.evaluate(async () => {
    const frame = Object.assign(document.createElement('iframe'), { src: '/frame', width: 400, height: 300 });
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve));
    const there = frame.contentDocument!.body;
    const show = async (element: HTMLElement, place: HTMLElement): Promise<(string | undefined)[]> => {
      const loaded = new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
      place.append(element);
      await loaded;
      const parts = ['.view', 'canvas.shown'].map((name) => element.shadowRoot!.querySelector(name)!);
      const { width, height } = element.getBoundingClientRect();
      return [...parts.map((part) => place.ownerDocument.defaultView!.getComputedStyle(part).position), `${width} × ${height}`];
    };
    const element = document.querySelector('unflat-photo')!;
    const early = document.createElement('unflat-photo');
    early.setAttribute('src', '/photo.glb');
    early.style.width = '320px';
    return [await show(element, there), await show(element, document.body), await show(early, there)];
  });
  const same = ['absolute', 'absolute', '320 × 240'];
  assert.deepEqual(seen, [same, same, same]);
  assert.deepEqual(said, []);
});

test('in a frame of another site it follows the tilt and goes full screen where the page allows it, and is looked around by hand where not', async () => {
  const frame = await host({ '/vase.html': page(example('Full screen') + VIEW) });
  const allowed = example('In a frame of another site').replace('https://photos.example/', frame);
  assert.match(allowed, /allow="accelerometer; gyroscope; fullscreen"/);
  const url = await host({ '/': page(allowed + allowed.replace(/ allow="[^"]*"/, '')) });
  const { page: opened } = await open(url);
  const [open1, shut] = opened.frames().slice(1) as [Frame, Frame];
  for (const each of [open1, shut]) await shown(each).waitFor();
  const looks = (): Promise<number[]> =>
    Promise.all([open1, shut].map((each) => each.locator('unflat-photo').evaluate((element: Photo) => element.look.x)));
  // What a browser asks before it tells a frame how the device is held.
  const mayTilt = (each: Frame): Promise<boolean> =>
    each.evaluate(() => {
      const { featurePolicy } = document as unknown as { featurePolicy: { allowsFeature(feature: string): boolean } };
      return ['accelerometer', 'gyroscope'].every((name) => featurePolicy.allowsFeature(name));
    });
  assert.deepEqual([await mayTilt(open1), await mayTilt(shut)], [true, false]);
  await open1.locator('unflat-photo').evaluate(async (element: Photo) => {
    for (const gamma of [0, 8, 16]) {
      dispatchEvent(new DeviceOrientationEvent('deviceorientation', { alpha: 0, beta: 40, gamma }));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    while (element.look.x < 0.5) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  // By hand it is looked around in both.
  for (const each of [open1, shut]) {
    await each.locator('unflat-photo').focus();
    await each.locator('unflat-photo').evaluate((element: Photo) => element.setLook(0, 0, 0, true));
    await opened.keyboard.press('ArrowRight');
  }
  await opened.waitForTimeout(600);
  for (const x of await looks()) assert.ok(x > 0.05, `looks ${x} to the right`);

  const full = (each: Frame): Promise<string> =>
    each.evaluate(async () => {
      const button = document.querySelector('button')!;
      const answer = new Promise<string>((resolve) => {
        document.addEventListener('fullscreenchange', () => resolve(document.fullscreenElement?.localName ?? ''), { once: true });
        document.addEventListener('fullscreenerror', () => resolve('refused'), { once: true });
        setTimeout(() => resolve('nothing'), 3000);
      });
      button.click();
      return answer;
    });
  // A click of the page's own script counts as a visitor's after one.
  await shut.locator('unflat-photo').click();
  shut.page().on('pageerror', () => undefined);
  assert.equal(await full(shut), 'refused');
  assert.ok(await shown(shut).isVisible());
  await open1.locator('unflat-photo').click();
  assert.equal(await full(open1), 'unflat-photo');
  const size = await open1.evaluate(() => {
    const { width, height } = document.querySelector('unflat-photo')!.getBoundingClientRect();
    return [width - innerWidth, height - innerHeight];
  });
  assert.deepEqual(size, [0, 0]);
  await open1.evaluate(() => document.exitFullscreen());
});

test('script, photo and drawing workers of another host work if it allows that; if not, the error says what is missing', async () => {
  const cdn = await host();
  const closed = await host({}, false);
  const body = example('Script and photo on another host');
  const url = await host({
    '/': page(body.replaceAll('https://cdn.example/', cdn)),
    '/closed.html': page(
      body.replace('https://cdn.example/unflat-view.js', `${cdn}unflat-view.js`).replace('https://cdn.example/', closed) +
        `<script>document.querySelector('unflat-photo').addEventListener('error', ({ message }) => (globalThis.heard = message))</script>`,
    ),
  });
  const { page: opened, said } = await open(url);
  await shown(opened).waitFor();
  assert.deepEqual(said, []);
  const { page: refused } = await open(`${url}closed.html`);
  const heard = await refused.waitForFunction(() => (globalThis as unknown as { heard?: string }).heard);
  assert.match((await heard.jsonValue()) as string, /photo\.glb .*does not let pages of .* read it \(CORS\)/);
});

test('one answer about the tilt serves all photos of a page, also those that come later', async () => {
  const url = await host({
    '/': page(`${'<unflat-photo src="photo.glb" style="width: 200px"></unflat-photo>'.repeat(2)}
      ${example('Tilt on iPhones and iPads')}${VIEW}`),
  });
  const { page: opened, said } = await open(url, { hasTouch: true, isMobile: true, viewport: { width: 400, height: 700 } }, (of) =>
    of.addInitScript(() => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      Object.assign(DeviceOrientationEvent, { requestPermission: async () => (asked.push('asked'), 'granted') });
    }),
  );
  await opened.waitForFunction(() => [...document.querySelectorAll('unflat-photo')].every((each) => each.frames > 0));
  assert.equal(await opened.evaluate(() => (document.querySelector('unflat-photo') as Photo).needsTiltPermission), true);
  await opened.locator('button').tap();
  await opened.waitForFunction(() => !(document.querySelector('unflat-photo') as Photo).needsTiltPermission);
  await opened.evaluate(async () => {
    const later = Object.assign(document.createElement('unflat-photo'), { src: 'later.glb' });
    later.style.width = '200px';
    document.body.prepend(later);
    await new Promise((resolve) => later.addEventListener('load', resolve));
  });
  await opened.locator('unflat-photo').nth(1).tap();
  const turned = await opened.evaluate(async () => {
    for (const gamma of [0, 6, 12]) {
      dispatchEvent(new DeviceOrientationEvent('deviceorientation', { alpha: 0, beta: 40, gamma }));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    return [...document.querySelectorAll('unflat-photo')].map((each) => each.look.x > 0.1);
  });
  assert.deepEqual(turned, [true, true, true]);
  assert.deepEqual(await opened.evaluate(() => (globalThis as unknown as { asked: string[] }).asked), ['asked']);
  assert.deepEqual(said, []);
});

test('a still is the picture that is seen, in the kind that is asked for', async () => {
  const { page: opened } = await open(
    await host({ '/': page(`<unflat-photo src="photo.glb" motion="none" style="width: 320px"></unflat-photo>${VIEW}`) }),
  );
  await shown(opened).waitFor();
  await opened.waitForTimeout(700);
  const code = example('A still', 'js');
  const { type, size, rgb } = await opened.evaluate<{ type: string; size: number[]; rgb: number[] }>(`(async () => {
    ${code}
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    const pen = new OffscreenCanvas(width, height).getContext('2d');
    pen.drawImage(bitmap, 0, 0);
    return { type: blob.type, size: [width, height], rgb: [...pen.getImageData(width >> 1, height >> 1, 1, 1).data] };
  })()`);
  assert.deepEqual([type, size], ['image/jpeg', [320, 240]]);
  assert.ok(isOrange(rgb), rgb.join());
});
