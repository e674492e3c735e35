import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import type { UnflatPhoto } from '../../src/element/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { testServer } from '../helpers/server.ts';
import { inpaintLike } from '../fixtures/depth-models.ts';
import { AppPage, eventually, mapFile, photoFile } from './app-page.ts';
import { modelFile } from './model-host.ts';

const { url } = await testServer();
const context = await (await testBrowser()).newContext({ viewport: { width: 1000, height: 800 }, reducedMotion: 'reduce' });
const app = await AppPage.open(context, url);
const panel = app.page.locator('inpaint-panel');
const below = app.page.locator('app-stage .frame > unflat-photo');
const compare = app.page.locator('inpaint-compare');
const other = compare.locator('unflat-photo');

/** Waits until the panel says that this painted. */
const paintedBy = (words: string | RegExp): Promise<void> => panel.locator('.source > summary', { hasText: words }).waitFor();

const lookOf = (photo: Locator): Promise<{ x: number; y: number; z: number }> => photo.evaluate((element) => (element as UnflatPhoto).look);

/** How many pixels of what is hidden have the colour that the tests' model inpaints. */
const green = (photo: Locator): Promise<number> =>
  photo.evaluate((element) => {
    let count = 0;
    for (const { rgba } of (element as UnflatPhoto).scene!.layers) {
      for (let i = 0; i < rgba.length; i += 4)
        if (Math.abs(rgba[i]! - 10) + Math.abs(rgba[i + 1]! - 200) + Math.abs(rgba[i + 2]! - 30) < 6) count++;
    }
    return count;
  });

/** Names of the stages that ran for what is open. */
async function stages(): Promise<string[]> {
  return (await app.page.locator('photo-details .times dt').allTextContents()).filter((name) => !name.startsWith('Total'));
}

test('the panel says what inpainted the hidden parts and how long it took; models wait to be fetched', async () => {
  await app.openFiles(photoFile('mine.png'), mapFile('mine_depth.png'));
  await app.opened('mine.png');
  await app.tab('Fill');
  await paintedBy(/Classic \(no model\)\s*on the processor · [\d.]+\sm?s/i);
  assert.ok((await stages()).includes('Extending the background'));
  await panel.locator('.source > summary').click();
  const sources = panel.locator('inpaint-sources');
  assert.equal(await sources.getByRole('radio', { name: 'Classic (no model)' }).isChecked(), true);
  await sources
    .locator('[data-model="migan"]')
    .getByRole('button', { name: /^Download MI-GAN, 28 MB from huggingface\.co/ })
    .waitFor();
  await panel.getByText('Once a model is downloaded').waitFor();
});

test('a model of one’s own inpaints the open photo anew, without depth or layers being made again, and the camera stays', async () => {
  await below.evaluate((photo) => (photo as UnflatPhoto).setLook(0.5, 0.2, 0, true));
  const before = await below.evaluate((photo) => (photo as UnflatPhoto).scene!.depth.disparity.reduce((sum, d) => sum + d, 0));
  assert.equal(await green(below), 0);
  await app.transfer('drop', modelFile('green.onnx', inpaintLike()));
  const card = app.page.locator('own-model-card');
  await card.getByText('fills in hidden parts').waitFor();
  const mask = card.getByLabel('White in the mask');
  if (await mask.count()) await mask.selectOption('keep');
  await card.getByRole('button', { name: 'Add and use' }).click();
  await paintedBy(/green\s*on the processor.* · \d+\sruns?\s·\s[\d.]+\sm?s/i);
  assert.ok((await green(below)) > 200, 'the hidden parts are what the model inpaints');
  assert.deepEqual(await stages(), ['Filling in the background']);
  const { x, y } = await lookOf(below);
  assert.ok(Math.abs(x - 0.5) + Math.abs(y - 0.2) < 0.01, `the camera stays: ${x}, ${y}`);
  assert.equal(await below.evaluate((photo) => (photo as UnflatPhoto).scene!.depth.disparity.reduce((sum, d) => sum + d, 0)), before);
});

