import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { testBrowser } from '../helpers/browser.ts';
import { AppPage, appServer, eventually, mapFile, photoFile } from './app-page.ts';

const { url } = await appServer();
const browser = await testBrowser();

async function opened(t: TestContext): Promise<AppPage> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  return AppPage.open(context, url);
}

/** What the photo shows in its middle: red, green and blue. */
const middle = (app: AppPage): Promise<number[]> =>
  app.photo.evaluate((photo) => {
    const { layers } = (photo as unknown as { scene: { layers: { width: number; height: number; rgba: Uint8ClampedArray }[] } }).scene;
    const { width, height, rgba } = layers[0]!;
    const at = 4 * ((height >> 1) * width + (width >> 1));
    return [...rgba.subarray(at, at + 3)];
  });

test('two photos of one name and one size are two in the list, and each opens as itself', async (t) => {
  const app = await opened(t);
  const red = photoFile('IMG_0001.png', [210, 40, 40]);
  const green = photoFile('IMG_0001.png', [40, 210, 40]);
  assert.equal(red.buffer.length, green.buffer.length);
  const map = mapFile('IMG_0001_depth.png');
  const tiles = app.page.getByRole('button', { name: 'IMG_0001.png', exact: true });
  for (const [index, photo] of [red, green].entries()) {
    await app.transfer('drop', photo, map);
    await eventually('it is not in the list', async () => (await tiles.count()) === index + 1);
    await app.opened('IMG_0001.png');
    await eventually('it is not opened', async () => ((await middle(app))[index] ?? 0) > 150);
    await app.finished();
  }
  // The same photo once more, under another name, is the same photo.
  await app.transfer('drop', { ...red, name: 'copy.png' }, { ...map, name: 'copy_depth.png' });
  await app.page.getByRole('button', { name: 'copy.png', exact: true }).waitFor();
  assert.equal(await tiles.count(), 1);
  await app.finished();
  await app.page.reload();
  await app.ready();
  await tiles.click();
  await app.opened('IMG_0001.png');
  await eventually('the list opens another photo', async () => ((await middle(app))[1] ?? 0) > 150);
  await app.finished();
  // What was made of a photo goes with it, and of no other.
  const results = () =>
    app.page.evaluate(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const opening = indexedDB.open('unflat-results');
          opening.onerror = () => reject(opening.error!);
          opening.onsuccess = () => {
            const all = opening.result.transaction('records').objectStore('records').getAll();
            all.onsuccess = () => resolve((all.result as { meta?: { name: string } }[]).flatMap(({ meta }) => (meta ? [meta.name] : [])));
          };
        }),
    );
  await eventually('results are missing', async () => (await results()).filter((name) => name === 'IMG_0001').length === 2);
  await app.page.getByRole('button', { name: 'Remove IMG_0001.png' }).click();
  await (await app.message('“IMG_0001.png” was removed')).getByRole('button', { name: 'Dismiss' }).click();
  await eventually('the wrong results went', async () => (await results()).filter((name) => name === 'IMG_0001').length === 1);
  await app.page.getByRole('button', { name: 'copy.png', exact: true }).click();
  await app.opened('copy.png');
  await eventually('another photo is open', async () => ((await middle(app))[0] ?? 0) > 150);
  await app.page.getByText('About this photo').click();
  await app.page.getByText('Total (from an earlier conversion)').waitFor();
});

test('a list that was kept by names and sizes is taken over', async (t) => {
  const app = await opened(t);
  const files = [photoFile('old.png'), mapFile('old_depth.png')];
  await app.transfer('drop', ...files);
  const tile = app.page.getByRole('button', { name: 'old.png', exact: true });
  await tile.waitFor();
  await app.page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('unflat-recent');
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('photos', 'readwrite');
          const store = transaction.objectStore('photos');
          const all = store.getAll();
          all.onsuccess = () => {
            store.clear();
            store.put({ ...(all.result[0] as object), id: 'old.png:1|old_depth.png:2' }, 'old.png:1|old_depth.png:2');
          };
          transaction.oncomplete = () => resolve(opening.result.close());
        };
      }),
  );
  await app.page.reload();
  await app.ready();
  await tile.click();
  await app.opened('old.png');
  await app.transfer('drop', ...files);
  await app.page.waitForTimeout(1000);
  assert.equal(await tile.count(), 1);
});

