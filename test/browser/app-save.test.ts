/** The Save panel: what is chosen is seen before, saved with one button, and remembered. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { unzipSync } from 'fflate';
import { testBrowser } from '../helpers/browser.ts';
import { AppPage, appServer, bytesOf, eventually, mapFile, photoFile } from './app-page.ts';

const { url } = await appServer();
const browser = await testBrowser();
const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, serviceWorkers: 'block' });
const app = await AppPage.open(context, url);
after(() => context.close());
await app.openFiles(photoFile('mine.png'), mapFile('mine_depth.png'));
await app.opened('mine.png');
await app.tab('Save');

const row = (product: string) => app.page.locator(`save-panel [data-product="${product}"]`);

test('a chosen move is played in the stage, and a click there or Escape ends it', async () => {
  await app.choose('circle');
  const preview = app.page.locator('move-preview[data-shown]');
  await preview.waitFor();
  /** The canvas at this moment, as text. */
  const seen = () => preview.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const first = await seen();
  await eventually('nothing moves', async () => (await seen()) !== first);
  // Another shape of the same move, while it is played.
  await app.page.getByRole('button', { name: 'Options: Video' }).click();
  await app.page.locator('#output-video-options').getByLabel('Shape').selectOption('1:1');
  const shape = () =>
    preview.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).width / (canvas as HTMLCanvasElement).height);
  await eventually('the preview keeps its shape', async () => (await shape()) === 1);
  await preview.click();
  await preview.waitFor({ state: 'detached' });
  await row('circle').getByRole('button', { name: 'Preview: Video: circle', exact: true }).click();
  await preview.waitFor();
  await app.page.keyboard.press('Escape');
  await preview.waitFor({ state: 'detached' });
  await row('circle').getByRole('button', { name: 'Preview: Video: circle', exact: true }).press('Enter');
  await preview.waitFor();
  await app.tab('Photos');
  await preview.waitFor({ state: 'detached' });
  await app.tab('Save');
  // What is chosen next has no move: that of another file does not go on.
  await row('circle').getByRole('button', { name: 'Preview: Video: circle', exact: true }).click();
  await preview.waitFor();
  await app.page.locator('save-panel [data-product="depth"] input').check();
  await preview.waitFor({ state: 'detached' });
});

test('dark corners are seen in the preview, and it says that blur is not', async () => {
  const preview = app.page.locator('move-preview[data-shown]');
  await row('circle').locator('input').check();
  await row('circle').getByRole('button', { name: 'Preview: Video: circle', exact: true }).click();
  await preview.waitFor();
  const options = app.page.locator('#output-video-options');
  if (!(await options.isVisible())) await app.page.getByRole('button', { name: 'Options: Video' }).click();
  /** Mean level of a piece of the picture in its corner. */
  const corner = () =>
    preview.locator('canvas').evaluate((canvas) => {
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 12, 12);
      return data.reduce((sum, value, i) => (i % 4 < 3 ? sum + value : sum), 0) / (0.75 * data.length);
    });
  const before = await corner();
  await options.getByLabel('Dark corners').fill('100');
  await eventually('the corners stay', async () => (await corner()) < 0.75 * before);
  await options.getByLabel('Depth of field: blur').fill('1');
  await preview.getByText('The blur is drawn only in the saved file.').waitFor();
  await options.getByLabel('Depth of field: blur').fill('0');
  await options.getByLabel('Dark corners').fill('0');
  await preview.getByText('The blur is drawn only in the saved file.').waitFor({ state: 'detached' });
  await eventually('the corners stay dark', async () => (await corner()) > 0.75 * before);
});