test('two paintings lie side by side under one camera, held to one side and moved by hand', async () => {
  await panel.getByRole('button', { name: 'With Classic (no model)' }).click();
  await compare.locator('unflat-photo[data-ready]').waitFor();
  const edge = compare.getByRole('slider', { name: /^Edge between green and Classic/i });
  assert.equal(await edge.getAttribute('aria-valuetext').then((text) => /50 %.*50 %/.test(text ?? '')), true);
  assert.ok((await green(below)) > 200 && (await green(other)) === 0, 'each shows its own');
  const together = async (side: number): Promise<boolean> => {
    const [a, b] = [await lookOf(below), await lookOf(other)];
    return Math.abs(a.x - side) < 0.01 && Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) < 1e-6;
  };
  await eventually('the camera is not held to the right', () => together(0.8), 20_000);
  await compare.getByRole('button', { name: 'Look from the left' }).click();
  await eventually('the camera is not held to the left', () => together(-0.8), 20_000);
  // By hand, and further than the eyebox is straight.
  const box = (await below.boundingBox())!;
  await app.page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.8);
  await app.page.mouse.down();
  await app.page.mouse.move(box.x + box.width * 0.05, box.y + box.height * 0.7, { steps: 5 });
  await app.page.mouse.up();
  await eventually(
    'they do not move together',
    async () => {
      const [a, b] = [await lookOf(below), await lookOf(other)];
      return Math.abs(a.x + 0.8) > 0.05 && Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) < 1e-6;
    },
    20_000,
  );
  await edge.focus();
  await app.page.keyboard.press('Shift+ArrowRight');
  assert.equal(await edge.getAttribute('aria-valuenow'), '60');
  assert.match(await other.evaluate((photo) => getComputedStyle(photo).clipPath), /60%/);
});

test('the better one is taken without painting again, and the comparison is put away', async () => {
  await panel.getByRole('button', { name: 'Use Classic (no model)' }).click();
  await paintedBy('Classic (no model)');
  assert.equal(await green(below), 0);
  assert.ok((await green(other)) > 200);
  await app.page.getByRole('button', { name: 'Stop comparing' }).first().click();
  await compare.waitFor({ state: 'detached' });
  assert.equal(await below.count(), 1);
});

test('a photo opened before is inpainted again on the layers that are kept with it', async () => {
  await app.openFiles(photoFile('kept.png', [60, 60, 200]), mapFile('kept_depth.png'));
  await app.opened('kept.png');
  await paintedBy('Classic (no model)');
  await eventually('it was not kept', async () => (await resultsNamed('kept')) > 0);
  await app.page.reload();
  await app.ready();
  await app.page.getByRole('button', { name: 'kept.png', exact: true }).click();
  await app.opened('kept.png');
  await app.page.getByText('About this photo').click();
  await app.page.getByText('Total (from an earlier conversion)').waitFor();
  assert.ok(await app.page.locator('photo-details dd', { hasText: 'kept_depth.png' }).isVisible(), 'its depth goes by the map’s name');
  await app.tab('Fill');
  await panel.locator('.source > summary').click();
  await panel
    .locator('inpaint-sources')
    .getByRole('radio', { name: /^green/i })
    .check();
  await paintedBy(/green/i);
  await eventually('the model never inpainted', async () => (await green(below)) > 200, 20_000);
  assert.deepEqual(await stages(), ['Reading the photo', 'Filling in the background']);
});

/** How many results of photos of that name lie in the browser's store. */
const resultsNamed = (wanted: string): Promise<number> =>
  app.page.evaluate(
    (name) =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('unflat-results');
        opening.onsuccess = () => {
          const reading = opening.result.transaction('records').objectStore('records').getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(reading.result.filter((record: { meta?: { name?: string } }) => record.meta?.name === name).length);
          };
        };
      }),
    wanted,
  );

test('the last choice wins, a cancelled one changes nothing, and a new photo gets the inpainter that was chosen last', async () => {
  const sources = panel.locator('inpaint-sources');
  await sources.getByRole('radio', { name: /^green/i }).check();
  await sources.getByRole('radio', { name: 'Classic (no model)' }).check();
  await sources.getByRole('radio', { name: /^green/i }).check();
  await paintedBy(/green/i);
  assert.ok((await green(below)) > 200);
  const painters = await panel.evaluateHandle((element) => {
    const names: string[] = [];
    new MutationObserver(() => {
      const name = element.shadowRoot!.querySelector('.source .name')?.textContent ?? '';
      if (name !== names.at(-1)) names.push(name);
    }).observe(element.shadowRoot!, { subtree: true, childList: true, characterData: true });
    return names;
  });
  await app.openFiles(photoFile('next.png', [30, 160, 160]), mapFile('next_depth.png'));
  await app.opened('next.png');
  await paintedBy(/green/i);
  await eventually('the model never inpainted', async () => (await green(below)) > 200, 20_000);
  assert.deepEqual(
    (await painters.jsonValue()).slice(-2),
    ['Classic (no model)', 'green'],
    'a new photo is there before the model is done',
  );
  // Its model is removed: the photo opens all the same, and says so.
  await sources.getByText('Models on this device').click();
  await sources.getByRole('button', { name: /^Remove green/i }).click();
  await sources.getByRole('button', { name: 'Remove', exact: true }).click();
  await app.tab('Photos');
  await app.page
    .getByRole('button', { name: 'Clear all' })
    .click()
    .catch(() => undefined);
  await app.openFiles(photoFile('last.png', [160, 60, 160]), mapFile('last_depth.png'));
  await app.opened('last.png');
  await app.tab('Fill');
  await paintedBy('Classic (no model)');
  app.assertQuiet();
});
