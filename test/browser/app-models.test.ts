import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BrowserContext, Locator } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import { testBrowser } from '../helpers/browser.ts';
import { depthAnything3Like, midasLike, nanModel, rawRangeLike } from '../fixtures/depth-models.ts';
import { AppPage, appServer, eventually, mapFile, photoFile, sampleFile, type TestFile } from './app-page.ts';
import { ModelHost, modelFile, withoutBuiltIn } from './model-host.ts';

const SWIN = 'dpt-swin2-tiny';
const LEVIT = 'dpt-levit';
const REAL = join(root, '../shared/models/tcmonodepth_tcsmallnet_192x320.onnx');

const { url } = await appServer();
const browser = await testBrowser();

/** A visit of its own: nothing is kept from another. The models' addresses are answered by `host`; the built-in model is missing. */
async function visit(t: { after(task: () => Promise<void>): void }): Promise<{ app: AppPage; host: ModelHost; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  await withoutBuiltIn(context);
  const host = await ModelHost.of(context);
  host.serve('dpt_swin2_tiny_256.onnx', midasLike().files[0]!.bytes);
  host.serve('dpt_levit_224.onnx', midasLike({ width: 224, height: 224 }).files[0]!.bytes);
  return { app: await AppPage.open(context, url), host, context };
}

const card = (app: AppPage): Locator => app.page.locator('depth-card');
const row = (within: Locator, id: string): Locator => within.locator(`[data-model="${id}"]`);

/** The card, with every model in view. */
async function openCard(app: AppPage, photo: TestFile): Promise<Locator> {
  await app.openFiles(photo);
  await card(app).getByRole('heading', { name: 'This photo has no depth' }).waitFor();
  await card(app).getByText('More models').click();
  return card(app);
}

async function openSources(app: AppPage): Promise<Locator> {
  await app.tab('Depth');
  const sources = app.page.locator('depth-sources');
  const shown = await app.page.locator('depth-panel details.source').evaluate((details) => (details as HTMLDetailsElement).open);
  if (!shown) await app.page.locator('depth-panel .source > summary').click();
  await sources.waitFor();
  return sources;
}

async function unfold(sources: Locator, words: string): Promise<void> {
  const summary = sources.locator('summary', { hasText: words });
  if (!(await summary.evaluate((element) => (element.parentElement as HTMLDetailsElement).open))) await summary.click();
}

/** Waits until the Depth panel says that this ran. */
async function ranBy(app: AppPage, words: string | RegExp): Promise<void> {
  await app.page.locator('depth-panel .source > summary', { hasText: words }).waitFor();
}

/** Depth of the middle and of the left edge of what is shown, 0..1. */
async function depths(app: AppPage): Promise<{ middle: number; side: number }> {
  return app.photo.evaluate((photo) => {
    const { width, height, disparity } = (
      photo as unknown as { scene: { depth: { width: number; height: number; disparity: Float32Array } } }
    ).scene.depth;
    const row = Math.floor(height / 2) * width;
    return { middle: disparity[row + Math.floor(width * 0.5)] ?? -1, side: disparity[row + Math.floor(width * 0.1)] ?? -1 };
  });
}

test('a photo without depth: the card says what is missing, a model is fetched by a tap, and the photo is 3D', async (t) => {
  const { app, host } = await visit(t);
  const shown = await openCard(app, photoFile('fresh.png'));
  assert.deepEqual(host.asked, [], 'nothing is fetched before somebody asks for it');
  const names = await shown.locator('ul.models').first().locator('.name').allInnerTexts();
  assert.match(names.join('\n'), /TCMonoDepth small[\s\S]*MiDaS v2\.1 small[\s\S]*Depth Anything V2 small/);
  await row(shown, 'tcmonodepth-small')
    .getByRole('button', { name: 'Download TCMonoDepth small, 790 kB from raw.githubusercontent.com' })
    .waitFor();
  await row(shown, SWIN).getByText('MIT · from huggingface.co').waitFor();
  await row(shown, SWIN).getByRole('button', { name: 'Download MiDaS 3.1 SwinV2-tiny, about 165 MB' }).click();
  await app.opened('fresh.png');
  const { middle, side } = await depths(app);
  assert.ok(middle > side + 0.3, `the square is near: ${middle} against ${side}`);
  await app.tab('Depth');
  await ranBy(app, /MiDaS 3\.1 SwinV2-tiny\s*on the processor.* · [\d.]+\sm?s/i);
  await app.finished();
  // The next photo needs no card.
  await app.openFiles(photoFile('next.png', [220, 200, 40]));
  await app.opened('next.png');
  assert.equal(host.asked.length, 1);
  // What was opened before opens at once, with the model's result.
  await app.tab('Photos');
  await app.page.getByRole('button', { name: 'fresh.png', exact: true }).click();
  await app.opened('fresh.png');
  await app.page.getByText('About this photo').click();
  await app.page.getByText('Total (from an earlier conversion)').waitFor();
  app.assertQuiet();
});

