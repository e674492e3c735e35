import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { testBrowser } from '../helpers/browser.ts';
import { testServer } from '../helpers/server.ts';
import { AppPage, bytesOf, eventually, mapFile, photoFile } from './app-page.ts';
import { withoutBuiltIn } from './model-host.ts';

const SMALL = { viewport: { width: 800, height: 600 } };

const { url } = await testServer();
const browser = await testBrowser();
// A small picture that stands still: without a GPU a large one that sways takes all of the machine.
// Photos without depth ask for it here, as the built-in model is missing.
const context = await browser.newContext({ ...SMALL, reducedMotion: 'reduce' });
await withoutBuiltIn(context);
const app = await AppPage.open(context, url);

test('a sample is on the screen within seconds and moves by itself', async (t) => {
  const swaying = await browser.newContext(SMALL);
  t.after(() => swaying.close());
  const other = await AppPage.open(swaying, url);
  assert.equal(await other.openTitle(), 'Still life');
  const x = () => other.photo.evaluate((photo) => (photo as HTMLElement & { look: { x: number } }).look.x);
  // It began in the middle and nobody touched it.
  const moved = async () => Math.abs(await x()) >= 0.001;
  await eventually('the picture does not move', moved, 15_000).catch(async () => {
    // A machine that needs too long for a frame does not sway, but it follows the hand.
    t.diagnostic('too slow to sway here');
    await other.photo.press('ArrowRight');
    await eventually('the picture does not follow', moved);
  });
  other.assertQuiet();
});

test('every sample opens from its picture', async () => {
  // What is done and how far goes on being said until the picture is there, not only until it is ready to be drawn.
  const said = app.photo.evaluate(
    (photo) =>
      new Promise<boolean>((resolve) => {
        const card = (photo.getRootNode() as ShadowRoot).querySelector('run-progress')!;
        photo.addEventListener('load', () => resolve(card.hasAttribute('shown')), { once: true });
      }),
  );
  await app.page.getByRole('button', { name: 'Temple' }).click();
  await app.opened('Temple');
  assert.equal(await said, true);
  await app.page.locator('run-progress:not([shown])').waitFor({ state: 'attached' });
  assert.equal(await app.page.getByRole('button', { name: 'Temple' }).getAttribute('aria-current'), 'true');
});

test('a photo and its map are opened together by the button', async () => {
  await app.openFiles(photoFile('red.png'), mapFile('red_depth.png'));
  await app.opened('red.png');
  assert.equal(await app.photo.getAttribute('alt'), '3D photo: red.png');
});

test('a drop opens a photo, and the grey one of two files is its map, whatever their names', async () => {
  await app.transfer('drop', mapFile('a.png'), photoFile('b.png', [30, 160, 60]));
  await app.opened('b.png');
});

test('a paste opens a photo, and without depth its map is asked for in place', async () => {
  await app.transfer('paste', photoFile('pasted.png', [220, 180, 20]));
  const card = app.page.locator('depth-card');
  await card.getByRole('heading', { name: 'This photo has no depth' }).waitFor();
  await app.opened('b.png'); // what was open stays open
  await app.transfer('drop', mapFile('some map.png'));
  await app.opened('pasted.png');
  await card.waitFor({ state: 'detached' });
});

test('the map is also taken by the card’s own button, and Escape leaves the photo aside', async () => {
  await app.openFiles(photoFile('lonely.png'));
  const card = app.page.locator('depth-card');
  const add = card.getByRole('button', { name: 'Add depth map' });
  await add.waitFor();
  await app.page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await app.opened('pasted.png');
  await app.openFiles(photoFile('lonely.png'));
  const chooser = app.page.waitForEvent('filechooser');
  await add.click();
  await (await chooser).setFiles([mapFile('for lonely.png')]);
  await app.opened('lonely.png');
});

