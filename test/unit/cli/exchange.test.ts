import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { FileExchange, type Exchange } from '../../../src/cli/file-exchange.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-exchange-'));
const at = (...names: string[]): string => join(folder, ...names);
const exchange = new FileExchange();
before(() => exchange.start());
after(async () => {
  await exchange.dispose();
  rmSync(folder, { recursive: true });
});

function open(changes: Partial<Exchange>): { get(index: number): Promise<Response>; put(name: string, text: string): Promise<Response> } {
  const { inputUrl, put } = exchange.open({
    inputs: [],
    guard: { named: [], overwrite: false },
    target: (_, name) => at('out', name),
    written: () => {},
    ...changes,
  });
  const url = (path: string): string => exchange.appUrl.replace(/\/$/, '') + path;
  return {
    get: (index) => fetch(url(inputUrl(index))),
    put: (name, text) => fetch(url(`${put}/output/${name}`), { method: 'PUT', body: text }),
  };
}

test('an input that cannot be read to its end breaks off its own answer and nothing else', async () => {
  mkdirSync(at('folder'));
  writeFileSync(at('photo'), 'photo');
  const { get } = open({ inputs: [at('folder'), at('photo'), Buffer.from('from stdin'), at('gone')] });
  await assert.rejects(async () => (await get(0)).text());
  assert.equal(await (await get(1)).text(), 'photo');
  assert.equal(await (await get(2)).text(), 'from stdin');
  assert.equal((await get(3)).status, 500);
});

test('what a link leads to is written, and nothing half-written stays', async () => {
  mkdirSync(at('out'));
  const ours = 'ply\nformat ascii 1.0\ncomment made by Unflat\nend_header\n';
  writeFileSync(at('real.ply'), ours);
  symlinkSync(at('real.ply'), at('out', 'a.ply'));
  const { put } = open({});
  assert.equal((await put('a.ply', `${ours}new`)).status, 204);
  assert.ok(lstatSync(at('out', 'a.ply')).isSymbolicLink());
  assert.equal(readFileSync(at('real.ply'), 'utf8'), `${ours}new`);
  assert.deepEqual(readdirSync(at('out')), ['a.ply']);
});

test('a file that cannot be written is named with what to do', async () => {
  writeFileSync(at('file'), '');
  const refused = await open({ target: () => at('file', 'below', 'a.ply') }).put('a.ply', 'x');
  assert.equal(refused.status, 500);
  assert.match(await refused.text(), /a\.ply could not be written: .*choose another folder with --out/);
  const full = new Writable({ write: (_piece, _encoding, done) => done(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' })) });
  assert.equal(
    await (await open({ target: () => full }).put('a.ply', 'x')).text(),
    'stdout could not be written: the disk is full; free some space.',
  );
});