test('the point of focus is touched in the photo, and the move goes by it', async () => {
  await app.page.getByRole('button', { name: /^Video: \d+ more/ }).click();
  await app.choose('push-in');
  const focus = (label: string) => app.page.locator('#output-video-options').getByLabel(label);
  await app.page.locator('#output-video-options').getByRole('button', { name: 'Choose the focus in the photo' }).click();
  const stage = app.page.locator('place-picker');
  const { width, height } = (await stage.boundingBox())!;
  await stage.click({ position: { x: width * 0.25, y: height * 0.75 } });
  await stage.waitFor({ state: 'detached' });
  await eventually('the sliders do not follow', async () => {
    const [x, y] = [Number(await focus('Focus, from the left').inputValue()), Number(await focus('Focus, from the top').inputValue())];
    return Math.abs(x - 25) <= 1 && Math.abs(y - 75) <= 1;
  });
  await app.page.locator('move-preview[data-shown]').waitFor();
  await app.page.locator('#output-video-options').getByRole('button', { name: 'Choose the focus in the photo' }).click();
  await app.page.keyboard.press('Escape');
  await stage.waitFor({ state: 'detached' });
});

test('first and last view of Ken Burns are dragged over the photo, or moved by keys', async () => {
  await app.choose('ken-burns');
  const options = app.page.locator('#output-video-options');
  const value = async (id: string) => Number(await options.locator(`#${id}`).inputValue());
  await options.getByLabel('Shape').selectOption('photo');
  await options.getByRole('button', { name: 'Drag the views in the photo' }).click();
  const last = app.page.getByRole('button', { name: /^Ken Burns: last view: middle at 50 %, 50 %, size 75 %/ });
  await last.waitFor();
  const stage = (await app.page.locator('frame-picker').boundingBox())!;
  await eventually('it does not have the shape of the photo', async () => {
    const box = (await last.boundingBox())!;
    return Math.abs(box.width / stage.width - 0.75) < 0.02 && Math.abs(box.height / stage.height - 0.75) < 0.02;
  });
  const { x, y, width, height } = (await last.boundingBox())!;
  const drag = async (fromX: number, fromY: number, byX: number, byY: number) => {
    await app.page.mouse.move(fromX, fromY);
    await app.page.mouse.down();
    await app.page.mouse.move(fromX + byX, fromY + byY, { steps: 4 });
    await app.page.mouse.up();
  };
  await drag(x + width - 8, y + height - 8, -0.15 * stage.width, -0.15 * stage.height);
  await eventually('its size stays', async () => Math.abs((await value('endSize')) - 45) <= 2);
  await drag(x + width / 2, y + height / 2, -0.1 * stage.width, 0.2 * stage.height);
  await eventually('it stays', async () => Math.abs((await value('endX')) - 40) <= 2 && Math.abs((await value('endY')) - 70) <= 2);
  const first = app.page.getByRole('button', { name: /^Ken Burns: first view/ });
  await first.focus();
  await app.page.keyboard.press('-');
  await app.page.keyboard.press('ArrowRight');
  await eventually('keys do nothing', async () => (await value('startSize')) === 99);
  await app.page.locator('frame-picker').getByRole('button', { name: 'Done' }).click();
  await app.page.locator('frame-picker').waitFor({ state: 'detached' });
  await app.page.locator('move-preview[data-shown]').waitFor();
});

test('a stereo file is shown with NEAR and FAR on it, and with what to see', async () => {
  await app.choose('anaglyph');
  const sample = app.page.locator('sample-preview');
  await sample.getByText(/NEAR must stand in front of FAR.*turn the glasses round/).waitFor();
  const size = await sample.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth);
  assert.ok(size > 0);
  await app.page.getByRole('button', { name: 'Options: Stereo' }).first().click();
  await sample.getByRole('button', { name: 'Stop preview' }).click();
  await sample.waitFor({ state: 'detached' });
});

test('size and time are told before, and are not far from what comes', async () => {
  await app.page.locator('#output-video-options').getByLabel('Length').fill('1');
  await app.page.keyboard.press('Enter');
  await app.choose('circle');
  const told = row('circle').locator('.state');
  await eventually('nothing is told', async () => /^About \d.*B, \d+ s$/.test((await told.textContent()) ?? ''));
  const [, size, unit] = /About ([\d.]+) (kB|MB)/.exec((await told.textContent())!)!;
  const [file] = await Promise.all([app.page.waitForEvent('download'), app.save('circle')]);
  const bytes = (await bytesOf(file)).length;
  const estimate = Number(size) * (unit === 'MB' ? 1e6 : 1e3);
  assert.ok(estimate < 2.5 * bytes && estimate > bytes / 2.5, `${estimate} for ${bytes}`);
});