test('bad files are named with the reason, and the open photo stays open', async () => {
  const cases: [Parameters<AppPage['openFiles']>, RegExp][] = [
    [[{ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') }], /notes\.png/],
    [[{ name: 'nothing.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) }], /nothing\.jpg/],
    [[photoFile('cut.png'), { ...mapFile('cut_depth.png'), buffer: mapFile('x').buffer.subarray(0, 60) }], /cut_depth\.png/],
    [[mapFile('one.png'), mapFile('two.png')], /one\.png and two\.png: Both are grey/],
    [
      ['a.txt', 'b.txt', 'c.txt'].map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) })),
      /no photo among a\.txt, b\.txt and c\.txt/,
    ],
  ];
  for (const [files, text] of cases) {
    await app.openFiles(...files);
    const message = await app.message(text);
    assert.equal(await message.getAttribute('role'), 'alert');
    await message.getByRole('button', { name: 'Dismiss' }).click();
    await message.waitFor({ state: 'detached' });
    await app.opened('lonely.png');
  }
});

test('the last of several photos wins', async () => {
  await app.transfer('drop', photoFile('first.png'), mapFile('first_depth.png'));
  await app.transfer('drop', photoFile('second.png'), mapFile('second_depth.png'));
  await app.transfer('drop', photoFile('third.png', [20, 20, 220]), mapFile('third_depth.png'));
  await app.opened('third.png');
  await app.page.waitForTimeout(500);
  assert.equal(await app.openTitle(), 'third.png');
});

test('a conversion is cancelled and what was open stays', async () => {
  await app.transfer('drop', photoFile('large.png', [90, 90, 20], 2400, 1800), mapFile('large_depth.png', 20, 2400, 1800));
  await app.cancel();
  await app.page.locator('run-progress:not([shown])').waitFor({ state: 'attached' });
  await app.page.waitForTimeout(800);
  assert.equal(await app.openTitle(), 'third.png');
});

test('the smoothing slider changes the preview at once, and the 3D photo after it', async () => {
  await app.transfer('drop', photoFile('rough.png'), mapFile('rough_depth.png', 14));
  await app.opened('rough.png');
  await app.tab('Depth');
  const slider = app.page.getByRole('slider', { name: 'Smoothing' });
  await slider.waitFor();
  const roughness = (pixels: number[]) =>
    pixels.reduce((sum, value, i) => sum + Math.abs(value - (pixels[i + 1] ?? value)), 0) / pixels.length;
  const preview = async () => roughness(await app.previewPixels());
  await eventually('there is no preview', async () => (await preview()) > 0);
  const automatic = await preview();
  const sceneRoughness = async () =>
    roughness(
      await app.photo.evaluate((photo) =>
        Array.from((photo as unknown as { scene: { depth: { disparity: Float32Array } } }).scene.depth.disparity),
      ),
    );
  const before = await sceneRoughness();
  await slider.fill('0');
  await eventually('the preview does not follow', async () => (await preview()) > automatic * 1.3);
  await eventually('the scene does not follow', async () => (await sceneRoughness()) > before * 1.3);
  assert.equal(await app.openTitle(), 'rough.png');
});

test('near and far are swapped by a switch', async () => {
  const before = await app.previewPixels();
  await app.page.getByRole('switch', { name: 'Swap near and far' }).click();
  const centre = (pixels: number[]) => pixels[Math.floor(pixels.length / 2) + 120]!;
  await eventually('the near square is not far', async () => Math.abs(centre(await app.previewPixels()) - centre(before)) >= 100);
});

test('depth strength and the weight of near and far change the 3D photo', async () => {
  const made = () =>
    app.photo.evaluate((photo) => {
      const { lens, eyebox, depth } = (photo as unknown as { scene: { lens: object; eyebox: object; depth: { disparity: Float32Array } } })
        .scene;
      return JSON.stringify([lens, eyebox, depth.disparity.reduce((sum, value) => sum + value, 0).toFixed(3)]);
    });
  for (const [name, value] of [
    ['Depth strength', '1.6'],
    ['Depth emphasis', '0.5'],
  ] as const) {
    const before = await made();
    await app.page.getByRole('slider', { name }).fill(value);
    await eventually(`${name} changes nothing`, async () => (await made()) !== before);
  }
  await app.page.getByText('More foreground').waitFor();
});

test('depth and PLY are saved under the photo’s name', async () => {
  await app.openFiles(photoFile('save me.png'), mapFile('save me_depth.png'));
  await app.opened('save me.png');
  await app.tab('Save');
  const [depth] = await Promise.all([app.page.waitForEvent('download'), app.save('depth')]);
  assert.equal(depth.suggestedFilename(), 'save me_depth.png');
  const map = decode(await bytesOf(depth));
  assert.deepEqual([map.width, map.height, map.depth, map.channels], [240, 180, 16, 1]);
  assert.ok(map.data[90 * 240 + 120]! > map.data[10 * 240 + 10]!, 'the square is nearer than the wall');
  const [ply] = await Promise.all([app.page.waitForEvent('download'), app.save('ply')]);
  assert.equal(ply.suggestedFilename(), 'save me.ply');
  assert.match((await bytesOf(ply)).subarray(0, 200).toString('latin1'), /^ply\nformat binary_little_endian 1\.0\n/);
  await app.page.locator('save-panel [data-product="ply"][data-state="done"]').waitFor();
});

test('a picture of the view is saved as it is seen', async () => {
  /** Where the near square's left edge is in the picture that is saved now, in pixels. */
  const edge = async (): Promise<number> => {
    const [file] = await Promise.all([app.page.waitForEvent('download'), app.save('image')]);
    assert.equal(file.suggestedFilename(), 'save me_view.jpg');
    const { width, height, data } = jpeg.decode(await bytesOf(file), { useTArray: true });
    assert.deepEqual([width, height], [240, 180]);
    for (let x = 0; x < width; x++) if (data[4 * (90 * width + x)]! > 150) return x;
    return assert.fail('there is no square');
  };
  const lookFrom = (x: number): Promise<void> =>
    app.photo.evaluate((photo, to) => (photo as HTMLElement & { showLook(look: object): void }).showLook({ x: to, y: 0, z: 0 }), x);
  await lookFrom(-1);
  const fromLeft = await edge();
  await lookFrom(1);
  const fromRight = await edge();
  await lookFrom(0);
  assert.ok(fromLeft - fromRight >= 2, `${fromLeft} and ${fromRight}`);
});

test('a video shows its progress and is cancelled', async () => {
  const row = app.page.locator('save-panel [data-product="zoom-in"]');
  await app.save('zoom-in');
  await row.getByRole('progressbar').waitFor();
  await row.getByText(/\d+ %/).waitFor();
  await row.getByRole('button', { name: /^Cancel/ }).click();
  await app.page.locator('save-panel [data-product="zoom-in"][data-state="idle"]').waitFor();
});

test('a photo opened before opens again from the list, and is removed from it', async () => {
  await app.tab('Photos');
  const tile = app.page.getByRole('button', { name: 'third.png', exact: true });
  await app.page.reload();
  await app.ready();
  await tile.click();
  await app.opened('third.png');
  await app.page.getByText('About this photo').click();
  await app.page.getByText('Total (from an earlier conversion)').waitFor();
  await app.page.getByRole('button', { name: 'Remove third.png' }).click();
  await tile.waitFor({ state: 'detached' });
  await app.page.getByRole('button', { name: 'Clear all' }).click();
  await app.page.getByText('Photos you open appear here').waitFor();
});

test('the keyboard reaches everything: open, picture, tabs', async () => {
  await app.page.locator('body').click({ position: { x: 2, y: 300 } });
  const focused = () =>
    app.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
    });
  await app.page.getByRole('button', { name: 'Open photo' }).focus();
  const seen: string[] = [];
  for (let i = 0; i < 8; i++) {
    await app.page.keyboard.press('Tab');
    seen.push(await focused());
  }
  assert.match(seen[0] ?? '', /^3D photo/, 'after the button comes the picture');
  assert.deepEqual(seen.slice(1, 5), ['Compare photo, depth and 3D', 'Reset view', 'Full screen', 'Photos']);
  await app.page.getByRole('tab', { name: 'Photos' }).focus();
  await app.page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 'Depth');
  assert.equal(await app.page.getByRole('tab', { name: 'Depth' }).getAttribute('aria-selected'), 'true');
});

