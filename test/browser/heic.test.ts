import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode, encode } from 'fast-png';
import type { Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import type { Raster } from '../../src/core/index.ts';
import type { LoadDetail } from '../../src/element/index.ts';
import {
  coded,
  colourPhoto,
  depthImage,
  displayP3,
  exifItem,
  gridFile,
  heifBytes,
  heifFile,
  property,
  trueDepth,
  truePhoto,
  type Parts,
} from '../fixtures/heif-files.ts';
import { testBrowser } from '../helpers/browser.ts';
import { commandLine } from '../helpers/command-line.ts';
import { correlation, psnr, turned } from '../helpers/heic.ts';
import { testServer } from '../helpers/server.ts';
import { AppPage, appServer } from './app-page.ts';

const DEPTH = 'urn:mpeg:hevc:2015:auxid:2';
const LIBHEIF = '**/libheif-bundle.mjs';
const photo = truePhoto();
const depth = trueDepth();
/** A wall: nothing about the photo's colours is changed then. */
const wall = (width: number, height: number): Uint8Array =>
  encode({ width, height, data: new Uint8Array(width * height).fill(90), channels: 1, depth: 8 });
/** No eval, no programs from elsewhere. */
const CSP =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; style-src 'self' 'unsafe-inline'; img-src 'self' blob:; connect-src 'self' blob:";
const PAGE = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${CSP}"><link rel="icon" href="data:,"><script type="module" src="unflat-photo.js"></script>`;
const server = await testServer('dist/element', { '/page.html': PAGE });
const browser = await testBrowser();

async function openPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 640, height: 600 } });
  after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${server.url}page.html`);
  return page;
}
const page = await openPage();

interface Shown {
  error: string;
  photo: Raster;
  disparity: number[];
  warnings: string[];
  notes: string[];
  focalLength: number;
}

/** Shows a photo, with a map where it holds no depth. */
async function show(on: Page, name: string, bytes: Uint8Array, map?: Uint8Array, attributes: Record<string, string> = {}): Promise<Shown> {
  const shown = await on.evaluate(
    async ({ name, bytes, map, attributes }) => {
      await customElements.whenDefined('unflat-photo');
      // One element for all photos of a page: its worker and its canvas take most of the time.
      const element = document.querySelector('unflat-photo') ?? document.createElement('unflat-photo');
      for (const [key, value] of Object.entries({ network: 'none', motion: 'none', ...attributes })) element.setAttribute(key, value);
      element.map = map ? { name: 'map.png', bytes: Uint8Array.from(map) } : null;
      element.photo = { name, bytes: Uint8Array.from(bytes) };
      const end = new Promise<string>((resolve) => {
        element.addEventListener('load', () => resolve(''));
        element.addEventListener('error', (event) => resolve(event.message));
      });
      const loaded = new Promise<LoadDetail>((resolve) => element.addEventListener('load', (event) => resolve(event.detail)));
      if (!element.isConnected) document.body.append(element);
      const error = await end;
      if (error) return { error };
      const { scene, report } = await loaded;
      const { rgba, margin, width: stride } = scene.layers[0]!;
      const { width, height } = scene;
      const inside: number[] = [];
      for (let y = 0; y < height; y++)
        inside.push(...rgba.subarray(4 * ((y + margin) * stride + margin), 4 * ((y + margin) * stride + margin + width)));
      return {
        error,
        width,
        height,
        inside,
        disparity: [...scene.depth.disparity],
        warnings: report!.warnings,
        notes: report!.notes,
        focalLength: scene.lens.fx,
      };
    },
    { name, bytes: [...bytes], map: map && [...map], attributes },
  );
  const { error, width = 0, height = 0, inside = [], disparity = [], warnings = [], notes = [], focalLength = 0 } = shown;
  return { error, photo: { width, height, rgba: Uint8ClampedArray.from(inside) }, disparity, warnings, notes, focalLength };
}

/** Means of blocks, 40 × 30: what sharpening did to the outlines does not count here. */
function coarse({ width, height, values }: { width: number; height: number; values: ArrayLike<number> }): number[] {
  const [sums, counts] = [Array<number>(1200).fill(0), Array<number>(1200).fill(0)];
  for (let i = 0; i < width * height; i++) {
    const block = Math.floor((Math.floor(i / width) * 30) / height) * 40 + Math.floor(((i % width) * 40) / width);
    sums[block]! += values[i]!;
    counts[block]!++;
  }
  return sums.map((sum, block) => sum / counts[block]!);
}

test('HEIC photos open in a browser that cannot decode them, without eval: plain, in tiles, rotated, 10 bits', async (t) => {
  assert.ok(
    await page.evaluate(
      (bytes) =>
        createImageBitmap(new Blob([Uint8Array.from(bytes)])).then(
          () => false,
          () => true,
        ),
      [...heifBytes('photo.heic')],
    ),
    'this browser cannot',
  );
  const exif: Parts = { items: [colourPhoto(property.turned(1)), exifItem(8, 28)], references: [['cdsc', 2, 1]] };
  const cases: [string, Uint8Array, Raster, number][] = [
    ['plain', heifBytes('photo.heic'), photo, 36],
    ['tiles', heifFile(gridFile()), photo, 36],
    ['rotated', heifFile(exif), turned(photo), 36],
    ['deep', heifBytes('deep.heic'), photo, 33],
  ];
  for (const [name, bytes, truth, least] of cases) {
    const shown = await show(page, `${name}.heic`, bytes, name === 'rotated' ? wall(12, 16) : wall(16, 12));
    assert.equal(shown.error, '', name);
    const likeness = psnr(shown.photo, truth);
    t.diagnostic(`${name}: ${likeness.toFixed(1)} dB`);
    assert.ok(likeness > least, `${name}: ${likeness} dB`);
    assert.deepEqual(
      shown.warnings.filter((warning) => !warning.includes('map.png')),
      name === 'deep' ? ['deep.heic has 10 bits a channel; 8 of them were used.'] : [],
      name,
    );
    if (name === 'rotated') assert.ok(Math.abs(shown.focalLength - 28 / 36) < 0.01, `focal length ${shown.focalLength}`);
  }
});

test('the depth inside a HEIC or AVIF photo becomes the depth of the 3D photo; gain maps do not', async (t) => {
  const withDepth: [string, Parts][] = [
    ['depth.heic', { items: [colourPhoto(), depthImage(DEPTH)], references: [['auxl', 2, 1]] }],
    [
      'depth.avif',
      {
        brand: 'avif',
        items: [
          coded('photo.avif', 160, 120),
          { ...coded('disparity.avif', 96, 72, property.auxiliary('urn:mpeg:mpegB:cicp:systems:auxiliary:depth')), hidden: true },
        ],
        references: [['auxl', 2, 1]],
      },
    ],
  ];
  for (const [name, parts] of withDepth) {
    const shown = await show(page, name, heifFile(parts));
    assert.equal(shown.error, '', name);
    const likeness = correlation(
      coarse({ width: 160, height: 120, values: shown.disparity }),
      coarse({ ...depth, values: depth.disparity }),
    );
    t.diagnostic(`${name}: correlation ${likeness.toFixed(4)}`);
    assert.ok(likeness > 0.98, `${name}: ${likeness}`);
  }
  const gain = await show(
    page,
    'gain.heic',
    heifFile({ items: [colourPhoto(), depthImage('urn:com:apple:photo:2020:aux:hdrgainmap')], references: [['auxl', 2, 1]] }),
  );
  assert.match(gain.error, /gain\.heic holds no depth/);
});

test('Display P3 becomes sRGB, and of a stereo pair the left eye is shown, with a note', async () => {
  const plain = await show(page, 'plain.heic', heifBytes('photo.heic'), wall(16, 12));
  for (const colour of [property.icc(displayP3()), property.nclx(12, 13)]) {
    const { photo: wide } = await show(page, 'p3.heic', heifFile({ items: [colourPhoto(colour)] }), wall(16, 12));
    // The browser's own conversion of the same numbers.
    const expected = await page.evaluate(
      ({ width, height, rgba }) => {
        const context = new OffscreenCanvas(width, height).getContext('2d')!;
        context.putImageData(new ImageData(Uint8ClampedArray.from(rgba), width, height, { colorSpace: 'display-p3' }), 0, 0);
        return [...context.getImageData(0, 0, width, height).data];
      },
      { ...plain.photo, rgba: [...plain.photo.rgba] },
    );
    const likeness = psnr(wide, { ...plain.photo, rgba: Uint8ClampedArray.from(expected) });
    assert.ok(likeness > 48, `${likeness} dB`);
    assert.ok(psnr(wide, plain.photo) < 45, 'the colours have changed');
  }
  const other = { ...colourPhoto(property.turned(2)) };
  const stereo = await show(page, 'spatial.heic', heifFile({ items: [other, colourPhoto()], pair: [2, 1] }), wall(16, 12));
  assert.ok(psnr(stereo.photo, photo) > 36);
  assert.deepEqual(
    stereo.notes.filter((note) => note.includes('stereo')),
    ['spatial.heic is a stereo pair (spatial photo); its left image was opened.'],
  );
});

test('without its decoder a HEIC photo is refused: the message says where it was looked for and what to do; another folder can be named', async () => {
  const own = await openPage();
  await own.route(LIBHEIF, (route) => route.fulfill({ status: 404, body: '' }));
  const { error } = await show(own, 'phone.heic', heifBytes('photo.heic'), wall(16, 12));
  assert.match(
    error,
    /^phone\.heic is a HEIC photo, which this browser cannot read by itself, and the decoder for it is not at http:\/\/[^ ]+\/unflat-heic\/libheif-bundle\.mjs \(the server answered 404\)\. Check the connection and try again, or save the photo as JPEG .*copy the folder unflat-heic/,
  );
  await own.unroute(LIBHEIF);
  const asked: string[] = [];
  own.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await own.route('**/mine/libheif-bundle.mjs', (route) =>
    route.fulfill({ path: join(root, 'dist/element/unflat-heic/libheif-bundle.mjs'), contentType: 'text/javascript' }),
  );
  assert.equal((await show(own, 'phone.heic', heifBytes('photo.heic'), wall(16, 12), { heic: '/mine' })).error, '');
  assert.ok(asked.includes('/mine/libheif-bundle.mjs') && !asked.includes('/unflat-heic/libheif-bundle.mjs'), asked.join());
});

test('a photo that needs no decoder loads none', async () => {
  const own = await openPage();
  const asked: string[] = [];
  own.on('request', (request) => asked.push(request.url()));
  const jpeg = readFileSync(join(root, 'test/fixtures/heif/photo.jpg'));
  assert.equal((await show(own, 'photo.jpg', jpeg, wall(16, 12))).error, '');
  assert.deepEqual(
    asked.filter((url) => url.includes('heif')),
    [],
  );
});

test('cut off and damaged HEIC photos are refused by name and reason, and the next one opens', async () => {
  const whole = heifFile(gridFile());
  assert.match(
    (await show(page, 'half.heic', whole.slice(0, whole.length >> 1), wall(16, 12))).error,
    /^half\.heic is cut off: the HEIC file ends before the picture does/,
  );
  const noise = whole.map((value, i) => (i > whole.length - 4000 ? (i * 7919) & 255 : value));
  const damaged = await show(page, 'noise.heic', noise, wall(16, 12));
  if (damaged.error) assert.match(damaged.error, /^noise\.heic could not be decoded: the HEIC file is damaged/);
  assert.equal((await show(page, 'whole.heic', whole, wall(16, 12))).error, '');
});

test('after one visit the app opens a HEIC photo with its depth with the server stopped', async (t) => {
  const hosting = await appServer();
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  const app = new AppPage(await context.newPage());
  await app.page.goto(hosting.url);
  await app.page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  await hosting.close();
  const buffer = Buffer.from(heifFile({ items: [colourPhoto(), depthImage(DEPTH)], references: [['auxl', 2, 1]] }));
  await app.openFiles({ name: 'phone.heic', mimeType: 'image/heic', buffer });
  await app.opened('phone.heic');
  const size = await app.photo.evaluate((element) => [
    (element as HTMLElementTagNameMap['unflat-photo']).scene?.width,
    (element as HTMLElementTagNameMap['unflat-photo']).scene?.height,
  ]);
  assert.deepEqual(size, [160, 120]);
});

test('the command line converts a HEIC photo by the depth inside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unflat-heic-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'phone.heic'), heifFile({ items: [colourPhoto(), depthImage(DEPTH)], references: [['auxl', 2, 1]] }));
  const { status, stdout, stderr } = await commandLine(folder, ['phone.heic', '--outputs', 'depth', '--json'], {
    UNFLAT_MODELS: join(folder, 'no-models'),
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /"depth": "depth-map"/);
  const { width, height, data } = decode(readFileSync(join(folder, 'phone_depth.png')));
  assert.ok(correlation(coarse({ width, height, values: data }), coarse({ ...depth, values: depth.disparity })) > 0.98);
});
