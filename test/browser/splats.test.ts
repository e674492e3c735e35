/** Our splat files in Babylon, loaded by its own loaders, and in PlayCanvas. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import output from '../../plugins/output-splats/index.ts';
import { flatten } from '../../src/core/index.ts';
import { bytesOf } from '../fixtures/frames.ts';
import { outputContext } from '../fixtures/plugin-context.ts';
import { root } from '../../src/cli/prepare.mjs';
import { testBrowser } from '../helpers/browser.ts';
import { bundle } from '../helpers/bundle.ts';
import type { SplatShot } from './splats-page.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

const context = await (await testBrowser()).newContext({ viewport: { width: 640, height: 480 } });
after(() => context.close());
const page = await context.newPage();
const problems: string[] = [];
page.on('pageerror', (error) => problems.push(error.message));
page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
const script = await bundle('splats-page.ts');
const PAGE = '<!doctype html><link rel="icon" href="data:,"><style>body{margin:0}</style><script type="module" src="/page.js"></script>';
const playcanvas = join(root, 'node_modules/playcanvas/build/playcanvas.min.mjs');
/** What the page loads as `photo.ply`. */
let ply = '';
await page.route('http://splats.test/**', (route) => {
  const { pathname } = new URL(route.request().url());
  if (pathname === '/photo.ply') return route.fulfill({ contentType: 'application/octet-stream', body: Buffer.from(ply, 'base64') });
  if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: PAGE });
  return route.fulfill({ contentType: 'text/javascript', body: pathname === '/playcanvas.mjs' ? readFileSync(playcanvas) : script });
});
await page.goto('http://splats.test/');
await page.waitForFunction(() => 'splatTests' in globalThis);

const photo = syntheticScene(SMALL);
const { width, height, lens } = photo;
const truth = flatten(photo).rgba;
const verticalFovRad = 2 * Math.atan(height / Math.max(width, height) / 2 / lens.fy);

async function written(product: 'splats' | 'spz', options: object = {}): Promise<string> {
  const defaults = Object.fromEntries(output.options.map((option) => [option.id, option.default]));
  const input = { product, scene: photo, options: { ...defaults, ...options }, frames: () => assert.fail('no frames') };
  return Buffer.from(await bytesOf(await output.write(input, outputContext()))).toString('base64');
}

async function psnrOf(
  bytes: string,
  extension: '.ply' | '.spz',
  shot: Pick<SplatShot, 'isRightHanded' | 'target' | 'flipY'>,
): Promise<number> {
  const { rgba, count } = await page.evaluate(([file, kind, how]) => splatTests.drawSplats(file, kind, how), [
    bytes,
    extension,
    { width, height, verticalFovRad, ...shot },
  ] as const);
  assert.ok(count > 1000, `${count} splats`);
  return decibels(Buffer.from(rgba, 'base64'));
}

function decibels(drawn: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) if (i % 4 < 3) sum += (drawn[i]! - truth[i]!) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / (truth.length * 0.75)));
}

test('Babylon shows the splats of a PLY file, from the photo’s camera, as the photo', async (t) => {
  for (const relief of ['compact', 'full']) {
    const psnr = await psnrOf(await written('splats', { relief }), '.ply', { isRightHanded: false, target: [0, 0, 1] });
    t.diagnostic(`${relief}: ${psnr.toFixed(1)} dB`);
    assert.ok(psnr >= 28, `${relief}: ${psnr} dB`);
  }
});

test('Babylon shows the splats of an SPZ file, from the photo’s camera, as the photo', async (t) => {
  for (const relief of ['compact', 'full']) {
    const psnr = await psnrOf(await written('spz', { relief }), '.spz', { isRightHanded: true, target: [0, 0, -1], flipY: true });
    t.diagnostic(`${relief}: ${psnr.toFixed(1)} dB`);
    assert.ok(psnr >= 28, `${relief}: ${psnr} dB`);
  }
  assert.deepEqual(problems, []);
});

/** Their own example of a viewer: the splats turned half round x, as its editor does with files whose y points down. */
const IN_PLAYCANVAS = `async ({ width, height, fovDeg }) => {
  const pc = await import('/playcanvas.mjs');
  const canvas = document.body.appendChild(document.createElement('canvas'));
  const app = new pc.Application(canvas, { graphicsDeviceOptions: { antialias: false, preserveDrawingBuffer: true } });
  app.graphicsDevice.maxPixelRatio = 1;
  app.setCanvasFillMode(pc.FILLMODE_NONE, width, height);
  app.setCanvasResolution(pc.RESOLUTION_FIXED, width, height);
  const camera = new pc.Entity();
  camera.addComponent('camera', { fov: fovDeg, clearColor: new pc.Color(0, 0, 0), nearClip: 0.01, farClip: 1000 });
  app.root.addChild(camera);
  app.start();
  const asset = new pc.Asset('photo', 'gsplat', { url: '/photo.ply', filename: 'photo.ply' });
  app.assets.add(asset);
  await new Promise((resolve, reject) => (asset.once('load', resolve), asset.once('error', reject), app.assets.load(asset)));
  const splats = new pc.Entity();
  splats.addComponent('gsplat', { asset });
  splats.setLocalEulerAngles(180, 0, 0);
  app.root.addChild(splats);
  // A worker puts the splats in order: until then the picture changes.
  const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  let [picture, same] = ['', 0];
  for (let n = 0; n < 120 && same < 4; n++) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    await new Promise(requestAnimationFrame);
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    const now = data.some((value, i) => i % 4 < 3 && value > 0) ? data.join() : '';
    same = now && now === picture ? same + 1 : 0;
    picture = now;
  }
  app.destroy();
  canvas.remove();
  return Array.from(copy.getImageData(0, 0, width, height).data);
}`;

test('PlayCanvas shows the splats of a PLY file, from the photo’s camera, as the photo', async (t) => {
  for (const relief of ['compact', 'full']) {
    ply = await written('splats', { relief });
    const shot = JSON.stringify({ width, height, fovDeg: (verticalFovRad * 180) / Math.PI });
    const psnr = decibels(await page.evaluate<number[]>(`(${IN_PLAYCANVAS})(${shot})`));
    t.diagnostic(`${relief}: ${psnr.toFixed(1)} dB`);
    assert.ok(psnr >= 28, `${relief}: ${psnr} dB`);
  }
});
