import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import 'fake-indexeddb/auto';
import { EmbeddedModels, LocalModels } from '../../../src/inference/index.ts';
import { UnflatError, type ModelRow } from '../../../src/core/index.ts';
import { ModelStore } from '../../../src/store/index.ts';
import { modelRow, noise } from '../../fixtures/model-row.ts';

const BYTES = noise(1234);
const FILE = { path: 'basic.onnx', sizeBytes: BYTES.length, sha256: createHash('sha256').update(BYTES).digest('hex') };
const basic: ModelRow = { ...modelRow([FILE]), id: 'basic', label: 'Built-in depth model', quality: 1, embedded: true };
const other: ModelRow = {
  ...modelRow([{ path: 'other.onnx', sizeBytes: 99, sha256: 'ab'.repeat(32), url: 'https://example.org/other.onnx' }]),
  id: 'other',
};

/** What lies beside the program. */
const beside = new Map<string, Uint8Array<ArrayBuffer>>();
const platformFetch = globalThis.fetch;
globalThis.fetch = async (address) => {
  const bytes = beside.get(address instanceof Request ? address.url : String(address));
  return bytes ? new Response(bytes) : new Response('nothing', { status: 404 });
};
after(() => (globalThis.fetch = platformFetch));

const folder = 'https://photos.example/app/models/';
const make = (): EmbeddedModels => new EmbeddedModels({ rows: [other, basic], folder });
const says = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof UnflatError && error.code === code && message.test(error.message);

test('a built-in model is read from beside the program, and is ready without being stored', async () => {
  beside.set(`${folder}basic.onnx`, BYTES);
  const models = make();
  assert.deepEqual(
    (await models.list()).map(({ row, state, storedBytes, isOwn }) => [row.id, state, storedBytes, isOwn]),
    [['basic', 'ready', 0, false]],
  );
  const { files } = await models.read('basic');
  assert.deepEqual(files, [{ path: 'basic.onnx', bytes: BYTES }]);
  await models.fetch('basic');
  await assert.rejects(models.remove('basic'), says('unsupported', /Built-in depth model.* is a part of Unflat/));
});

test('a file that is not there, or another one, is named with its address and what to do', async () => {
  beside.clear();
  await assert.rejects(
    make().read('basic'),
    says('no-model', /Built-in depth model.*https:\/\/photos\.example\/app\/models\/basic\.onnx.*404.*Reload the page/),
  );
  beside.set(`${folder}basic.onnx`, BYTES.slice(1));
  await assert.rejects(make().read('basic'), says('no-model', /another file, of 1233 bytes/));
  beside.set(
    `${folder}basic.onnx`,
    BYTES.map((byte, i) => (i === 700 ? byte ^ 1 : byte)),
  );
  await assert.rejects(make().read('basic'), says('no-model', /another file/));
  // A page that came over plain http is given no hashes by the browser.
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, 'crypto', { configurable: true, value: {} });
  try {
    await assert.rejects(make().read('basic'), says('no-model', /another file/));
  } finally {
    Object.defineProperty(globalThis, 'crypto', { configurable: true, value: crypto });
  }
  const stop = new AbortController();
  const reason = new Error('Stopped.');
  stop.abort(reason);
  beside.clear();
  await assert.rejects(make().read('basic', { signal: stop.signal }), (error) => error === reason);
});

test('among the models of a browser it stands in its place, and its use is remembered for the visit', async () => {
  beside.set(`${folder}basic.onnx`, BYTES);
  const models = new LocalModels({ rows: [other, basic], store: new ModelStore({ name: 'embedded-test' }), embedded: make() });
  assert.deepEqual(
    (await models.list()).map(({ row, state }) => [row.id, state]),
    [
      ['other', 'absent'],
      ['basic', 'ready'],
    ],
  );
  assert.deepEqual((await models.read('basic')).files[0]?.bytes, BYTES);
  await models.note('basic', { usedAt: 77 });
  assert.equal((await models.list())[1]?.usedAt, 77);
  await models.fetch('basic');
  await assert.rejects(models.remove('basic'), says('unsupported', /cannot be removed/));
  // Who adds its very file has it already.
  const { row } = await models.add([new File([BYTES], 'basic.onnx')]);
  assert.equal(row.id, 'basic');
});
