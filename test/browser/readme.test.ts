import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import { listen } from '../../src/cli/static-server.mjs';
import { writeScene } from '../../src/scene-file/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

const FILES: Record<string, [string, () => Promise<Uint8Array> | Uint8Array]> = {
  '/unflat-photo.js': ['text/javascript', () => readFileSync(join(root, 'dist/element/unflat-photo.js'))],
  '/unflat-view.js': ['text/javascript', () => readFileSync(join(root, 'dist/view/unflat-view.js'))],
  '/unflat-draw.js': ['text/javascript', () => readFileSync(join(root, 'dist/view/unflat-draw.js'))],
  '/photo.jpg': ['image/jpeg', () => readFileSync(join(root, 'test/fixtures/samples/room/photo.jpg'))],
  '/photo_depth.png': ['image/png', () => readFileSync(join(root, 'test/fixtures/samples/room/depth.png'))],
  '/photo.glb': ['model/gltf-binary', async () => (await writeScene(syntheticScene({ ...SMALL, width: 640, height: 480 }))).bytes()],
};
const browser = await testBrowser();
const examples = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```html\n([\s\S]*?)```/g)].map(([, lines = '']) => lines);

test('the README has a page for a saved 3D photo and one, of five lines, that converts a photo', () => {
  assert.deepEqual(
    examples.map((each) => /src="(.*?\.(?:glb|jpg))"/.exec(each)?.[1]),
    ['photo.glb', 'photo.jpg'],
  );
  assert.equal(examples[1]!.trim().split('\n').length, 5);
});

for (const example of examples)
  test(`the README’s page ${/unflat-\w+/.exec(example)?.[0]} shows a 3D photo, and asks no other host for anything`, async () => {
    // Nothing but the files: no isolation headers, as on any plain host.
    const server = await listen((request, response) => {
      const file = FILES[request.url ?? ''];
      if (file) void Promise.resolve(file[1]()).then((bytes) => response.writeHead(200, { 'content-type': file[0] }).end(bytes));
      else response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html' }).end(request.url === '/' ? example : '');
    });
    after(() => server.close());
    const page = await browser.newPage();
    const asked: string[] = [];
    const failed: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => failed.push(String(error)));
    await page.goto(server.url);
    const shown = await page.evaluate(`new Promise((done) => {
    const photo = document.querySelector('unflat-photo');
    const check = () => photo.scene && photo.frames > 0 && done([photo.scene.width, photo.scene.layers.length, photo.clientWidth / photo.clientHeight]);
    setInterval(check, 100);
    photo.addEventListener('error', (event) => done(event.message));
  })`);
    await page.close();
    assert.ok(Array.isArray(shown), String(shown));
    const [width, layers, aspect] = shown as [number, number, number];
    assert.equal(width, 640);
    assert.ok(layers >= 2);
    assert.ok(Math.abs(aspect - 640 / 480) < 0.02, `the element has the photo's shape, got ${aspect}`);
    assert.deepEqual(failed, []);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('blob:')),
      [],
    );
  });
