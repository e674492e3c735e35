import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBrowser } from '../helpers/browser.ts';
import { AppPage, appServer, eventually, mapFile, photoFile } from './app-page.ts';

const { url } = await appServer();
const context = await (await testBrowser()).newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' });
const app = await AppPage.open(context, url);
const flat = app.page.locator('img.flat[data-shown]');
const frame = app.page.locator('app-stage .frame');
const tile = (name: string) => app.page.getByRole('button', { name, exact: true });

const aspect = async (): Promise<number> => {
  const box = (await frame.boundingBox())!;
  return box.width / box.height;
};

test('a photo is shown flat at once, under its own title, and what was open comes back when it is cancelled', async () => {
  await app.transfer('drop', photoFile('tall.png', [90, 90, 20], 1200, 2000), mapFile('tall_depth.png', 20, 1200, 2000));
  await flat.waitFor();
  assert.equal(await app.openTitle(), 'tall.png');
  assert.equal(await app.photo.getAttribute('alt'), '3D photo: Still life', 'nothing was made yet');
  await eventually('the picture has not the photo’s shape', async () => Math.abs((await aspect()) - 0.6) < 0.02);
  await app.cancel();
  await flat.waitFor({ state: 'detached' });
  assert.equal(await app.openTitle(), 'Still life');
  await eventually('the picture keeps the shape of what was cancelled', async () => Math.abs((await aspect()) - 4 / 3) < 0.02);
});

test('it stays until the 3D photo is on the screen', async () => {
  const states = app.photo.evaluate(
    (photo) =>
      new Promise<boolean[]>((resolve) => {
        const seen: boolean[] = [];
        const root = photo.getRootNode() as ShadowRoot;
        new MutationObserver(() => {
          if (photo.getAttribute('alt') === '3D photo: mine.png' && !seen.length)
            seen.push(root.querySelector('img.flat[data-shown]') !== null);
        }).observe(photo, { attributes: true });
        photo.addEventListener('load', () => resolve([...seen, root.querySelector('img.flat[data-shown]') !== null]), { once: true });
      }),
  );
  await app.transfer('drop', photoFile('mine.png'), mapFile('mine_depth.png'));
  assert.deepEqual(await states, [true, true], 'when it is made, and when it is drawn');
  await flat.waitFor({ state: 'detached' });
  assert.equal(await app.openTitle(), 'mine.png');
  await eventually('it is not in the list', async () => (await tile('mine.png').count()) === 1);
  assert.doesNotMatch((await app.page.locator('photos-panel .head').textContent()) ?? '', /\b0 bytes/);
});

test('a cancelled change takes its control and the preview back', async () => {
  await app.tab('Depth');
  const slider = app.page.getByRole('slider', { name: 'Smoothing' });
  await slider.waitFor();
  await eventually('there is no preview', async () => (await app.previewPixels()).length > 0);
  const before = await app.previewPixels();
  const [value] = [await slider.inputValue()];
  await slider.fill('0');
  assert.equal(await slider.inputValue(), '0');
  await app.cancel();
  await eventually('the slider stays where it was put', async () => (await slider.inputValue()) === value);
  await app.page.waitForTimeout(600);
  assert.equal(await slider.inputValue(), value, 'nor does it come back later');
  assert.deepEqual(await app.previewPixels(), before);
  await app.tab('Photos');
});

test('of several photos the first is opened, the others are in the list, and what is no photo or cannot be read is named', async () => {
  const note = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no photo') };
  const broken = { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('half a pho') };
  const empty = { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) };
  await app.transfer(
    'drop',
    photoFile('one.png', [10, 200, 10]),
    photoFile('two.png', [10, 10, 200]),
    mapFile('two_depth.png'),
    note,
    broken,
    empty,
    mapFile('one_depth.png'),
    photoFile('three.png', [200, 10, 200]),
  );
  const told = await app.message('The other 2 photos are in “Your photos”');
  assert.match(
    (await told.textContent()) ?? '',
    /one\.png is opened first.*broken\.jpg and empty\.png cannot be read.*notes\.txt is neither a photo nor/s,
  );
  await app.opened('one.png');
  await eventually('the list is another', async () => (await listed()) === 'one.png,two.png,three.png,mine.png,tall.png');
  assert.equal(await told.count(), 1);
  await tile('two.png').click();
  await app.opened('two.png');
  assert.equal(await told.count(), 0, 'one.png is said to be opened beside another');
  await app.tab('Depth');
  await app.page.locator('depth-panel .source > summary', { hasText: 'two_depth.png' }).waitFor();
  await app.tab('Photos');
});

const listed = async (): Promise<string> =>
  (await app.page.locator('photos-panel section[aria-labelledby="recent"] .label').allTextContents()).join();

const storedPhotos = () =>
  app.page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const opening = indexedDB.open('unflat-recent');
        opening.onsuccess = () => {
          const all = opening.result.transaction('photos').objectStore('photos').getAll();
          all.onsuccess = () => {
            opening.result.close();
            resolve((all.result as { title: string }[]).map(({ title }) => title).sort());
          };
        };
      }),
  );

