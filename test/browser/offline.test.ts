import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import { testBrowser } from '../helpers/browser.ts';
import { plainHosting } from '../helpers/plain-hosting.ts';
import { midasLike } from '../fixtures/depth-models.ts';
import { AppPage, SMALL_SAMPLE, appServer, mapFile, photoFile } from './app-page.ts';
import { writeScene } from '../../src/scene-file/index.ts';
import { ModelHost } from './model-host.ts';
import { SMALL as SMALL_SCENE, syntheticScene } from './viewer-scene.ts';

const browser = await testBrowser();
const SMALL = { viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' } as const;

test('after one visit the app starts, converts and saves with the server stopped', async (t) => {
  const server = await appServer();
  const context = await browser.newContext(SMALL);
  t.after(() => context.close());
  const app = await AppPage.open(context, server.url);
  await app.page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  await server.close();
  await app.page.reload();
  await app.ready();
  assert.equal(await app.openTitle(), 'Still life');
  assert.equal(await app.page.evaluate(() => crossOriginIsolated), true);
  await app.openFiles(photoFile('offline.png'), mapFile('offline_depth.png'));
  await app.opened('offline.png');
  await app.tab('Save');
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.save('depth')]);
  assert.equal(download.suggestedFilename(), 'offline_depth.png');
  await app.tab('Photos');
  await app.page.getByText('Works offline').waitFor();
});

test('on the very first visit, before any photo was converted, a photo alone becomes 3D with the server stopped', async (t) => {
  const server = await appServer();
  const context = await browser.newContext(SMALL);
  t.after(() => context.close());
  const app = new AppPage(await context.newPage());
  await app.page.goto(server.url);
  await app.page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  await server.close();
  await app.openFiles(photoFile('alone.png'));
  await app.opened('alone.png');
  await app.tab('Depth');
  await app.page.locator('depth-panel .source > summary', { hasText: /Built-in depth model\s*on the processor/i }).waitFor();
});

test('the first visit keeps the built-in model and what runs it on the processor, but not what runs others on the graphics card', () => {
  const program = readFileSync(join(root, 'dist/app/service-worker.js'), 'utf8');
  const kept = (name: RegExp): number =>
    [...program.matchAll(/url:\s*"([^"]+)"|"url":"([^"]+)"/g)].filter(([, a, b]) => name.test(a ?? b ?? '')).length;
  assert.equal(kept(/^models\/.*\.onnx$/), 1);
  assert.equal(kept(/^ort\/[\d.]+\/ort-wasm-simd-threaded\.(mjs|wasm)$/), 2);
  assert.equal(kept(/asyncify/), 0);
  // Babylon's parts for other people's 3D files are one of them, not each shader.
  assert.equal(kept(/orbit-view-[\w-]+\.js$/), 1);
  assert.equal(kept(/(\.fragment|\.vertex|TextureLoader|Declaration)-[\w-]+\.js$/), 0);
});

test('a model that was fetched gives photos their depth with the server stopped', async (t) => {
  const server = await appServer();
  const context = await browser.newContext(SMALL);
  t.after(() => context.close());
  const host = await ModelHost.of(context);
  host.serve('dpt_swin2_tiny_256.onnx', midasLike().files[0]!.bytes);
  const app = await AppPage.open(context, server.url);
  await app.page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  await app.openFiles(photoFile('online.png'));
  await app.opened('online.png');
  await app.tab('Depth');
  await app.page.locator('depth-panel').getByRole('button', { name: 'Get a better model' }).click();
  const sources = app.page.locator('depth-sources');
  await sources.getByText('More models').click();
  await sources.locator('[data-model="dpt-swin2-tiny"]').getByRole('button').click();
  await app.page.locator('depth-panel .source > summary', { hasText: 'SwinV2' }).waitFor();
  await server.close();
  await app.page.reload();
  await app.ready();
  await app.openFiles(photoFile('offline.png', [220, 190, 40]));
  await app.opened('offline.png');
  await app.tab('Depth');
  await app.page.locator('depth-panel .source > summary', { hasText: 'SwinV2' }).waitFor();
  assert.equal(host.asked.length, 1, 'it was fetched once');
});

test('a photo shared from another app is opened, and so is a saved 3D photo', async (t) => {
  const server = await appServer();
  const context = await browser.newContext(SMALL);
  t.after(() => context.close());
  const app = await AppPage.open(context, server.url);
  await app.page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  const glb = Buffer.from(await (await writeScene(syntheticScene(SMALL_SCENE))).arrayBuffer());
  // The type of a 3D photo is what a system says that does not know it.
  const shared = [photoFile('shared photo.png'), { name: 'shared.glb', mimeType: 'application/octet-stream', buffer: glb }];
  for (const { name, mimeType, buffer } of shared) {
    await app.page.evaluate(
      ({ name, type, base64 }) => {
        const form = Object.assign(document.createElement('form'), { method: 'post', action: './share', enctype: 'multipart/form-data' });
        const input = Object.assign(document.createElement('input'), { type: 'file', name: 'files' });
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name, { type }));
        input.files = transfer.files;
        form.append(input);
        document.body.append(form);
        form.submit();
      },
      { name, type: mimeType, base64: buffer.toString('base64') },
    );
    await app.opened(name);
    assert.equal(new URL(app.page.url()).hash, '');
  }
  const width = await app.photo.evaluate((photo) => (photo as unknown as { scene: { width: number } }).scene.width);
  assert.equal(width, syntheticScene(SMALL_SCENE).width);
});

test('on plain hosting the second visit is isolated, without a reload of its own', async (t) => {
  const { url, close } = await plainHosting({ files: SMALL_SAMPLE });
  t.after(close);
  const context = await browser.newContext(SMALL);
  t.after(() => context.close());
  const app = await AppPage.open(context, url);
  let loads = 0;
  app.page.on('load', () => loads++);
  assert.equal(await app.page.evaluate(() => crossOriginIsolated), false);
  await app.page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  await app.page.waitForTimeout(1500);
  assert.equal(loads, 0, 'the page reloads itself');
  await app.page.reload();
  await app.ready();
  assert.equal(await app.page.evaluate(() => crossOriginIsolated), true);
  assert.equal(loads, 1);
});

test('a newer version is offered, and taken when the person says so', async (t) => {
  const { url, server, close } = await plainHosting({ files: SMALL_SAMPLE });
  t.after(close);
  const context = await browser.newContext(SMALL);
  t.after(() => context.close());
  const app = await AppPage.open(context, url);
  await app.page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  const worker = await readFile(join(root, 'dist/app/service-worker.js'), 'utf8');
  await context.route('**/service-worker.js', (route) => route.fulfill({ contentType: 'text/javascript', body: `${worker}\n// newer` }));
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (request.url?.endsWith('service-worker.js'))
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(`${worker}\n// newer`);
    else response.writeHead(304).end();
  });
  await app.page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  const offer = await app.message('A new version');
  const loaded = app.page.waitForEvent('load');
  await offer.getByRole('button', { name: 'Reload' }).click();
  await loaded;
  await app.ready();
});
