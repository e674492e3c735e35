/** The command line with plugins of others: added, listed, used in a sandbox, removed; and bad files, each refused by name. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { decode, encode } from 'fast-png';
import { manifestComment, type PluginManifest } from '../../src/plugin-api/index.ts';
import { listen } from '../../src/cli/static-server.mjs';
import { buildStranger } from '../helpers/build-stranger.ts';
import { commandLine, type CommandRun } from '../helpers/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-cli-plugins-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);
const unflat = (...args: string[]): Promise<CommandRun> =>
  commandLine(folder, args, { UNFLAT_MODELS: at('models'), UNFLAT_PLUGINS: at('plugins') });
writeFileSync(at('photo.png'), encode({ width: 64, height: 48, data: new Uint8Array(64 * 48 * 3).fill(120), channels: 3, depth: 8 }));

const COMMON = { version: '1.0.0', author: 'A. Stranger', licence: 'MIT', apiVersion: 1, hosts: [], models: [] } as const;

function depthPlugin(changes: Partial<PluginManifest> = {}, body = ''): string {
  const manifest: PluginManifest = { ...COMMON, id: 'depth-tilt', kind: 'depth', label: 'Tilt', sees: ['photo'], ...changes };
  return `${manifestComment(manifest)}
export default {
  apiVersion: 1, kind: 'depth', id: '${manifest.id}', label: '${manifest.label}', supports: () => true,
  options: [{ id: 'top', label: 'At the top', type: 'number', default: 0, min: 0, max: 1 }],
  async estimate({ photo: { width, height, name }, options }, { note }) {
    ${body}
    note('the photo is called ' + name);
    const disparity = Float32Array.from({ length: width * height }, (_, i) => Math.max(options.top, Math.floor(i / width) / (height - 1)));
    return { depth: { width, height, disparity } };
  },
};`;
}

const OUTPUT = `${manifestComment({ ...COMMON, id: 'output-sizes', kind: 'output', label: 'Sizes', sees: ['scene'] })}
export default {
  apiVersion: 1, kind: 'output', id: 'output-sizes', label: 'Sizes', options: [], supports: () => true,
  products: [{ id: 'sizes', label: 'Sizes', suffixes: ['_sizes.txt'] }],
  async write({ scene }) {
    return { suffix: '_sizes.txt', blob: new Blob([scene.layers.length + ' ' + typeof fetch + ' ' + typeof document]) };
  },
};`;

test('a plugin is added from a link, listed, used and removed; one for a run is named by --plugin', async () => {
  const files: Record<string, string> = { '/tilt.js': depthPlugin() };
  const server = await listen((request, response) => void response.end(files[request.url ?? '']));
  after(() => server.close());
  const address = `${server.url}tilt.js`;

  const added = await unflat('plugins', 'add', address);
  assert.equal(added.status, 0, added.stderr);
  assert.match(
    added.stdout,
    /^Tilt 1\.0\.0 \(depth-tilt\), depth source by A\. Stranger, MIT\n {2}sees: the pixels of your photos\n {2}reaches: nobody\n/,
  );
  assert.match(added.stdout, /use it with --depth depth-tilt/);
  assert.deepEqual(readdirSync(at('plugins')).sort(), ['depth-tilt.js', 'depth-tilt.json']);

  files['/tilt.js'] = depthPlugin({ version: '1.1.0', sees: ['photo', 'file'] });
  assert.match((await unflat('plugins', 'add', address)).stdout, /It replaces version 1\.0\.0 by 1\.1\.0\. New: the files of your photos/);

  const listed = JSON.parse((await unflat('plugins', 'list', '--json')).stdout) as {
    plugins: { id: string; version: string; from: string }[];
  };
  assert.deepEqual(
    listed.plugins.map(({ id, version, from }) => [id, version, from]),
    [['depth-tilt', '1.1.0', address]],
  );

  // The added one by its id and with its option, another for this run alone.
  writeFileSync(at('sizes.js'), OUTPUT);
  const run = await unflat(
    ...['photo.png', '--depth', 'depth-tilt', '--set', 'depth-tilt.top=0.5', '--smoothing', '0', '--plugin', 'sizes.js'],
    ...['--outputs', 'depth,sizes', '--out', 'out'],
  );
  assert.equal(run.status, 0, run.stderr);
  const { data } = decode(readFileSync(at('out', 'photo_depth.png')));
  assert.ok(data[0]! > 0.4 * 65535 && data[0]! < 0.6 * 65535, `the option did not count: ${data[0]}`);
  assert.equal(data.at(-1), 65535);
  assert.match(readFileSync(at('out', 'photo_sizes.txt'), 'utf8'), /^[1-9]\d* undefined undefined$/, 'it runs in the sandbox');
  assert.match((await unflat('options', 'sizes', '--plugin', 'sizes.js')).stdout, /Sizes \(output-sizes\): --outputs sizes/);

  // What lies there and was changed is not run.
  writeFileSync(at('plugins', 'depth-tilt.js'), depthPlugin({}, 'throw new Error("changed");'));
  const changed = await unflat('photo.png', '--depth', 'depth-tilt', '--out', 'out');
  assert.equal(changed.status, 2);
  assert.match(changed.stderr, /depth-tilt\.js is left out: it was changed since it was added/);

  assert.match((await unflat('plugins', 'remove', 'depth-tilt')).stdout, /depth-tilt is removed/);
  assert.match((await unflat('plugins', 'list')).stdout, /^No plugins in /);
});

test('a file that is no plugin, is not what it says, fails or hangs ends in one line that names it', async () => {
  const bad: [string, string, RegExp][] = [
    ['none.js', 'export default 1;', /--plugin none\.js: none\.js is not a plugin for Unflat: it must begin with/],
    [
      'other.js',
      depthPlugin().replace("id: 'depth-tilt'", "id: 'depth-other'"),
      /“Tilt” \(depth-tilt\): id must be depth-tilt, as in its manifest/,
    ],
    ['ours.js', depthPlugin({ id: 'depth-map' }), /calls itself depth-map, as a plugin of Unflat does/],
    ['imports.js', `${depthPlugin()}\n${['im', 'port'].join('')} './x.js';`, /imports \.\/x\.js/],
    ['throws.js', `${depthPlugin()}\nthrow new Error('No.');`, /“Tilt” \(depth-tilt\) cannot be loaded \(No, line \d+ of its file\)/],
  ];
  for (const [name, text, words] of bad) {
    writeFileSync(at(name), text);
    const run = await unflat('photo.png', '--plugin', name, '--depth', 'depth-tilt', '--out', 'bad', '--json');
    const { ok, error, code } = JSON.parse(run.stdout) as { ok: boolean; error: string; code: string };
    assert.deepEqual([run.status, ok, code], [1, false, 'bad-plugin'], error);
    assert.match(error, words);
    assert.equal(error.split('\n').length, 1);
  }
  assert.equal(existsSync(at('bad')), false);
  const missing = await unflat('plugins', 'add', 'nowhere.js');
  assert.deepEqual([missing.status, /nowhere\.js: it is not there\. Give a plugin’s file/.test(missing.stderr)], [2, true]);
  const plain = await unflat('photo.png', '--plugin', 'http://example.org/x.js');
  assert.deepEqual([plain.status, /must begin with https/.test(plain.stderr)], [2, true]);

  // One that fails at its work costs its photo alone, and is named.
  writeFileSync(at('fails.js'), depthPlugin({}, 'throw new Error("out of luck");'));
  const fails = await unflat('photo.png', '--plugin', 'fails.js', '--depth', 'depth-tilt', '--out', 'bad');
  assert.equal(fails.status, 1);
  const line =
    readFileSync(at('fails.js'), 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('out of luck')) + 1;
  assert.match(fails.stderr, new RegExp(`“Tilt” \\(depth-tilt\\) failed: out of luck, line ${line} of its file`));
  assert.match(fails.stderr, new RegExp(`^  at .*estimate \\(depth-tilt\\.js:${line}:\\d+\\)$`, 'm'));
  const report = await unflat('photo.png', '--plugin', 'fails.js', '--depth', 'depth-tilt', '--out', 'bad', '--json');
  const { photos } = JSON.parse(report.stdout) as { photos: { pluginStack?: string[] }[] };
  assert.match(photos[0]!.pluginStack![0]!, new RegExp(`estimate \\(depth-tilt\\.js:${line}:\\d+\\)$`));
});

test('a plugin reaches the hosts that it names once the person allowed it, and no others', async () => {
  const asks = `const say = async (address) => reach(address).then(({ status, bytes }) => note(status + ' ' + bytes.join()), (error) => note(error.message));
    await say('https://tiles.example.org/a'); await say('https://other.example.org/'); await say('https://closed.example.org/');`;
  const text = depthPlugin({ hosts: ['tiles.example.org', 'closed.example.org'] }, asks).replace('{ note }', '{ note, reach }');
  writeFileSync(at('tiles.js'), text);
  // In the place of the internet.
  writeFileSync(
    at('internet.mjs'),
    `globalThis.fetch = async (url, { redirect, credentials, headers }) => {
      const { hostname } = new URL(url);
      if (redirect !== 'error' || credentials !== 'omit' || Object.keys(headers).join() !== 'origin') throw new Error('asked otherwise');
      return new Response(new Uint8Array([1, 2, 3]), { status: 203, headers: hostname.startsWith('tiles') ? { 'access-control-allow-origin': '*' } : {} });
    };`,
  );
  const online = { NODE_OPTIONS: `--import=${pathToFileURL(at('internet.mjs')).href}` };
  const photo = ['photo.png', '--depth', 'depth-tilt', '--outputs', 'none', '--out', 'out', '--overwrite'];

  const refused = await unflat('plugins', 'add', 'tiles.js');
  assert.deepEqual([refused.status, existsSync(at('plugins', 'depth-tilt.js'))], [2, false]);
  const words = /“Tilt” wants to reach tiles\.example\.org, closed\.example\.org, and can send there what it sees: .* add --allow-hosts/;
  assert.match(refused.stderr, words);
  assert.match((await unflat(...photo, '--plugin', 'tiles.js')).stderr, words);

  const check = ({ status, stderr }: CommandRun): void => {
    assert.equal(status, 0, stderr);
    assert.match(stderr, /Tilt: 203 1,2,3/);
    assert.match(stderr, /Tilt: .*may not ask other\.example\.org/);
    assert.match(stderr, /Tilt: .*closed\.example\.org.* it does not send Access-Control-Allow-Origin/);
  };
  const run = (...args: string[]): Promise<CommandRun> =>
    commandLine(folder, [...photo, ...args], { UNFLAT_MODELS: at('models'), UNFLAT_PLUGINS: at('plugins'), ...online });
  check(await run('--plugin', 'tiles.js', '--allow-hosts'));
  const added = await unflat('plugins', 'add', 'tiles.js', '--allow-hosts');
  assert.match(added.stdout, /reaches: tiles\.example\.org, closed\.example\.org, and can send there what it sees/);
  check(await run());

  // An update that asks for the same needs no second word; one that asks for more does.
  writeFileSync(at('tiles.js'), text.replace('"1.0.0"', '"1.1.0"'));
  assert.equal((await unflat('plugins', 'add', 'tiles.js')).status, 0);
  writeFileSync(at('tiles.js'), text.replace('"closed.example.org"', '"closed.example.org", "more.example.org"'));
  assert.match((await unflat('plugins', 'add', 'tiles.js')).stderr, /wants to reach more\.example\.org, and/);
  assert.equal((await unflat('plugins', 'remove', 'depth-tilt')).status, 0);
});

test('a plugin that brings a model runs it; a model that is not what the manifest says is refused', async () => {
  const text = await buildStranger('depth-warmth');
  writeFileSync(at('warmth.js'), text);
  const [width, height] = [64, 48];
  const warm = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => (Math.floor(i / 3) % width < width / 2 ? [230, 80, 20] : [20, 80, 230])[i % 3]!,
  );
  writeFileSync(at('warm.png'), encode({ width, height, data: warm, channels: 3, depth: 8 }));
  const run = await unflat('warm.png', '--plugin', 'warmth.js', '--depth', 'depth-warmth', '--outputs', 'depth', '--out', 'warm');
  assert.equal(run.status, 0, run.stderr);
  const { data, width: wide } = decode(readFileSync(at('warm', 'warm_depth.png')));
  assert.ok(data[4]! > 50_000 && data[wide - 5]! < 15_000, `${data[4]} ${data[wide - 5]}`);

  assert.equal((await unflat('plugins', 'add', 'warmth.js')).status, 0);
  assert.ok(existsSync(at('models', 'depth-warmth-tiny', 'warmth.onnx')));
  assert.equal((await unflat('plugins', 'remove', 'depth-warmth')).status, 0);
  assert.equal(existsSync(at('models', 'depth-warmth-tiny')), false, 'its model goes with it');

  // Beside its address, and broken off in the middle: the next try goes on from there.
  const bytes = Buffer.from(/"base64": "([^"]+)"/.exec(text)![1]!, 'base64');
  const asked: (string | undefined)[] = [];
  const server = await listen((request, response) => {
    if (request.url === '/warmth.js') return void response.end(text.replace(/,?\s*"base64": "[^"]+"/, ''));
    const range = request.headers.range;
    asked.push(range);
    const start = Number(/\d+/.exec(range ?? '0')![0]);
    const rest = bytes.subarray(start);
    response.writeHead(range ? 206 : 200, { 'content-length': rest.length, ...(range && { 'content-range': `bytes ${start}-211/212` }) });
    if (range) response.end(rest);
    else response.write(rest.subarray(0, 100), () => setTimeout(() => response.destroy(), 200));
  });
  after(() => server.close());
  assert.equal((await unflat('plugins', 'add', `${server.url}warmth.js`)).status, 0);
  assert.deepEqual(asked, [undefined, 'bytes=100-']);
  assert.deepEqual(readFileSync(at('models', 'depth-warmth-tiny', 'warmth.onnx')), bytes);
  assert.match((await unflat('models', 'list')).stdout, /here +depth-warmth-tiny .*MIT +From the plugin depth-warmth\. /);
  const { models } = JSON.parse((await unflat('models', 'list', '--json')).stdout) as {
    models: { id: string; isOwn: boolean; fromPlugin: string | null }[];
  };
  assert.deepEqual(
    models.filter(({ id }) => id === 'depth-warmth-tiny').map(({ isOwn, fromPlugin }) => [isOwn, fromPlugin]),
    [[false, 'depth-warmth']],
  );
  assert.equal((await unflat('plugins', 'remove', 'depth-warmth')).status, 0);

  writeFileSync(at('forged.js'), text.replace(/"base64": "(....)/, '"base64": "AAAA'));
  const forged = await unflat('warm.png', '--plugin', 'forged.js', '--depth', 'depth-warmth', '--out', 'warm');
  assert.equal(forged.status, 1);
  assert.match(forged.stderr, /warmth\.onnx of the plugin “Warm is near” is not the file that its manifest names/);
});
