import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import jpeg from 'jpeg-js';
import type { Camera, Scene } from '../../src/core/index.ts';
import { SoftwareRenderer, prepareScene } from '../../src/raster/index.ts';
import { readScene, writeScene } from '../../src/scene-file/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { bundle } from '../helpers/bundle.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

const context = await (await testBrowser()).newContext({ viewport: { width: 640, height: 480 } });
after(() => context.close());
const page = await context.newPage();
const problems: string[] = [];
page.on('pageerror', (error) => problems.push(error.message));
page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
const script = await bundle('babylon-page.ts');
const PAGE = '<!doctype html><link rel="icon" href="data:,"><style>body{margin:0}</style><script type="module" src="/page.js"></script>';
await page.route('http://babylon.test/**', (route) =>
  route.fulfill(
    route.request().url().endsWith('.js') ? { contentType: 'text/javascript', body: script } : { contentType: 'text/html', body: PAGE },
  ),
);
await page.goto('http://babylon.test/');
await page.waitForFunction(() => 'babylonTests' in globalThis);

const glb = Buffer.from(await (await writeScene(syntheticScene(SMALL), { quality: 95 })).arrayBuffer());
const photo: Scene = await readScene({ name: 'photo.glb', bytes: new Uint8Array(glb) }, async (file) => {
  const { width, height, data } = jpeg.decode(file, { formatAsRGBA: true });
  return { width, height, rgba: new Uint8ClampedArray(data) };
});
const { width, height, lens } = photo;
const longer = Math.max(width, height);
const verticalFov = 2 * Math.atan(height / longer / 2 / lens.fy);

/** Our own picture from a place beside the photo's camera. */
function ours(x = 0): Uint8ClampedArray {
  const { fx, fy, cx, cy } = lens;
  const c2w = [1, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const camera: Camera = { width, height, fx: fx * longer, fy: fy * longer, cx: cx * longer, cy: cy * longer, c2w };
  return new SoftwareRenderer(prepareScene(photo)).draw(camera, { samples: 1 }).rgba;
}

function psnr(a: Uint8Array, b: Uint8ClampedArray): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) if (i % 4 < 3) sum += (a[i]! - b[i]!) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / (b.length * 0.75)));
}

const draw = async (): Promise<Buffer> => Buffer.from(await page.evaluate(() => babylonTests.draw()), 'base64');
const at = (pixels: Buffer, x: number, y: number): number[] => [...pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)];
const start = (isRightHanded = false): Promise<void> =>
  page.evaluate(([w, h, fov, is]) => babylonTests.start(w, h, fov, is), [width, height, verticalFov, isRightHanded] as const);
const importPhoto = (asContainer = false) =>
  page.evaluate(([bytes, is]) => babylonTests.importPhoto(bytes, is), [glb.toString('base64'), asContainer] as const);
const box = (...given: Parameters<typeof babylonTests.box>): Promise<void> => page.evaluate((each) => babylonTests.box(...each), given);
const counts = () => page.evaluate(() => babylonTests.counts());

for (const isRightHanded of [false, true]) {
  test(`from the photo’s camera a ${isRightHanded ? 'right' : 'left'}-handed scene shows the photo as Unflat does, and so beside it`, async (t) => {
    await start(isRightHanded);
    const { meshes, nodes, cameras } = await importPhoto();
    assert.equal(meshes[0], '__root__');
    assert.ok(meshes.includes('photo layer 0') && meshes.includes('photo outlines 0') && nodes.includes('photo'), `${meshes} ${nodes}`);
    assert.equal(cameras, 2, 'the photo’s camera is there, too');
    const straight = psnr(await draw(), ours());
    await page.evaluate(() => babylonTests.move(0.02));
    const beside = psnr(await draw(), ours(0.02));
    t.diagnostic(`${straight.toFixed(1)} dB, from beside ${beside.toFixed(1)} dB`);
    assert.ok(straight > 40, `${straight} dB`);
    assert.ok(beside > 34, `${beside} dB`);
    assert.deepEqual(await page.evaluate(() => babylonTests.eyebox()), photo.eyebox);
    await page.evaluate(() => babylonTests.useOwnCamera());
    const own = psnr(await draw(), ours());
    assert.ok(own > 40, `through the camera that comes with the photo: ${own} dB`);
  });
}

test('Babylon without unflat/babylon shows the textured photo through the file’s camera', async (t) => {
  await start();
  const meshes = await page.evaluate((bytes) => babylonTests.importPlain(bytes), glb.toString('base64'));
  assert.ok(meshes.includes('Photo') && !meshes.some((name) => /layer/.test(name)), meshes.join());
  const drawn = await draw();
  const truth = ours();
  let sum = 0;
  for (let i = 0; i < truth.length; i++) if (i % 4 < 3) sum += Math.abs(drawn[i]! - truth[i]!);
  const difference = sum / (0.75 * truth.length);
  t.diagnostic(`differs by ${difference.toFixed(2)} of 255`);
  assert.ok(difference < 2, `${difference}`);
  await page.evaluate(() => babylonTests.removeAll());
});

test('other meshes stand before, within and behind the photo', async () => {
  await start();
  await importPhoto();
  // The disc's distance is about 0.42, the wall's 3 to 9.
  const { x, y } = SMALL.disc!;
  const plain = await draw();
  await box(0, 0, 0.3, 0.02, [1, 1, 1]);
  assert.deepEqual(at(await draw(), x, y), [255, 255, 255], 'a box before the disc is seen');
  await box(0, 0, 1.5, 0.9, [0, 1, 0]);
  const within = await draw();
  const side = x + SMALL.disc!.radius + 8;
  assert.deepEqual(at(within, side, y), [0, 255, 0], 'a box between disc and wall is before the wall');
  assert.deepEqual(at(within, x + 20, y), at(plain, x + 20, y), 'and behind the disc');
  await box(0, 0, 60, 30, [1, 0, 1]);
  const behind = await draw();
  assert.deepEqual(at(behind, 4, 4), at(plain, 4, 4), 'a box behind the wall is hidden');
  // The disc's outline is soft over the box, too: no dark or light rim.
  const edge = x + SMALL.disc!.radius;
  for (let u = edge - 3; u < edge + 3; u++) {
    const [red, green, blue] = at(within, u, y);
    assert.ok(green! >= 90 && red! + green! > 200 && blue! < 120, `${u}: ${[red, green, blue]}`);
  }
});

test('it is disposed of with its root: nothing is left of it; asset containers hold it as well', async () => {
  await start();
  await box(0, 0, 100, 1, [1, 0, 0]);
  // A container stays with its scene as an observer of Babylon's own, whatever it held.
  await importPhoto(true);
  assert.ok(psnr(await draw(), ours()) > 40);
  assert.ok((await counts()).materials > 5);
  await page.evaluate(() => babylonTests.removeAll());
  await draw();
  const before = await counts();
  assert.deepEqual([before.meshes, before.nodes, before.textures, before.geometries], [1, 0, 0, 1]);
  for (let round = 0; round < 2; round++) {
    await importPhoto();
    assert.ok(psnr(await draw(), ours()) > 40);
    assert.ok((await counts()).materials > before.materials + 3);
    await page.evaluate(() => babylonTests.removeAll());
  }
  await draw();
  assert.deepEqual(await counts(), before);
  assert.deepEqual(problems, []);
});