test('a photo that was left before it was made is in the list, in all tabs, and one that cannot be read is not', async (t) => {
  const app = await opened(t);
  const other = await AppPage.open(app.page.context(), url);
  const tile = (page: AppPage, name: string) => page.page.getByRole('button', { name, exact: true });
  // Its worker never hears of it: however fast the machine, it is still being made.
  await app.page.evaluate('Worker.prototype.postMessage = () => {}');
  await app.transfer('drop', photoFile('left.png', [90, 90, 20]), mapFile('left_depth.png'));
  await tile(app, 'left.png').waitFor();
  await tile(other, 'left.png').waitFor();
  await app.page.close();
  await other.page.reload();
  await other.ready();
  await tile(other, 'left.png').waitFor();
  const again = await AppPage.open(other.page.context(), url);
  await other.transfer('drop', photoFile('cut.png'), { ...mapFile('cut_depth.png'), buffer: mapFile('x').buffer.subarray(0, 60) });
  await other.message(/cut_depth\.png/);
  await tile(other, 'cut.png').waitFor({ state: 'detached' });
  // What is removed in one tab goes in the other, and comes back with Undo.
  await tile(again, 'left.png').waitFor();
  await other.page.getByRole('button', { name: 'Remove left.png' }).click();
  await tile(again, 'left.png').waitFor({ state: 'detached' });
  await (await other.message('“left.png” was removed')).getByRole('button', { name: 'Undo' }).click();
  await tile(again, 'left.png').waitFor();
});

test('the size beside the list counts the result as soon as it is kept', async (t) => {
  const app = await opened(t);
  const size = app.page.locator('photos-panel .head .figures');
  const files = [photoFile('sized.png'), mapFile('sized_depth.png')] as const;
  const filesKb = files.reduce((sum, { buffer }) => sum + buffer.length, 0) / 1000;
  await app.transfer('drop', ...files);
  await app.opened('sized.png');
  await app.page.getByRole('button', { name: 'sized.png', exact: true }).waitFor();
  const reloaded = async (): Promise<string> => {
    const next = await AppPage.open(app.page.context(), url);
    await next.page.getByRole('button', { name: 'sized.png', exact: true }).waitFor();
    await eventually('nothing was counted', async () => Boolean(await next.page.locator('photos-panel .head .figures').textContent()));
    const words = (await next.page.locator('photos-panel .head .figures').textContent()) ?? '';
    await next.page.close();
    return words;
  };
  await eventually('no result is counted', async () => parseFloat((await size.textContent()) ?? '') > filesKb + 15);
  assert.equal(await size.textContent(), await reloaded());
});

test('where the browser’s storage is full it is said once, with what to do, and photos open all the same', async (t) => {
  const app = await opened(t);
  // As text: what compiles this file gives functions names by a helper that the page has not.
  await app.page.evaluate(`IDBObjectStore.prototype.put = () => { throw new DOMException('No room.', 'QuotaExceededError'); }`);
  for (const name of ['full.png', 'fuller.png']) {
    await app.transfer('drop', photoFile(name), mapFile(`${name.slice(0, -4)}_depth.png`));
    await app.opened(name);
    if (name === 'full.png') {
      const told = await app.message('The browser’s storage is full: photos and results are not kept');
      assert.match((await told.textContent()) ?? '', /Remove photos or models/);
      await told.getByRole('button', { name: 'Dismiss' }).click();
    }
  }
  await app.page.waitForTimeout(1500);
  assert.equal(await app.page.locator('app-messages .message', { hasText: 'storage is full' }).count(), 0, 'it is said once more');
});

test('a private window whose database takes everything but Blobs keeps photos for its time, and says nothing of storage', async (t) => {
  const app = await opened(t);
  const page = app.page;
  await page.context().addInitScript(`{
    const { put } = IDBObjectStore.prototype;
    const holdsBlob = (value) => value instanceof Blob || (value?.constructor === Object && Object.values(value).some(holdsBlob));
    IDBObjectStore.prototype.put = function (value, key) {
      if (holdsBlob(value)) throw new DOMException('Blobs cannot be stored here.', 'DataCloneError');
      return put.call(this, value, key);
    };
  }`);
  await page.reload();
  await app.ready();
  await app.transfer('drop', photoFile('mine.png', [40, 210, 40]), mapFile('mine_depth.png'));
  await app.opened('mine.png');
  await page.locator('.figures', { hasText: 'kB' }).first().waitFor();
  await page.reload();
  await app.opened('mine.png');
  assert.ok((await middle(app))[1]! > 150, 'another photo is open');
  await page.getByRole('button', { name: 'mine.png', exact: true }).waitFor();
  assert.equal(
    await page.locator('photos-panel img').evaluateAll((images) => images.every((image) => (image as HTMLImageElement).naturalWidth > 0)),
    true,
    'a thumbnail is lost',
  );
  assert.equal(await page.locator('app-messages .message', { hasText: 'storage' }).count(), 0);
  app.assertQuiet();
});