test('several files come as one ZIP, with what is under way told in one place', async () => {
  await app.choose('wiggle', 'depth');
  await app.page.getByLabel('As one ZIP').check();
  const [file] = await Promise.all([app.page.waitForEvent('download'), app.page.getByRole('button', { name: /^Save .*wiggle/ }).click()]);
  assert.equal(file.suggestedFilename(), 'mine.zip');
  const names = Object.keys(unzipSync(await bytesOf(file)));
  assert.deepEqual(names.sort(), ['mine_depth.png', 'mine_wiggle.gif']);
  await app.page.locator('save-panel [data-actions="wiggle"]').getByRole('button', { name: /^View/ }).click();
  const picture = app.page.locator('saved-preview dialog[open] img');
  await picture.waitFor();
  assert.ok((await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)) > 0);
  await app.page.locator('saved-preview').getByRole('button', { name: 'Close' }).click();
});

test('animated WebP and PNG have all their frames and times where a browser reads them', async () => {
  await app.page.getByRole('button', { name: 'Options: Loop' }).click();
  const options = app.page.locator('#output-loop-options');
  await options.getByLabel('Frames', { exact: true }).fill('9');
  await app.page.keyboard.press('Enter');
  const sizes: number[] = [];
  for (const [product, type] of [
    ['webp', 'image/webp'],
    ['apng', 'image/png'],
  ] as const) {
    if (!(await row(product).isVisible())) await app.page.getByRole('button', { name: /^Loop: \d+ more/ }).click();
    const [file] = await Promise.all([app.page.waitForEvent('download'), app.save(product)]);
    const bytes = await bytesOf(file);
    sizes.push(bytes.length);
    const read = await app.page.evaluate(
      async ({ base64, type: kind }) => {
        const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const decoder = new ImageDecoder({ data, type: kind });
        await Promise.all([decoder.completed, decoder.tracks.ready]);
        const { frameCount, repetitionCount } = decoder.tracks.selectedTrack!;
        const ms: number[] = [];
        for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
          const { image } = await decoder.decode({ frameIndex });
          ms.push((image.duration ?? 0) / 1000);
          image.close();
        }
        return { ms, forEver: repetitionCount === Infinity };
      },
      { base64: Buffer.from(bytes).toString('base64'), type },
    );
    assert.deepEqual(read, { ms: Array(9).fill(50), forEver: true }, product);
  }
  assert.ok(sizes[0]! < sizes[1]! / 2, sizes.join(' bytes of WebP, of PNG '));
});

test('all that is under way is cancelled at once', async () => {
  await app.page.locator('#output-video-options').getByLabel('Length').fill('30');
  await app.page.keyboard.press('Enter');
  await app.save('zoom-in', 'circle', 'swing');
  await app.page.getByText(/^File 1 of 3/).waitFor();
  await app.page.getByRole('button', { name: 'Cancel all' }).click();
  for (const product of ['zoom-in', 'circle', 'swing'])
    await app.page.locator(`save-panel [data-product="${product}"][data-state="idle"]`).waitFor();
  await app.page.locator('save-panel .all').waitFor({ state: 'detached' });
});

test('what was chosen is chosen on the next visit', async () => {
  await app.choose('gif', 'ply');
  await app.page.reload();
  await app.ready();
  await app.tab('Save');
  await eventually(
    'something else is chosen',
    async () => (await row('gif').locator('input').isChecked()) && (await row('ply').locator('input').isChecked()),
  );
  assert.equal(await app.page.locator('save-panel [data-product] input:checked').count(), 2);
  app.assertQuiet();
});
