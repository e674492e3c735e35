import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import { unzipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { readCameraPath } from '../../src/plugin-api/index.ts';
import { readScene, writeScene } from '../../src/scene-file/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { commandLine } from '../helpers/command-line.ts';
import { testServer } from '../helpers/server.ts';
import { AppPage, appServer, bytesOf } from './app-page.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

const context = await (await testBrowser()).newContext({ viewport: { width: 400, height: 400 } });
after(() => context.close());
const folder = mkdtempSync(join(tmpdir(), 'unflat-glb-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const glb = new Uint8Array(await (await writeScene(syntheticScene(SMALL))).arrayBuffer());
const foreign = Buffer.from('676c544602000000300000001c0000004a534f4e7b226173736574223a7b2276657273696f6e223a22322e30227d7d20', 'hex');

const pageOf = (entry: string): string =>
  `<!doctype html><link rel="icon" href="data:,"><script type="module" src="${entry}"></script><unflat-photo src="disc.glb" motion="none" style="width:320px"></unflat-photo>`;
const entries = ['element/unflat-photo.js', 'view/unflat-view.js'];
const server = await testServer('dist', Object.fromEntries(entries.map((entry, k) => [`/page${k}.html`, pageOf(entry)])));

test('the command line writes from a 3D photo without computing anew, and says what a GLB of others is', async () => {
  writeFileSync(join(folder, 'disc.glb'), glb);
  writeFileSync(join(folder, 'chair.glb'), foreign);
  const run = await commandLine(folder, ['disc.glb', 'chair.glb', '--outputs', 'depth,ply', '--out', 'out', '--json']);
  const { photos } = JSON.parse(run.stdout) as { photos: { ok: boolean; error?: string; timesMs?: object; errors?: string[] }[] };
  assert.equal(photos[0]!.ok, true, run.stdout);
  assert.deepEqual(readdirSync(join(folder, 'out')).sort(), ['disc.ply', 'disc_depth.png']);
  assert.ok(!('sharpen' in (photos[0]!.timesMs ?? {})) && !('inpaint' in (photos[0]!.timesMs ?? {})));
  assert.equal(photos[1]!.ok, false);
  assert.match(JSON.stringify(photos[1]), /chair\.glb is a 3D model, but not a 3D photo/);
});

test('a path of one’s own makes a loop of its views, and one that is none is refused before any work', async () => {
  const dir = join(folder, 'path');
  mkdirSync(dir);
  writeFileSync(join(dir, 'disc.glb'), glb);
  const keys = [
    { at: 0, x: -0.9 },
    { at: 1, x: 0.9 },
  ];
  writeFileSync(join(dir, 'move.json'), JSON.stringify({ unflatPath: 1, easing: 'linear', keys }));
  writeFileSync(join(dir, 'bad.json'), JSON.stringify({ unflatPath: 1, keys: [keys[0]] }));
  const bad = await commandLine(dir, ['disc.glb', '--outputs', 'frames', '--path', 'bad.json']);
  assert.equal(bad.status, 2);
  assert.match(bad.stderr, /bad\.json is no camera path: keys must be a list of 2 to 2000/);
  const set = ['move=path', 'frames=4', 'crop=false'].flatMap((each) => ['--set', `output-loop.${each}`]);
  const run = await commandLine(dir, ['disc.glb', '--outputs', 'frames', '--path', 'move.json', ...set]);
  assert.equal(run.status, 0, run.stderr + run.stdout);
  const files = unzipSync(new Uint8Array(readFileSync(join(dir, 'disc_path_frames.zip'))));
  // There and back: from the left, the middle, the right, the middle. The near disc goes the other way.
  const middles = Object.keys(files)
    .sort()
    .map((name) => {
      const { width, height, channels, data } = decode(files[name]!);
      let [sum, count] = [0, 0];
      for (let i = 0; i < width * height; i++) {
        if (data[channels * i]! < 190 || data[channels * i + 2]! > 100) continue;
        sum += i % width;
        count++;
      }
      assert.ok(count > 500, `${name}: the disc has ${count} pixels`);
      return sum / count;
    });
  assert.equal(middles.length, 4);
  assert.ok(middles[0]! > middles[1]! + 0.5 && middles[1]! > middles[2]! + 0.5, middles.join(' '));
  assert.ok(Math.abs(middles[3]! - middles[1]!) < 0.2, middles.join(' '));
});

test('a 3D photo that the command line saved opens again, glb being its old name', async () => {
  const picture = jpeg.encode({ width: 160, height: 120, data: new Uint8Array(160 * 120 * 4).map((_, i) => (i * 7) & 255) }, 90).data;
  const map = jpeg.encode(
    { width: 160, height: 120, data: new Uint8Array(160 * 120 * 4).map((_, i) => ((i >> 2) % 160 < 60 ? 220 : 40)) },
    95,
  ).data;
  writeFileSync(join(folder, 'a.jpg'), picture);
  writeFileSync(join(folder, 'a_depth.jpg'), map);
  const run = await commandLine(folder, ['a.jpg', 'a_depth.jpg', '--outputs', 'glb', '--json']);
  assert.equal(run.status, 0, run.stderr + run.stdout);
  const bytes = new Uint8Array(readFileSync(join(folder, 'a.glb')));
  const scene = await readScene({ name: 'a.glb', bytes }, async (file) => {
    const { width, height, data } = jpeg.decode(file, { formatAsRGBA: true });
    return { width, height, rgba: new Uint8ClampedArray(data) };
  });
  assert.deepEqual([scene.width, scene.height, scene.origin?.depthSource], [160, 120, 'depth-map']);
  assert.match(scene.origin?.photoHash ?? '', /^[0-9a-f]{64}$/);
});

for (const [k, entry] of entries.entries()) {
  test(`<unflat-photo src="disc.glb"> of ${entry} shows it at once, with no request but for the file and its own scripts`, async () => {
    const page = await context.newPage();
    const asked: string[] = [];
    await page.route('**/disc.glb', (route) => route.fulfill({ contentType: 'model/gltf-binary', body: Buffer.from(glb) }));
    page.on('request', (request) => request.url().startsWith('http') && asked.push(new URL(request.url()).pathname));
    await page.goto(`${server.url}page${k}.html`);
    await page.waitForFunction(() => (document.querySelector('unflat-photo') as unknown as { frames: number }).frames > 0);
    // It fades in.
    await page.waitForFunction(() => {
      const canvas = document.querySelector('unflat-photo')!.shadowRoot!.querySelector('canvas.shown');
      return canvas !== null && getComputedStyle(canvas).opacity === '1';
    });
    // Where there is no graphics card the software renderer comes from beside the entry, a copy a worker.
    const others = asked.filter((path) => path !== `/${entry.split('/')[0]}/unflat-draw.js`);
    assert.deepEqual(others.sort(), ['/disc.glb', `/${entry}`, `/page${k}.html`].sort());
    const shown = jpeg.decode(await page.locator('unflat-photo').screenshot({ type: 'jpeg', quality: 95 }), { formatAsRGBA: true });
    // The disc, which is warm, in the middle; the wall, which is blue, beside it.
    const at = (x: number, y: number): number[] => [...shown.data.subarray(4 * (y * shown.width + x), 4 * (y * shown.width + x) + 3)];
    const [red, , blue] = at(shown.width >> 1, shown.height >> 1);
    assert.ok(red! > blue! + 60, `${at(shown.width >> 1, shown.height >> 1)}`);
    const wall = at(20, 20);
    assert.ok(wall[2]! > wall[0]!, `${wall}`);
  });
}

test('the app opens a 3D photo that is dropped, and one that the system hands to the installed app', async () => {
  const { url } = await appServer();
  const sizeOf = (app: AppPage): Promise<number[]> =>
    app.photo.evaluate((photo) => {
      const { scene } = photo as unknown as { scene: { width: number; height: number } };
      return [scene.width, scene.height];
    });
  const dropped = await AppPage.open(context, url);
  await dropped.transfer('drop', { name: 'disc.glb', mimeType: '', buffer: Buffer.from(glb) });
  await dropped.opened('disc.glb');
  const size = await sizeOf(dropped);
  assert.deepEqual(size, [syntheticScene(SMALL).width, syntheticScene(SMALL).height]);
  // What is fixed in the file has no controls.
  for (const [tab, panel] of [
    ['Depth', 'depth-panel'],
    ['Fill', 'inpaint-panel'],
  ] as const) {
    await dropped.tab(tab);
    await dropped.page.locator(`${panel} .notice`, { hasText: 'open the photo it was made from' }).waitFor();
    assert.equal(await dropped.page.locator(`${panel} :is(option-controls, details, button)`).count(), 0);
  }
  assert.ok(new Set(await dropped.previewPixels()).size > 1, 'the depth map is empty');
  await dropped.page.close();
  // As text: what compiles this file gives functions names by a helper that the page has not.
  const page = await context.newPage();
  await page.addInitScript(`{
    const bytes = Uint8Array.from(atob('${Buffer.from(glb).toString('base64')}'), (letter) => letter.charCodeAt(0));
    const file = new File([bytes], 'handed.glb', { type: 'model/gltf-binary' });
    const handle = { getFile: async () => file };
    Object.defineProperty(globalThis, 'launchQueue', { value: { setConsumer: (consumer) => consumer({ files: [handle] }) } });
  }`);
  await page.goto(url);
  const handed = new AppPage(page);
  await handed.opened('handed.glb');
  assert.deepEqual(await sizeOf(handed), size);
  assert.deepEqual(handed.problems, []);
});

test('the app records how somebody looks around as a camera path, which is kept for the videos', async () => {
  const { url } = await appServer();
  const app = await AppPage.open(context, url);
  await app.transfer('drop', { name: 'disc.glb', mimeType: '', buffer: Buffer.from(glb) });
  await app.opened('disc.glb');
  await app.tab('Save');
  await app.page.getByRole('button', { name: 'Options: Video', exact: true }).click();
  const recorder = app.page.locator('path-recorder').first();
  await recorder.getByRole('button', { name: 'Record how I look around' }).click();
  for (const x of [0, 0.3, 0.6, 0.3]) {
    await app.photo.evaluate((photo, to) => (photo as unknown as { setLook(x: number, y: number): void }).setLook(to, 0), x);
    await app.page.waitForTimeout(400);
  }
  await recorder.getByRole('button', { name: 'Stop recording' }).click();
  await recorder.getByText(/^\d+ views, \d\.\d s\.$/).waitFor();
  const text = await recorder.evaluate((element) => (element as unknown as { value: string }).value);
  const { keys } = readCameraPath(text, 'recorded');
  assert.ok(Math.max(...keys.map(({ x }) => x)) > 0.5 && Math.abs(keys.at(-1)!.x - 0.3) < 0.05, text);
  const download = app.page.waitForEvent('download');
  await recorder.getByRole('button', { name: 'Keep the path as a file' }).click();
  assert.equal((await bytesOf(await download)).toString(), text);
  await recorder.getByRole('button', { name: 'Remove the path' }).click();
  await recorder.getByText('No path yet.').waitFor();
});

test('the video for both eyes stands with the videos, the other stereo files with the pictures', async () => {
  const { url } = await appServer();
  const app = await AppPage.open(context, url);
  await app.transfer('drop', { name: 'disc.glb', mimeType: '', buffer: Buffer.from(glb) });
  await app.opened('disc.glb');
  await app.tab('Save');
  await app.page.locator('save-panel [data-product="stereo-video"]').waitFor();
  const places = await app.page
    .locator('save-panel')
    .evaluate((panel) =>
      ['stereo-video', 'anaglyph', 'zoom-in'].map((id) =>
        panel.shadowRoot!.querySelector(`[data-product="${id}"]`)?.closest('section')?.getAttribute('aria-label'),
      ),
    );
  assert.equal(places[0], places[2]);
  assert.notEqual(places[1], places[0]);
  const twice = await app.page.locator('save-panel').evaluate((panel) => {
    const ids = [...panel.shadowRoot!.querySelectorAll('[data-product]')].map((row) => row.getAttribute('data-product'));
    return ids.filter((id, i) => ids.indexOf(id) !== i);
  });
  assert.deepEqual(twice, []);
  await app.page.close();
});
