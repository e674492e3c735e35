import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { listen, serveFile } from '../../../src/cli/static-server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'unflat-server-'));
mkdirSync(join(folder, 'app'));
writeFileSync(join(folder, 'app/index.html'), '<!doctype html>');
writeFileSync(join(folder, 'app/a b.js'), 'export {};');
writeFileSync(join(folder, 'secret.txt'), 'secret');
mkdirSync(join(folder, 'outside'));
writeFileSync(join(folder, 'outside/index.html'), 'secret');
symlinkSync(join(folder, 'secret.txt'), join(folder, 'app/link.txt'));
symlinkSync(join(folder, 'outside'), join(folder, 'app/linked'));
symlinkSync(join(folder, 'app/a b.js'), join(folder, 'app/inside.js'));
const server = await listen((incoming, response) => void serveFile(join(folder, 'app'), incoming, response));
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** As node:http sends it: fetch would tidy the dots away. */
function status(path: string, host?: string): Promise<number | undefined> {
  return new Promise((done, failed) => {
    request({ port: server.port, host: '127.0.0.1', path, ...(host && { headers: { host } }) }, (response) => {
      response.resume();
      done(response.statusCode);
    })
      .on('error', failed)
      .end();
  });
}

test('serves a folder as its index.html, isolated, with the right type', async () => {
  const response = await fetch(server.url);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(response.headers.get('cross-origin-opener-policy'), 'same-origin');
  assert.equal(response.headers.get('cross-origin-embedder-policy'), 'require-corp');
  assert.equal(await response.text(), '<!doctype html>');
});

test('serves names with spaces as scripts', async () => {
  const response = await fetch(`${server.url}a%20b.js?x=1`);
  assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8');
});

test('answers 304 to a page it has not changed', async () => {
  const tag = (await fetch(server.url)).headers.get('etag') ?? '';
  assert.notEqual(tag, '');
  assert.equal((await fetch(server.url, { headers: { 'if-none-match': tag } })).status, 304);
});

for (const path of [
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '//../secret.txt',
  '/%',
  '/nothing',
  '/index.html%00.js',
  '/link.txt',
  '/linked/',
  '/linked/index.html',
]) {
  test(`gives nothing for ${path}`, async () => assert.equal(await status(path), 404));
}

test('a link that stays in the folder is followed', async () => assert.equal(await status('/inside.js'), 200));

for (const host of ['localhost', '127.0.0.1', 'LOCALHOST:4173', '[::1]:80'])
  test(`answers as ${host}`, async () => assert.equal(await status('/', host), 200));

for (const host of [
  'evil.example',
  'evil.example:4173',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '0.0.0.0',
  'localhost:80@evil.example',
  '[::1].evil',
]) {
  test(`refuses the foreign name ${host}, which a page elsewhere could point here`, async () => assert.equal(await status('/', host), 403));
}
