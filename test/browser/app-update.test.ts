import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import { testBrowser } from '../helpers/browser.ts';
import { secondBuild } from '../helpers/second-build.ts';
import { AppPage, SMALL_SAMPLE, eventually, mapFile, photoFile } from './app-page.ts';

const browser = await testBrowser();
const second = secondBuild();
let folder = join(root, 'dist/app');
const server = await listen((request, response) => {
  const sample = SMALL_SAMPLE[new URL(request.url ?? '/', 'http://localhost').pathname];
  return sample
    ? void response.writeHead(200, { 'cross-origin-resource-policy': 'same-origin' }).end(sample)
    : void serveFile(folder, request, response);
});
after(() => server.close());

const builds = ({ page }: AppPage): Promise<string[]> =>
  page.evaluate(async () =>
    (await navigator.locks.query()).held!.flatMap(({ name = '' }) =>
      name.startsWith('unflat-build-') ? [name.slice('unflat-build-'.length)] : [],
    ),
  );
const keptScripts = ({ page }: AppPage): Promise<string[]> =>
  page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.includes('precache'));
    const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return keys.flat().map(({ url }) => new URL(url).pathname.slice(1) + new URL(url).search.replace(/^\?__WB_REVISION__.*/, ''));
  });

test('after an update taken by another tab an old tab still finds what it loads late, is told so, and its files go with it', async (t) => {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  const old = await AppPage.open(context, server.url);
  await old.page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  const other = await AppPage.open(context, server.url);
  folder = second.folder;
  await other.page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  const offer = await other.message('A new version of Unflat is ready.');
  const loaded = other.page.waitForEvent('load');
  await offer.getByRole('button', { name: 'Reload' }).click();
  await loaded;
  await other.ready();
  assert.deepEqual((await builds(other)).sort(), [second.firstBuild, second.build].sort());

  const told = await old.message('Unflat was updated in another tab.');
  assert.equal(await old.page.locator('app-messages .message', { hasText: 'A new version' }).count(), 0, 'two offers of the same');
  // The server has none of these any more: the worker that runs models, what the pipeline's worker loads for a photo alone and for a file, and the renderer.
  await old.openFiles(photoFile('alone.png'));
  await old.opened('alone.png');
  await old.tab('Depth');
  await old.page.locator('depth-panel .source > summary', { hasText: 'Built-in depth model' }).waitFor();
  await old.openFiles(photoFile('with map.png'), mapFile('with map_depth.png'));
  await old.opened('with map.png');
  await old.tab('Save');
  for (const product of ['ply', 'zoom-in']) await Promise.all([old.page.waitForEvent('download'), old.save(product)]);
  old.assertQuiet();
  const workers = old.page.workers().map((worker) => new URL(worker.url()).searchParams.get('build'));
  assert.ok(
    workers.length > 0 && workers.every((build) => build === null || build === second.firstBuild),
    `workers of builds ${workers.join()}`,
  );
  assert.ok((await keptScripts(old)).includes(`inference-worker.js?build=${second.firstBuild}`));

  // Its button brings it to the new version; with the last old tab the old files go.
  const reloaded = old.page.waitForEvent('load');
  await told.getByRole('button', { name: 'Reload' }).click();
  await reloaded;
  await old.ready();
  assert.deepEqual(new Set(await builds(old)), new Set([second.build]));
  await eventually('the old files stay', async () => {
    const kept = await keptScripts(old);
    return !kept.some((name) => second.chunks.includes(name)) && !kept.includes(`inference-worker.js?build=${second.firstBuild}`);
  });
  const kept = await keptScripts(old);
  assert.ok(
    kept.includes(`inference-worker.js?build=${second.build}`) && kept.some((name) => name.endsWith('other.js')),
    'the new files stay',
  );
  other.assertQuiet();
});

test('a part that cannot be loaded says so, with a button that helps', async (t) => {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce', serviceWorkers: 'block' });
  t.after(() => context.close());
  folder = join(root, 'dist/app');
  const app = await AppPage.open(context, server.url);
  // Without a service worker nothing is kept: as on a first visit that an update overtakes.
  await app.tab('Save');
  await app.page.locator('save-panel [data-product="gif"]').waitFor();
  folder = second.folder;
  await app.save('gif');
  const message = await app.message('A part of Unflat could not be loaded');
  const loaded = app.page.waitForEvent('load');
  await message.getByRole('button', { name: 'Reload' }).click();
  await loaded;
  await app.ready();
});
