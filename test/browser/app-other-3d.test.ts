import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import { QUAD, glbOf, gltfParts, plyFile, splatFile, type PlyVertex } from '../fixtures/other-3d-files.ts';
import { writeScene } from '../../src/scene-file/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { AppPage, appServer, eventually, photoFile, type TestFile } from './app-page.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

const { url } = await appServer();
const context = await (await testBrowser()).newContext({ viewport: { width: 900, height: 600 }, reducedMotion: 'reduce' });
after(() => context.close());
const app = await AppPage.open(context, url);
const asked: string[] = [];
app.page.on('request', (request) => !request.url().startsWith(url) && /^(http|ws)/.test(request.url()) && asked.push(request.url()));
const stage = app.page.locator('orbit-stage');
const file = (name: string, buffer: Buffer): TestFile => ({ name, mimeType: '', buffer });
const cloud = plyFile(
  Array.from({ length: 10_000 }, (_, i): PlyVertex => ({ at: [(i % 100) / 50, Math.floor(i / 100) / 50, 0], rgb: [220, 40, 30] })),
);

/** Mean colour of the middle of the picture. */
async function middle(): Promise<number[]> {
  const { data, width, height, channels } = decode(await stage.locator('canvas[data-shown]').screenshot({ type: 'png' }));
  const sums = [0, 0, 0];
  for (let y = height / 2 - 10; y < height / 2 + 10; y++)
    for (let x = width / 2 - 10; x < width / 2 + 10; x++)
      for (let c = 0; c < 3; c++) sums[c]! += data[channels * (Math.floor(y) * width + Math.floor(x)) + c]! / 400;
  return sums;
}

test('a PLY that is opened by the button is shown, with what it is and is not; the photo stays and comes back', async () => {
  await app.openFiles(file('scan.ply', cloud));
  await stage.getByText('Point cloud').waitFor();
  assert.match(
    (await stage.locator('.facts').textContent())!,
    /10,000 points.*Not an Unflat 3D photo, so it has no depth or fill settings/s,
  );
  assert.equal(await app.openTitle(), 'scan.ply');
  await eventually('the cloud is not red', async () => (await middle())[0]! > 120);
  for (const [tab, words] of [
    ['Depth', /“scan\.ply” is not an Unflat 3D photo, so it has no depth settings/],
    ['Fill', /no hidden parts to fill in/],
    ['Save', /“scan\.ply” is only shown/],
  ] as const) {
    await app.tab(tab);
    await app.page.getByText(words).waitFor();
  }
  await app.tab('Photos');
  await stage.getByRole('button', { name: 'Close, and go back to Still life' }).click();
  await app.photo.waitFor();
  assert.equal(await app.openTitle(), 'Still life');
  assert.equal(await stage.count(), 0);
});

test('a GLB of somebody else that is dropped is a mesh; another axis turns it; a photo takes its place', async () => {
  const png = photoFile('p.png').buffer.toString('base64');
  const { json, data } = gltfParts(`data:image/png;base64,${png}`);
  await app.transfer('drop', file('chair.glb', glbOf(json, data)));
  await stage.getByText('4 vertices, 2 triangles').waitFor();
  await eventually('the square is not there', async () => (await middle())[0]! > 120);
  await stage.getByLabel('Up').selectOption('z');
  // The square lies flat now, and is seen from above.
  await eventually(
    'it did not turn',
    async () => (await stage.locator('canvas').evaluate((canvas) => canvas.isConnected)) && (await middle())[0]! > 100,
  );
  await app.openFiles(photoFile('next.png'));
  await app.opened('next.png');
  assert.equal(await stage.count(), 0);
});

test('they are in the list of recent files with their picture, and open from it again, also after a reload', async () => {
  const recent = app.page.locator('photos-panel').getByRole('button', { name: /scan\.ply/ });
  await app.tab('Photos');
  await recent.first().waitFor();
  await app.page.reload();
  await app.ready();
  await app.tab('Photos');
  const picture = decode(await recent.first().locator('img').screenshot({ type: 'png' }));
  assert.ok(
    picture.data.some((value, i) => i % picture.channels === 0 && value > 150 && picture.data[i + 1]! < 90),
    'its picture is not red',
  );
  await recent.first().click();
  await stage.getByText('Point cloud').waitFor();
  await eventually('the cloud is not red', async () => (await middle())[0]! > 120);
  app.assertQuiet();
});

