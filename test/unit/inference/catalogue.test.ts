import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { root } from '../../../src/cli/prepare.mjs';
import { parseCatalogue, parseRow } from '../../../src/inference/parse-catalogue.ts';
import { CATALOGUE_ROWS } from '../../../src/inference/catalogue-rows.ts';

const raw = JSON.parse(readFileSync(join(root, 'models/catalogue.json'), 'utf8')) as { version: number; models: Record<string, unknown>[] };
const copy = <T>(value: T): T => structuredClone(value);

test('the catalogue reads back as it is written, with nothing unknown in it', () => {
  assert.deepEqual(CATALOGUE_ROWS, raw.models);
});

test('every row names a plugin that is there, an address to fetch from and honest figures', () => {
  const plugins = new Set(readdirSync(join(root, 'plugins')));
  // A quick and a good model, both for machines without a graphics card, are the least.
  assert.ok(CATALOGUE_ROWS.some(({ speed, providers }) => speed === 5 && providers.includes('wasm')));
  assert.ok(CATALOGUE_ROWS.some(({ quality, providers }) => quality >= 4 && providers.includes('wasm')));
  for (const { id, plugin, kind, files, embedded } of CATALOGUE_ROWS) {
    assert.equal(plugin.split('-')[0], kind, `${id} is run by a plugin of its kind`);
    if (plugins.has(plugin)) assert.ok(readdirSync(join(root, 'plugins', plugin)).includes('index.ts'), id);
    for (const file of embedded ? [] : files) {
      assert.match(file.url ?? '', /^https:\/\//, id);
      assert.ok(file.sizeBytes !== null || file.aboutBytes !== undefined || files.length > 1, `${id} says how large it is`);
      if (file.url?.includes('github.com')) assert.equal(file.byHand, true, `${id}: release files answer no web page`);
    }
  }
});

test('what is built in is there, is what its row says, is small, and is called by its name', () => {
  for (const { label, quality, kind, files, providers } of CATALOGUE_ROWS.filter(({ embedded }) => embedded)) {
    const bytes = files.map(({ path }) => readFileSync(join(root, 'models', path)));
    assert.deepEqual(
      files.map(({ sizeBytes, sha256 }) => [sizeBytes, sha256]),
      bytes.map((file) => [file.length, createHash('sha256').update(file).digest('hex')]),
    );
    assert.ok(bytes.reduce((sum, { length }) => sum + length, 0) <= 4e6, `${label} has at most 4 MB`);
    assert.deepEqual([label, quality, kind], ['Built-in depth model', 1, 'depth'], 'it is the least of all, and says so');
    assert.equal(providers[0], 'wasm', 'what runs it on the processor is what the first visit keeps');
  }
});

test('only the catalogue says what is built in, and with all that is needed to know the file', () => {
  const embedded = { ...copy(raw.models[0]!), embedded: true };
  assert.equal(parseRow(embedded).embedded, undefined);
  assert.equal(parseCatalogue({ version: 1, models: [embedded] })[0]?.embedded, true);
  const fails = (row: Record<string, unknown>, message: RegExp) =>
    assert.throws(() => parseCatalogue({ version: 1, models: [row] }), message);
  fails({ ...embedded, embedded: 'yes' }, /catalogue\.models\[0\]\.embedded must be true or absent/);
  fails(
    { ...embedded, files: [{ path: 'x.onnx', sizeBytes: null, sha256: null }] },
    /catalogue\.models\[0\]\.files\[0\] must have its sizeBytes and sha256/,
  );
});

const good = raw.models[0]!;
type Draft = Record<string, unknown> & { files: [Record<string, unknown>]; input: object; output: object };
const wrongs: [string, (row: Draft) => void, RegExp][] = [
  ['an id in capitals', (row) => Object.assign(row, { id: 'MiDaS' }), /^row\.id must be an id/],
  [
    'a kind that does not exist',
    (row) => Object.assign(row, { kind: 'normals' }),
    /^row\.kind must be one of depth, inpaint, got "normals"$/,
  ],
  ['no files', (row) => Object.assign(row, { files: [] }), /^row\.files must be a list of 1 to 64/],
  [
    'a file that leads out of the folder',
    (row) => Object.assign(row.files[0], { path: '../../x' }),
    /^row\.files\[0\]\.path must be a plain file name/,
  ],
  ['a file that hides', (row) => Object.assign(row.files[0], { path: 'data/.profile' }), /^row\.files\[0\]\.path/],
  ['a name that Windows keeps for itself', (row) => Object.assign(row.files[0], { path: 'nul.onnx' }), /^row\.files\[0\]\.path/],
  ['the row’s own name for a file', (row) => Object.assign(row.files[0], { path: 'Model.json' }), /^row\.files\[0\]\.path/],
  [
    'an address without encryption',
    (row) => Object.assign(row.files[0], { url: 'http://example.com/x' }),
    /^row\.files\[0\]\.url must be an https address/,
  ],
  ['an address that is a script', (row) => Object.assign(row.files[0], { url: 'javascript:alert(1)' }), /^row\.files\[0\]\.url/],
  ['half a hash', (row) => Object.assign(row.files[0], { sha256: 'afb6a5c2' }), /^row\.files\[0\]\.sha256 must be 64/],
  ['a negative length', (row) => Object.assign(row.files[0], { sizeBytes: -1 }), /^row\.files\[0\]\.sizeBytes must be an integer from 1/],
  [
    'a shape without colours',
    (row) => Object.assign(row.input, { shape: [1, 1, 'height', 'width'] }),
    /^row\.input\.shape must be a list that holds 3 once/,
  ],
  ['a standard deviation of 0', (row) => Object.assign(row.input, { std: [1, 0, 1] }), /^row\.input\.std\[1\] must be above 0, got 0/],
  [
    'a size beyond reason',
    (row) => Object.assign(row.input, { size: { rule: 'fixed', width: 1e9, height: 1 } }),
    /^row\.input\.size\.width/,
  ],
  ['a meaning that nobody knows', (row) => Object.assign(row.output, { meaning: 'nearness' }), /^row\.output\.meaning/],
  ['no provider', (row) => Object.assign(row, { providers: [] }), /^row\.providers/],
  [
    'a constant of the wrong length',
    (row) => Object.assign(row, { constants: { n: { type: 'int64', dims: [2], data: [1] } } }),
    /^row\.constants\.n\.data/,
  ],
];
for (const [what, spoil, message] of wrongs) {
  test(`a row with ${what} is refused by its path`, () => {
    const row = copy(good) as Draft;
    spoil(row);
    assert.throws(
      () => parseRow(row),
      (error: unknown) => error instanceof TypeError && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}

test('what a row does not know is left out, so that it cannot travel on', () => {
  assert.deepEqual(parseRow({ ...copy(good), html: '<script>', __proto__: null }), good);
});

test('one id cannot stand for two models', () => {
  assert.throws(() => parseCatalogue({ version: 1, models: [good, good] }), /models\[1\]\.id must be its own, got tcmonodepth-small again/);
});

test('whatever comes in, there is a row or a TypeError', () => {
  const check = (value: unknown): void => {
    try {
      const row = parseRow(value);
      assert.deepEqual(parseRow(copy(row)), row);
    } catch (error) {
      assert.ok(error instanceof TypeError, String(error));
    }
  };
  fc.assert(fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }), check), { numRuns: 500 });
  // Rows that are right but for one place.
  const paths = leaves(good);
  fc.assert(
    fc.property(fc.constantFrom(...raw.models), fc.constantFrom(...paths), fc.anything(), (base, path, value) => {
      const row = copy(base);
      let at = row;
      for (const key of path.slice(0, -1)) at = (at[key] ?? {}) as Record<string, unknown>;
      at[path.at(-1)!] = value;
      check(row);
    }),
    { numRuns: 2000 },
  );
});

function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [...(path.length ? [path] : []), ...Object.entries(value).flatMap(([key, entry]) => leaves(entry, [...path, key]))];
}
