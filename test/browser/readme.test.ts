import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import { listen } from '../../src/cli/static-server.mjs';
import { testBrowser } from '../helpers/browser.ts';

const FILES: Record<string, [string, string]> = {
  '/unflat-photo.js': ['text/javascript', 'dist/element/unflat-photo.js'],
  '/photo.jpg': ['image/jpeg', 'test/fixtures/samples/room/photo.jpg'],
  '/photo_depth.png': ['image/png', 'test/fixtures/samples/room/depth.png'],
};

test('the five lines of the README show a 3D photo on a page of their own, and ask no other host for anything', async () => {
  const page5 = /```html\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
  assert.equal(page5.trim().split('\n').length, 5);
  // Nothing but the files: no isolation headers, as on any plain host.
  const server = await listen((request, response) => {
    const file = FILES[request.url ?? ''];
    if (file) response.writeHead(200, { 'content-type': file[0] }).end(readFileSync(join(root, file[1])));
    else response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html' }).end(request.url === '/' ? page5 : '');
  });
  after(() => server.close());
  const browser = await testBrowser();
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
