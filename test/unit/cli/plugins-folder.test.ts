/** Files and folders that lie where plugins are looked for, and are none: each is left out or refused in plain words. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { manifestComment, type PluginManifest } from '../../../src/plugin-api/index.ts';
import { CliError, UsageError } from '../../../src/cli/cli-error.ts';
import { PluginsFolder } from '../../../src/cli/plugins-folder.ts';
import { readPluginFile } from '../../../src/cli/read-plugin-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-plugins-folder-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);

const manifest: PluginManifest = {
  id: 'depth-mine',
  version: '1.0.0',
  kind: 'depth',
  label: 'Mine',
  author: 'A. Stranger',
  licence: 'MIT',
  apiVersion: 1,
  hosts: [],
  models: [],
  sees: ['photo'],
};
const text = `${manifestComment(manifest)}\nexport default {};\n`;
const read = (from: string): ReturnType<typeof readPluginFile> => readPluginFile(from, 'unflat plugins add', new AbortController().signal);
const usage = (words: RegExp) => (error: unknown) => error instanceof UsageError && words.test(error.message);

test('what is no file is refused by what it is, with what to give instead', async () => {
  mkdirSync(at('empty'));
  mkdirSync(at('depth-made', 'dist'), { recursive: true });
  writeFileSync(at('depth-made', 'dist', 'depth-made.js'), text);
  writeFileSync(at('nothing.js'), '');
  writeFileSync(at('large.js'), new Uint8Array(8 * 2 ** 20 + 1));
  symlinkSync(at('round.js'), at('round.js'));
  for (const [name, words] of [
    ['missing.js', /missing\.js: it is not there\. Give a plugin’s file, or its address with https:\/\/ before it\.$/],
    ['empty', /empty: it is a folder\. Give a plugin’s file/],
    ['depth-made', /depth-made: it is a folder\. Give the plugin’s file in it: .*depth-made\/dist\/depth-made\.js\.$/],
    ['nothing.js', /nothing\.js: it is empty/],
    ['large.js', /large\.js: it is larger than the 8 MB/],
    ['round.js', /round\.js: it is a link that leads to itself/],
    ['nothing.js/x.js', /it is not there: a part of its path is a file/],
    ['example.org/x.js', /it is not there/],
  ] as const)
    await assert.rejects(read(at(name)), usage(words), name);
  await assert.rejects(read('a:b.js'), usage(/a:b\.js: it is not there/));
  await assert.rejects(read('https:b.js'), usage(/https:b\.js: it is not there/));
});

test('what the system makes up as it is read, and a device, are refused at once', { skip: !existsSync('/proc/self/status') }, async () => {
  for (const path of ['/proc/self/status', '/proc/self/pagemap', '/dev/zero', '/dev/null', '/proc'])
    await assert.rejects(read(path), usage(/: it is (?:empty|no file|a folder)\./), path);
});

test('a file with marks of its byte order before it is a plugin, also when it was kept', async () => {
  writeFileSync(at('marks.js'), `\uFEFF\uFEFF${text}`);
  const { bytes, from } = await read(at('marks.js'));
  const kept = new PluginsFolder(at('kept'));
  await kept.add({ manifest, bytes, from, hosts: [] });
  const found = await kept.list();
  assert.deepEqual([kept.warnings, found.map(({ manifest: { id } }) => id)], [[], ['depth-mine']]);
});

test('a folder, a device and a damaged file among the plugins are left out in plain words; the others stay', async () => {
  const kept = new PluginsFolder(at('mixed'));
  await kept.add({ manifest, bytes: Buffer.from(text), from: 'mine.js', hosts: [] });
  mkdirSync(at('mixed', 'x.js'));
  symlinkSync('/dev/zero', at('mixed', 'zero.js'));
  writeFileSync(at('mixed', 'bare.js'), text);
  writeFileSync(at('mixed', 'none.js'), 'export default 1;');
  writeFileSync(at('mixed', 'none.json'), '{}');
  assert.deepEqual(
    (await kept.list()).map(({ manifest: { id } }) => id),
    ['depth-mine'],
  );
  const words = kept.warnings.map((warning) => warning.replace(at('mixed'), '…'));
  assert.equal(
    words[0],
    '…/bare.js is left out: bare.json, which says where it came from, is not there. Remove it (unflat plugins remove bare) or add it again.',
  );
  assert.match(
    words[1]!,
    /^…\/none\.js is left out: none\.js is not a plugin for Unflat: .* the right file\. Remove it \(unflat plugins remove none\)/,
  );
  assert.equal(words[2], '…/x.js is left out: it is a folder, and no plugin. Move it elsewhere.');
  assert.match(words[3]!, /^…\/zero\.js is left out: it is no file\. /);
  await assert.rejects(kept.remove('x'), usage(/x\.js is a folder, and no plugin\. Move it elsewhere\./));
  await kept.remove('zero');
  await kept.remove('none');
  assert.deepEqual(readdirSync(at('mixed')), ['bare.js', 'depth-mine.js', 'depth-mine.json', 'x.js']);
});

test('a folder that cannot be read or written is said, and nothing is left behind in it', async () => {
  writeFileSync(at('file'), '');
  for (const path of [at('file'), at('file', 'plugins')]) {
    const kept = new PluginsFolder(path);
    assert.deepEqual(await kept.list(), []);
    assert.match(
      kept.warnings.join(),
      /the folder of plugins, .*file.*, is a file or lies in one\. Set UNFLAT_PLUGINS to another folder\.$/,
    );
    await assert.rejects(
      kept.add({ manifest, bytes: Buffer.from(text), from: 'mine.js', hosts: [] }),
      (error) =>
        error instanceof CliError &&
        error.code === 'io' &&
        /depth-mine\.js could not be written: a (?:part of its path is a file|file has the name)/.test(error.message),
    );
    await assert.rejects(kept.remove('depth-mine'), (error) => error instanceof CliError && error.code === 'io');
  }
  const taken = new PluginsFolder(at('taken'));
  mkdirSync(at('taken', 'depth-mine.js'), { recursive: true });
  await assert.rejects(
    taken.add({ manifest, bytes: Buffer.from(text), from: 'mine.js', hosts: [] }),
    /depth-mine\.js could not be written: there is a folder of that name/,
  );
  assert.deepEqual(readdirSync(at('taken')), ['depth-mine.js']);
});

test('a folder that one may only read is said', { skip: process.getuid?.() === 0 }, async () => {
  const kept = new PluginsFolder(at('closed'));
  await kept.add({ manifest, bytes: Buffer.from(text), from: 'mine.js', hosts: [] });
  chmodSync(at('closed'), 0o555);
  after(() => chmodSync(at('closed'), 0o755));
  await assert.rejects(kept.remove('depth-mine'), /depth-mine\.js could not be removed: you may not write there\./);
});