test('arrow keys look around, and Reset view goes back', async () => {
  const look = () => app.photo.evaluate((photo) => (photo as HTMLElement & { look: { x: number } }).look.x);
  await app.photo.focus();
  await app.page.keyboard.press('ArrowRight');
  await app.page.keyboard.press('ArrowRight');
  await eventually('it does not look to the right', async () => (await look()) > 0.3);
  await app.page.getByRole('button', { name: 'Reset view' }).click();
  await eventually('it does not come back', async () => Math.abs(await look()) < 0.1);
});

test('where it is a guess which way is near, that is said, and one tap swaps it', async () => {
  const light = Array.from({ length: 240 * 180 }, (_, i) => (i % 240 < 120 ? 200 : 60));
  const map = {
    name: 'halves.png',
    mimeType: 'image/png',
    buffer: Buffer.from(encode({ width: 240, height: 180, data: Uint8Array.from(light), channels: 1, depth: 8 })),
  };
  await app.openFiles(photoFile('doubtful.png'), map);
  await app.opened('doubtful.png');
  await app.tab('Depth');
  await app.page.getByText('Light was read as near, which is a guess. Does it look inside out?').waitFor();
  const left = async (): Promise<number> => (await app.previewPixels())[10]!;
  await eventually('the light half is not near', async () => (await left()) > 200);
  await app.page.getByRole('button', { name: 'Swap near and far' }).click();
  await eventually('the near half is not far', async () => (await left()) < 55);
  await app.page.getByRole('button', { name: 'Swap back' }).waitFor();
});

test('nothing was thrown or refused on the way', () => app.assertQuiet());
