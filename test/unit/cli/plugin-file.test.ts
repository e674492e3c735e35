/** Files of plugins as the command line reads them, and what it lets them reach. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedHosts } from '../../../src/cli/allowed-hosts.ts';
import { readPluginFile } from '../../../src/cli/read-plugin-file.ts';
import { listen } from '../../../src/cli/static-server.mjs';
import type { PluginManifest } from '../../../src/plugin-api/index.ts';

test('an address may lead on within the same rule, and what is kept is where the file came from', async (t) => {
  const places: Record<string, string> = {
    '/to-file': '/plugin.js',
    '/to-other': 'http://127.0.0.2:1/plugin.js',
    '/round': '/round',
    '/to-plain': 'http://example.org/x.js',
  };
  const server = await listen((request, response) => {
    const to = places[request.url ?? ''];
    if (to === undefined) response.writeHead(200).end('export default {}');
    else response.writeHead(302, { location: to }).end();
  });
  t.after(() => server.close());
  const read = (path: string): ReturnType<typeof readPluginFile> =>
    readPluginFile(new URL(path, server.url).href, '--plugin', new AbortController().signal);
  assert.equal((await read('/to-file')).from, new URL('/plugin.js', server.url).href);
  await assert.rejects(read('/to-other'), /could not be downloaded \(it leads to http:\/\/127\.0\.0\.2:1\/plugin\.js\)/);
  await assert.rejects(read('/to-plain'), /it leads to http:\/\/example\.org\/x\.js/);
  await assert.rejects(read('/round'), /it leads from address to address/);
});

test('an update keeps the hosts that were allowed as long as it sees no more', () => {
  const manifest: PluginManifest = {
    id: 'depth-mine',
    version: '1.0.0',
    kind: 'depth',
    label: 'Mine',
    author: 'A. Stranger',
    licence: 'MIT',
    apiVersion: 1,
    hosts: ['tiles.example.org'],
    models: [],
    sees: ['photo'],
  };
  const file = (changes: Partial<PluginManifest>): Parameters<typeof allowedHosts>[0] => ({
    bytes: new TextEncoder().encode(`/*! unflat-plugin\n${JSON.stringify({ ...manifest, ...changes })}\n*/\nexport default {};\n`),
    from: 'mine.js',
  });
  const installed = { manifest, hosts: manifest.hosts };
  assert.deepEqual(
    allowedHosts(file({ version: '2.0.0' }), false, () => installed, 'mine.js'),
    ['tiles.example.org'],
  );
  assert.throws(
    () => allowedHosts(file({ sees: ['photo', 'file'] }), false, () => installed, 'mine.js'),
    /wants to reach tiles\.example\.org/,
  );
  assert.throws(() => allowedHosts(file({}), false, () => undefined, 'mine.js'), /--allow-hosts/);
});