test('a failed download says why in its place, and trying again helps', async (t) => {
  const { app, host } = await visit(t);
  host.answer('dpt_levit_224.onnx', { status: 200, contentType: 'text/html', body: '<!doctype html><title>Sign in</title>' });
  const shown = await openCard(app, photoFile('failed.png'));
  await row(shown, LEVIT)
    .getByRole('button', { name: /^Download/ })
    .click();
  const problem = row(shown, LEVIT).getByRole('alert');
  await problem.waitFor();
  assert.match(await problem.innerText(), /\w{3,}/);
  const name = (await row(shown, LEVIT).locator('.name').boundingBox())!;
  const again = (await row(shown, LEVIT)
    .getByRole('button', { name: /^Try again/ })
    .boundingBox())!;
  assert.ok(again.y >= name.y + name.height, 'the button takes the room of the name');
  host.serve('dpt_levit_224.onnx', midasLike({ width: 224, height: 224 }).files[0]!.bytes);
  await row(shown, LEVIT)
    .getByRole('button', { name: /^Try again/ })
    .click();
  await app.opened('failed.png');
});

test('a download is stopped, and nothing comes of it', async (t) => {
  const { app, host } = await visit(t);
  const release = host.hold('dpt_levit_224.onnx');
  const shown = await openCard(app, photoFile('stopped.png'));
  await row(shown, LEVIT)
    .getByRole('button', { name: /^Download/ })
    .click();
  await row(shown, LEVIT).getByRole('progressbar').waitFor();
  await row(shown, LEVIT).getByRole('button', { name: 'Stop downloading MiDaS 3.1 LeViT' }).click();
  await row(shown, LEVIT)
    .getByRole('button', { name: /^(Download|Resume)/ })
    .waitFor();
  release();
  await app.page.waitForTimeout(1000);
  assert.equal(await row(shown, LEVIT).getAttribute('data-state'), 'absent');
  assert.notEqual(await app.openTitle(), 'stopped.png');
  // Own maps work all the time.
  const chooser = app.page.waitForEvent('filechooser');
  await shown.getByRole('button', { name: 'Add depth map' }).click();
  await (await chooser).setFiles([mapFile('own.png')]);
  await app.opened('stopped.png');
});

test('another model keeps the old picture until the new one is there; the choice holds for the next photo', async (t) => {
  const { app } = await visit(t);
  await row(await openCard(app, photoFile('two.png')), SWIN)
    .getByRole('button', { name: /^Download/ })
    .click();
  await app.opened('two.png');
  const sources = await openSources(app);
  await app.photo.evaluate((photo) => {
    const seen = ((globalThis as { scenes?: unknown[] }).scenes = [] as unknown[]);
    setInterval(() => {
      const { scene } = photo as unknown as { scene: unknown };
      if (seen.at(-1) !== scene) seen.push(scene);
    }, 5);
  });
  await unfold(sources, 'More models');
  await row(sources, LEVIT)
    .getByRole('button', { name: /^Download/ })
    .click();
  await ranBy(app, 'MiDaS 3.1 LeViT');
  const scenes = await app.page.evaluate(() => (globalThis as { scenes?: unknown[] }).scenes!.map((scene) => scene !== null));
  assert.deepEqual(scenes, [true, true], 'the first picture, then the second, and nothing between');
  assert.equal(await row(sources, LEVIT).getByRole('radio').isChecked(), true);
  await app.openFiles(photoFile('three.png', [200, 220, 60]));
  await app.opened('three.png');
  await ranBy(app, 'MiDaS 3.1 LeViT');
  await row(sources, SWIN).getByRole('radio').click();
  await ranBy(app, 'SwinV2');
});