test('what is removed is put back by Undo, with all that was made of it, and else is gone for good', async () => {
  await app.page.getByRole('button', { name: 'Remove mine.png' }).click();
  await tile('mine.png').waitFor({ state: 'detached' });
  await (await app.message('“mine.png” was removed')).getByRole('button', { name: 'Undo' }).click();
  await tile('mine.png').click();
  await app.opened('mine.png');
  await app.page.getByText('About this photo').click();
  await app.page.getByText('Total (from an earlier conversion)').waitFor();
  await app.page.getByRole('button', { name: 'Clear all' }).click();
  await app.page.getByText('Photos you open appear here').waitFor();
  await (await app.message('Your 5 photos were removed')).getByRole('button', { name: 'Undo' }).click();
  await tile('three.png').waitFor();
  await app.page.getByRole('button', { name: 'Remove three.png' }).click();
  await (await app.message('“three.png” was removed')).getByRole('button', { name: 'Dismiss' }).click();
  await eventually('it is still kept', async () => (await storedPhotos()).join() === 'mine.png,one.png,tall.png,two.png');
});

test('a reload opens the last photo again, unless the page ended in the middle of it', async () => {
  await app.page.reload();
  await app.opened('mine.png');
  await flat.waitFor({ state: 'detached' });
  await app.page.evaluate(() =>
    localStorage.setItem('unflat-under-way', JSON.stringify({ title: 'mine.png', page: 'of a page that was killed' })),
  );
  await app.page.reload();
  const told = await app.message('Unflat was closed while it worked on mine.png');
  await app.opened('Still life');
  await told.getByRole('button', { name: 'Open it' }).click();
  await app.opened('mine.png');
});

test('all that was dropped is in the list, also the photo that was cancelled or left for another', async () => {
  const big = [1200, 2000] as const;
  const before = await listed();
  await app.transfer(
    'drop',
    photoFile('four.png', [90, 60, 20], ...big),
    mapFile('four_depth.png', 20, ...big),
    photoFile('five.png', [90, 20, 90]),
  );
  await app.cancel();
  await eventually('a photo went with the cancelled one', async () => (await listed()) === `four.png,five.png,${before}`);
  await app.transfer(
    'drop',
    photoFile('six.png', [20, 90, 90], ...big),
    mapFile('six_depth.png', 20, ...big),
    photoFile('seven.png', [90, 90, 90]),
  );
  await tile('two.png').click();
  await app.opened('two.png');
  await eventually(
    'a photo was lost to the one that was opened',
    async () => (await listed()) === `six.png,seven.png,four.png,five.png,${before}`,
  );
  await eventually(
    'they are gone at the next visit',
    async () => (await storedPhotos()).filter((title) => /^(four|five|six|seven)/.test(title)).length === 4,
  );
});

test('a photo that is given its map later is one photo in the list, in its place', async () => {
  const before = await listed();
  await app.transfer('drop', photoFile('five.png', [90, 20, 90]), mapFile('five_depth.png'));
  await app.opened('five.png');
  const five = app.page.locator('photos-panel .tile[aria-current]', { hasText: 'five.png' });
  await five.waitFor();
  assert.equal(await listed(), before);
  await eventually(
    'the next visit shows it twice',
    async () => (await storedPhotos()).filter((title) => title === 'five.png').length === 1,
  );
});

test('nothing was thrown or refused on the way', () => app.assertQuiet());

test('from the flat picture to the 3D photo there is always a picture, at the start and for a photo of one’s own', async (t) => {
  const moving = await (await testBrowser()).newContext({ viewport: { width: 800, height: 600 } });
  t.after(() => moving.close());
  // As text: what compiles this file gives functions names by a helper that the page has not.
  await moving.addInitScript(`{
    const seen = (globalThis.seen = { flat: 0, bare: 0 });
    const timer = setInterval(() => {
      const root = document.querySelector('unflat-app')?.shadowRoot?.querySelector('app-stage')?.shadowRoot;
      if (!root) return;
      clearInterval(timer);
      const look = () => {
        if (root.querySelector('.placeholder, .flat[data-shown]')) seen.flat++;
        else if (seen.flat && getComputedStyle(root.querySelector('unflat-photo')).opacity !== '1') seen.bare++;
      };
      new MutationObserver(look).observe(root, { childList: true, subtree: true, attributes: true });
      look();
    }, 1);
  }`);
  const fresh = await AppPage.open(moving, url);
  const seen = (): Promise<{ flat: number; bare: number }> => fresh.page.evaluate('seen');
  const first = await seen();
  assert.ok(first.flat > 0, 'no flat picture was seen');
  assert.equal(first.bare, 0, 'at the start');
  await fresh.transfer('drop', photoFile('own.png'), mapFile('own_depth.png'));
  await fresh.opened('own.png');
  // A page that ends in the middle of the work does not open the photo again by itself.
  await eventually('it is still worked on', () => fresh.page.evaluate(() => localStorage.getItem('unflat-under-way') === null));
  await fresh.page.reload();
  await fresh.opened('own.png');
  await fresh.page.locator('img.flat').waitFor({ state: 'detached' });
  assert.equal((await seen()).bare, 0, 'at a reload');
});