test('a cube is seen whole, clear of what the page writes over it, and is in its picture in the list', async () => {
  const corners = Array.from({ length: 8 }, (_, i): PlyVertex => ({ at: [i & 1, (i >> 1) & 1, i >> 2], rgb: [220, 40, 30] }));
  const faces = [
    [0, 2, 6, 4],
    [1, 3, 7, 5],
    [0, 1, 5, 4],
    [2, 3, 7, 6],
    [0, 1, 3, 2],
    [4, 5, 7, 6],
  ];
  await app.page.setViewportSize({ width: 390, height: 844 });
  await app.transfer('drop', file('cube.ply', plyFile(corners, faces)));
  await stage.getByText('8 vertices').waitFor();
  const canvas = stage.locator('canvas[data-shown]');
  await eventually('the cube is not red', async () => (await middle())[0]! > 120);
  const frame = (await canvas.boundingBox())!;
  const facts = (await stage.locator('.facts').boundingBox())!;
  const tools = (await stage.locator('.tools').boundingBox())!;
  await stage.evaluate((host) => {
    for (const over of host.shadowRoot!.querySelectorAll<HTMLElement>('.facts, .tools')) over.style.opacity = '0';
  });
  const { data, width, height, channels } = decode(await canvas.screenshot({ type: 'png' }));
  const rows = Array.from({ length: height }, (_, y) => y).filter((y) =>
    Array.from({ length: width }, (_, x) => channels * (y * width + x)).some((i) => data[i]! > 150 && data[i + 1]! < 90),
  );
  const perPixel = height / frame.height;
  assert.ok(rows[0]! >= (tools.y + tools.height - frame.y) * perPixel, 'its top is covered');
  assert.ok(rows.at(-1)! <= (facts.y - frame.y) * perPixel, 'its bottom is covered');
  assert.ok(rows.length > 0.2 * height, 'it is small');
  await app.page.setViewportSize({ width: 900, height: 600 });
  await app.tab('Photos');
  const picture = app.page
    .locator('photos-panel')
    .getByRole('button', { name: /cube\.ply/ })
    .first()
    .locator('img');
  const tile = decode(await picture.screenshot({ type: 'png' }));
  assert.ok(
    tile.data.some((value, i) => i % tile.channels === 0 && value > 150 && tile.data[i + 1]! < 90),
    'its picture is not red',
  );
});

test('splats open too; one file after the other leaves one canvas; what cannot be read is said, and what was open stays', async () => {
  await app.openFiles(
    file(
      's.splat',
      splatFile([
        { at: [0, 0, 0], size: [1, 1, 1], rgb: [30, 200, 40] },
        { at: [1, 1, 1], size: [1, 1, 1], rgb: [30, 200, 40] },
      ]),
    ),
  );
  await stage.getByText('Gaussian splats').waitFor();
  await eventually('the splats are not green', async () => (await middle())[1]! > 100);
  await app.openFiles(file('scan.ply', cloud));
  await stage.getByText('Point cloud').waitFor();
  assert.equal(await stage.locator('canvas').count(), 1);
  await app.transfer('drop', file('broken.ply', plyFile(QUAD).subarray(0, -8)));
  await app.message(/broken\.ply cannot be shown: it is cut off/);
  assert.equal(await app.openTitle(), 'scan.ply');
  await app.transfer('drop', file('parts.gltf', Buffer.from(JSON.stringify(gltfParts('p.png', 'a.bin').json))));
  await app.message(/parts\.gltf needs a\.bin, p\.png\. Open them together/);
  assert.deepEqual(asked, []);
  app.assertQuiet();
});

test('a file opens as what it is, whatever its name says; of several models one is shown, and what is left out is said', async () => {
  const own = Buffer.from(await (await writeScene(syntheticScene(SMALL))).arrayBuffer());
  const { json, data } = gltfParts(`data:image/png;base64,${photoFile('p.png').buffer.toString('base64')}`);
  const chair = glbOf(json, data);
  await app.transfer('drop', { name: 'disc.png', mimeType: 'image/png', buffer: own });
  await app.opened('disc.png');
  await app.transfer('drop', file('chair.glb', chair), file('table.glb', chair));
  await stage.getByText('4 vertices, 2 triangles').waitFor();
  await app.message('chair.glb is shown; the other files are left out');
  // A 3D photo is what the person means.
  await app.transfer('drop', file('chair.glb', chair), file('disc.glb', own));
  await app.opened('disc.glb');
  await app.transfer('drop', file('square.glb', photoFile('square.png').buffer));
  await app.opened('square.png');
  await app.transfer('drop', file('nothing.glb', Buffer.alloc(0)));
  await app.message('nothing.glb cannot be opened as a 3D photo: it is empty (0 bytes). Save or download it again.');
});