test('an own model is dropped anywhere, asked about, used, and near and far are swapped', async (t) => {
  const { app } = await visit(t);
  await app.transfer('drop', { name: 'notes.onnx', mimeType: '', buffer: Buffer.from('no model at all') });
  const form = app.page.locator('own-model-card');
  assert.match(await form.getByRole('alert').innerText(), /notes\.onnx/);
  await app.transfer('drop', modelFile('my net.onnx', rawRangeLike()));
  await form.getByLabel('Name').fill('My net');
  const values = form.getByLabel('Input colours');
  if (await values.count()) await values.selectOption('0..255');
  await form.getByRole('button', { name: 'Add and use' }).click();
  await form.waitFor({ state: 'detached' });
  await app.tab('Depth');
  await ranBy(app, /My net\s*on the processor/i);
  await app.openFiles(photoFile('by my net.png'));
  await app.opened('by my net.png');
  const before = await depths(app);
  assert.ok(before.middle > before.side);
  await app.page.getByRole('switch', { name: /swap near and far/i }).click();
  await eventually('near and far are not swapped', async () => {
    const { middle, side } = await depths(app);
    return middle < side;
  });
  app.assertQuiet();
});

test('a folder brings a model whose data lies beside it; without its data it says what is missing', async (t) => {
  const { app } = await visit(t);
  const folder = mkdtempSync(join(tmpdir(), 'unflat-model-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { files } = depthAnything3Like({ px: 28 });
  for (const { path, bytes } of files) writeFileSync(join(folder, path), bytes);
  const sources = await openSources(app);
  let chooser = app.page.waitForEvent('filechooser');
  await sources.getByRole('button', { name: 'Model file' }).click();
  await (await chooser).setFiles([join(folder, files[0]!.path)]);
  const form = app.page.locator('own-model-card');
  assert.match(await form.getByRole('alert').innerText(), /model\.onnx_data/);
  chooser = app.page.waitForEvent('filechooser');
  await form.getByRole('button', { name: 'Folder' }).click();
  await (await chooser).setFiles(folder);
  await form.getByLabel('Name').fill('From a folder');
  await form.getByRole('button', { name: 'Add and use' }).click();
  await ranBy(app, 'From a folder');
});

test(
  'the quick model of the catalogue, its real file: two taps from a photo to 3D',
  { skip: !existsSync(REAL) && 'the model’s file is not at hand' },
  async (t) => {
    const { app, host } = await visit(t);
    host.serve('tcmonodepth_tcsmallnet_192x320.onnx', readFileSync(REAL));
    await app.openFiles(sampleFile('room/photo.jpg', 'my room.jpg'));
    await row(card(app), 'tcmonodepth-small').getByRole('button').click();
    await app.opened('my room.jpg');
    await app.tab('Depth');
    await ranBy(app, 'TCMonoDepth small');
    const rows = await app.photo.evaluate((photo) => {
      const { width, height, disparity } = (
        photo as unknown as { scene: { depth: { width: number; height: number; disparity: Float32Array } } }
      ).scene.depth;
      return [0.25, 0.95].map(
        (at) =>
          disparity.subarray(Math.floor(height * at) * width, Math.floor(height * at + 1) * width).reduce((sum, value) => sum + value, 0) /
          width,
      );
    });
    assert.ok(rows[1]! > rows[0]! + 0.2, `the floor before us is nearer than the wall: ${rows.join()}`);
  },
);

test('a model that gives nonsense is named, and the last picture stays', async (t) => {
  const { app } = await visit(t);
  await app.transfer('drop', modelFile('nonsense.onnx', nanModel()));
  await app.page.locator('own-model-card').getByRole('button', { name: 'Add and use' }).click();
  await app.message(/nonsense/i);
  assert.equal(await app.openTitle(), 'Still life');
  await app.tab('Depth');
  await openSources(app);
  assert.equal(await app.page.locator('[data-from="map"]').getByRole('radio').isChecked(), true, 'what is shown is still what is chosen');
});

test('a model is removed, and photos without depth ask again', async (t) => {
  const { app } = await visit(t);
  await row(await openCard(app, photoFile('gone.png')), SWIN)
    .getByRole('button', { name: /^Download/ })
    .click();
  await app.opened('gone.png');
  const sources = await openSources(app);
  await unfold(sources, 'Models on this device');
  const kept = sources.locator(`[data-stored="${SWIN}"]`);
  await kept.getByText(/used today/).waitFor();
  await kept.getByRole('button', { name: /^Remove MiDaS/ }).click();
  await kept.getByRole('button', { name: 'Remove', exact: true }).click();
  await kept.waitFor({ state: 'detached' });
  await app.openFiles(photoFile('asks.png', [10, 200, 200]));
  await card(app).getByRole('heading', { name: 'This photo has no depth' }).waitFor();
  assert.equal(await row(card(app), SWIN).getAttribute('data-state'), 'absent');
});

test('offline and without the built-in model the card says so and offers what works', async (t) => {
  const { app, context } = await visit(t);
  // The models' worker has to be there, as a service worker would have kept it.
  await app.openFiles(photoFile('before.png', [90, 90, 200]));
  await card(app).waitFor();
  await context.setOffline(true);
  await app.transfer('drop', photoFile('offline.png'));
  await card(app).getByText('offline.png').waitFor();
  await card(app).getByText('This device is offline').waitFor();
  assert.equal(await row(card(app), 'tcmonodepth-small').getByRole('button').isDisabled(), true);
  const chooser = app.page.waitForEvent('filechooser');
  await card(app).getByRole('button', { name: 'Add depth map' }).click();
  await (await chooser).setFiles([mapFile('carried here.png')]);
  await app.opened('offline.png');
  await context.setOffline(false);
  await app.openFiles(photoFile('online.png'));
  await row(card(app), 'tcmonodepth-small')
    .getByRole('button', { name: /^Download/, disabled: false })
    .waitFor();
});

test('a photo alone opens at once with the built-in depth, which is named, and better models are a tap away', async (t) => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  const host = await ModelHost.of(context);
  host.serve('dpt_swin2_tiny_256.onnx', midasLike().files[0]!.bytes);
  const app = await AppPage.open(context, url);
  await app.openFiles(photoFile('alone.png'));
  await app.opened('alone.png');
  assert.equal(await card(app).count(), 0);
  const told = await app.message('Using the built-in depth model');
  // On a phone held sideways it leaves the picture alone.
  await app.page.setViewportSize({ width: 844, height: 390 });
  const [notice, picture] = [(await told.boundingBox())!, (await app.photo.boundingBox())!];
  assert.ok(notice.x >= picture.x + picture.width, 'the notice lies on the picture');
  await app.page.setViewportSize({ width: 1000, height: 800 });
  await told.getByRole('button', { name: 'Get a better model' }).click();
  // The panel says the same.
  await told.waitFor({ state: 'detached' });
  await ranBy(app, /Built-in depth model\s*on the processor/i);
  const sources = app.page.locator('depth-sources');
  assert.equal(await sources.getByRole('radio', { name: /^Built-in depth model/ }).isChecked(), true);
  await unfold(sources, 'More models');
  await row(sources, SWIN)
    .getByRole('button', { name: /^Download/ })
    .click();
  await ranBy(app, 'SwinV2');
  // The better one is taken from now on, and the built-in one is neither kept nor to be removed.
  await app.openFiles(photoFile('second.png', [30, 200, 90]));
  await app.opened('second.png');
  await ranBy(app, 'SwinV2');
  await unfold(sources, 'Models on this device');
  assert.equal(await sources.locator('[data-stored]').count(), 1);
  // A map that comes later belongs to a photo whose depth was only basic.
  await sources.getByRole('radio', { name: /^Built-in depth model/ }).click();
  await ranBy(app, 'Built-in depth model');
  await app.openFiles(mapFile('second_depth.png'));
  await ranBy(app, 'second_depth.png');
  assert.equal(await app.openTitle(), 'second.png');
  app.assertQuiet();
});
