import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, del, get, keys, set } from 'idb-keyval';
import { UnflatError, type DownloadProgress, type ModelRow } from '../../../src/core/index.ts';
import { ModelStore } from '../../../src/store/index.ts';
import { modelRow, noise, sha256Of } from '../../fixtures/model-row.ts';
import { hostileServer, type Behaviour } from '../../helpers/hostile-server.ts';
import { withoutDatabase } from '../../helpers/without-database.ts';

const CHUNK = 1000;
const BYTES = noise(25_300);
const HASH = sha256Of(BYTES);
const server = await hostileServer({});
let count = 0;

/** A fresh store, and a row for a fresh address that behaves so. */
function setUp(behaviour: Partial<Behaviour> = {}, known = true) {
  const path = `m${++count}.onnx`;
  server.files[path] = { bytes: BYTES, ...behaviour };
  const row = modelRow([
    { path: 'm.onnx', url: `${server.url}${path}`, sizeBytes: known ? BYTES.length : null, sha256: known ? HASH : null },
  ]);
  const name = `models-${count}`;
  const open = (): ModelStore => new ModelStore({ name, download: { chunkBytes: CHUNK, retryMs: 5, stallMs: 300 } });
  const asked = (): (string | undefined)[] => server.asked.filter((each) => each.path === path).map(({ range }) => range);
  return { path, row, name, open, store: open(), asked, file: server.files[path], database: createStore(name, 'records') };
}

const fails = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UnflatError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  assert.doesNotMatch(error.message, /undefined|\[object|NaN/);
  return true;
};

async function bytesOf(store: ModelStore, row: ModelRow): Promise<Uint8Array> {
  const { files } = await store.read(row.id);
  return files[0]!.bytes;
}

test('a model is fetched once, listed with size and licence, read back to the byte, and removed', async () => {
  const { store, open, row, asked, database } = setUp();
  assert.deepEqual(await store.list(), []);
  const steps: DownloadProgress[] = [];
  await store.fetch(row, { onProgress: (step) => steps.push(step) });
  assert.ok(steps.length > 10 && steps.at(-1)?.receivedBytes === BYTES.length);
  assert.ok(steps.every(({ totalBytes, elsewhere }) => totalBytes === BYTES.length && !elsewhere));
  assert.ok((steps.at(-1)?.bytesPerSecond ?? 0) > 0 && steps.at(-1)?.secondsLeft === 0);
  const again = open();
  await again.fetch(row);
  assert.deepEqual(asked(), [undefined], 'asked for once only');
  assert.deepEqual(await bytesOf(again, row), BYTES);
  await again.note(row.id, { usedAt: 1234, failedProviders: ['webgpu'] });
  const [model] = await open().list();
  assert.deepEqual(
    [model?.row.licence, model?.state, model?.storedBytes, model?.usedAt, model?.failedProviders, model?.isOwn],
    ['MIT', 'ready', BYTES.length, 1234, ['webgpu'], false],
  );
  assert.deepEqual((await open().read(row.id)).failedProviders, ['webgpu']);
  await again.remove(row.id);
  assert.deepEqual(await open().list(), []);
  await assert.rejects(again.read(row.id), fails('no-model', /not on this device/));
  assert.deepEqual(
    (await keys<string>(database)).filter((key) => !key.startsWith('trust:')),
    [],
    'nothing stays behind',
  );
});

test('a download that breaks off goes on by itself where it stopped', async () => {
  const { store, row, asked } = setUp({ cutAfter: 10_500, cuts: 1 });
  await store.fetch(row);
  assert.deepEqual(asked(), [undefined, 'bytes=10500-']);
  assert.deepEqual(await bytesOf(store, row), BYTES);
});

test('a download cut at 99 % is never run, says so, and goes on another day', async () => {
  const { store, open, row, file } = setUp({ cutAfter: 0 });
  file.cutAfter = 25_100;
  const broken = store.fetch(row, { onProgress: ({ receivedBytes }) => void (receivedBytes >= 25_000 && (file.cutAfter = 0)) });
  await assert.rejects(
    broken,
    fails(
      'download-failed',
      /Test model: the connection to localhost:\d+ broke off at 99 % \(25 kB of 25 kB\)\. What was downloaded is kept/,
    ),
  );
  const [model] = await open().list();
  assert.deepEqual([model?.state, model?.storedBytes], ['partial', 25_100]);
  await assert.rejects(open().read(row.id), fails('no-model', /only partly downloaded/));
  delete file.cutAfter;
  await open().fetch(row);
  assert.deepEqual(await bytesOf(open(), row), BYTES);
});

test('a stopped download keeps what has arrived; the next one goes on behind it', async () => {
  const { store, open, row, asked, file } = setUp({ rate: 60_000 });
  const stop = new AbortController();
  const reason = new Error('stopped by the person');
  const onProgress = ({ receivedBytes }: DownloadProgress): void => void (receivedBytes > 6000 && stop.abort(reason));
  await assert.rejects(store.fetch(row, { signal: stop.signal, onProgress }), (error) => error === reason);
  delete file.rate;
  const first: number[] = [];
  await open().fetch(row, { onProgress: ({ receivedBytes }) => first.push(receivedBytes) });
  assert.ok((first[0] ?? 0) > 6000 && (first[0] ?? 0) < BYTES.length, `went on at ${first[0]}`);
  assert.match(asked()[1] ?? '', /^bytes=[6-9]\d{3}-$/);
  assert.deepEqual(await bytesOf(open(), row), BYTES);
});

test('a server without ranges is asked for the whole again', async () => {
  const { store, row, asked } = setUp({ cutAfter: 10_500, cuts: 1, ranges: false });
  await store.fetch(row);
  assert.deepEqual(asked(), [undefined, 'bytes=10500-']);
  assert.deepEqual(await bytesOf(store, row), BYTES);
});

test('a silent connection counts as broken', async () => {
  const { store, row, file } = setUp({ hangAfter: 5000 });
  setTimeout(() => delete file.hangAfter, 150);
  await store.fetch(row);
  assert.deepEqual(await bytesOf(store, row), BYTES);
});

test('a server that takes the question and never answers is given up, at first and between two parts', async () => {
  const { store, row } = setUp({ mute: true });
  await assert.rejects(
    store.fetch(row),
    fails('download-failed', /Test model: localhost:\d+ cannot be reached; check the connection and try again/),
  );
  const part = setUp({ cutAfter: 10_500 });
  const progress = (): void => void (part.file.mute = true);
  await assert.rejects(
    part.store.fetch(part.row, { onProgress: ({ receivedBytes }) => receivedBytes >= 10_000 && progress() }),
    fails('download-failed', /broke off at 4\d %.*download again to resume/),
  );
  Object.assign(part.file, { mute: false, cuts: 0 });
  await part.store.fetch(part.row);
  assert.deepEqual(part.asked().at(-1), 'bytes=10500-');
});

test('a part that nobody asked for is refused, once', async () => {
  const { store, row, asked } = setUp({ unasked: true });
  await assert.rejects(store.fetch(row), fails('download-failed', /cannot answer right now \(206\); try again later/));
  assert.equal(asked().length, 1);
});

test('a file that changed between two tries is fetched from the start', async () => {
  const { store, row, file, asked } = setUp({ cutAfter: 10_500, cuts: 1 });
  const fetched = store.fetch(row, {
    onProgress({ receivedBytes }) {
      if (receivedBytes === 10_000) Object.assign(file, { etag: '"another"' });
    },
  });
  await fetched;
  assert.deepEqual(asked(), [undefined, 'bytes=10500-', undefined]);
  assert.deepEqual(await bytesOf(store, row), BYTES);
});

test('a part that starts elsewhere is not taken for the rest', async () => {
  const { store, row } = setUp({ cutAfter: 10_500, cuts: 1, wrongStart: true });
  await store.fetch(row);
  assert.deepEqual(await bytesOf(store, row), BYTES);
});

for (const [what, behaviour, message] of [
  [
    'a web page',
    { bytes: new TextEncoder().encode('<!doctype html><p>Sign in'), type: 'text/html; charset=utf-8' },
    /localhost:\d+ sent a web page.*sign-in.*Open http/,
  ],
  [
    'a web page that says it is a file',
    { bytes: new TextEncoder().encode('\n<html><p>Sign in'), length: null },
    /sent a web page or a text/,
  ],
  [
    'a pointer to the file',
    { bytes: new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:abc'), length: null },
    /sent a web page or a text/,
  ],
  [
    'other bytes of the same length',
    { bytes: noise(BYTES.length, 7) },
    /sent another file than expected \(25300 bytes, SHA-256 [0-9a-f]{12}… instead of [0-9a-f]{12}….*deleted/,
  ],
  ['a file that is far too long', { bytes: noise(90_000) }, /has 90000 bytes or more instead of 25300/],
  ['a file that is too long, and lies about it', { bytes: noise(26_000), length: null }, /bytes or more instead of 25300/],
  ['nothing any more', { status: 404 }, /no longer has this file \(404\)\. Choose another model/],
  ['a closed door', { status: 403 }, /does not allow this file to be downloaded \(403\)/],
  ['a bad day', { status: 503 }, /cannot answer right now \(503\); try again later/],
] as const) {
  test(`${what} instead of the model is refused and not kept`, async () => {
    const { store, row } = setUp(behaviour);
    await assert.rejects(store.fetch(row), fails('download-failed', message));
    assert.deepEqual(await store.list(), []);
    await assert.rejects(store.read(row.id), fails('no-model', /download it first/));
  });
}

test('a file that ends early is not taken for the whole', async () => {
  const { store, row } = setUp({ bytes: BYTES.subarray(0, 25_000), length: null });
  await assert.rejects(store.fetch(row), fails('download-failed', /broke off at 98 %/));
  assert.equal((await store.list())[0]?.state, 'partial');
});

test('a compressed answer is as good as another', async () => {
  const { store, row } = setUp({ gzip: true });
  await store.fetch(row);
  assert.deepEqual(await bytesOf(store, row), BYTES);
  const unknown = setUp({ gzip: true }, false);
  await unknown.store.fetch(unknown.row);
  assert.deepEqual(await bytesOf(unknown.store, unknown.row), BYTES);
});

test('a host that is not there is named, with what to do', async () => {
  const { store, row } = setUp();
  const files = [{ ...row.files[0]!, url: 'http://localhost:9/m.onnx' }];
  await assert.rejects(store.fetch({ ...row, files }), fails('download-failed', /localhost:9 cannot be reached; check the connection/));
});

test('where no hash is known the first one is remembered, and another file is refused, even after the model was removed', async () => {
  const { store, open, row, file } = setUp({}, false);
  await store.fetch(row);
  const [model] = await store.list();
  assert.deepEqual(model?.row.files, [{ ...row.files[0], sizeBytes: BYTES.length, sha256: HASH }]);
  await store.remove(row.id);
  file.bytes = noise(25_300, 3);
  await assert.rejects(
    open().fetch(row),
    fails(
      'download-failed',
      /is not the one that was downloaded the first time.*If you trust the new one, download http.* by hand and add it/,
    ),
  );
  assert.deepEqual(await open().list(), []);
  file.bytes = BYTES;
  await open().fetch(row);
  assert.deepEqual(await bytesOf(open(), row), BYTES);
});

test('without a hash and without a mark of the version nothing is pieced together', async () => {
  const { store, row, asked } = setUp({ etag: null, cutAfter: 10_500, cuts: 1 }, false);
  await store.fetch(row);
  assert.deepEqual(await bytesOf(store, row), BYTES);
  assert.deepEqual(asked(), [undefined, undefined]);
});

for (const damage of ['flip', 'cut', 'lost'] as const) {
  test(`a chunk that was damaged (${damage}) is found out, and only what is damaged is fetched again`, async () => {
    const { store, open, row, asked, database } = setUp();
    await store.fetch(row);
    const key = `chunk:${row.id}/m.onnx/9`;
    const bytes = new Uint8Array(await (await get<Blob>(key, database))!.arrayBuffer());
    bytes[500]! ^= 1;
    if (damage === 'lost') await del(key, database);
    else await set(key, new Blob([damage === 'cut' ? bytes.subarray(0, 99) : bytes]), database);
    await assert.rejects(open().read(row.id), fails('no-model', /is damaged on this device and is not used; download it again/));
    assert.deepEqual(
      (await open().list()).map(({ state, storedBytes }) => [state, storedBytes]),
      [['partial', 9000]],
    );
    await open().fetch(row);
    assert.deepEqual(asked(), [undefined, 'bytes=9000-']);
    assert.deepEqual(await bytesOf(open(), row), BYTES);
  });
}

test('two that want the same model share one download; the one that waits sees how far it is', async () => {
  const { open, row, asked } = setUp({ rate: 100_000 });
  const seen: boolean[] = [];
  await Promise.all([open().fetch(row), open().fetch(row, { onProgress: ({ elsewhere }) => seen.push(elsewhere) })]);
  assert.deepEqual(asked(), [undefined]);
  assert.equal(seen[0], true);
});

test('a model of two files is whole only with both', async () => {
  const { store, row, path } = setUp();
  server.files[`${path}_data`] = { bytes: noise(5000, 4) };
  const two = {
    ...row,
    files: [...row.files, { path: 'm.onnx_data', url: `${row.files[0]!.url}_data`, sizeBytes: null, aboutBytes: 5000, sha256: null }],
  };
  const totals = new Set<number | null>();
  await store.fetch(two, { onProgress: ({ totalBytes }) => totals.add(totalBytes) });
  assert.deepEqual([...totals], [30_300]);
  assert.deepEqual(
    (await store.read(row.id)).files.map(({ path: name, bytes }) => [name, bytes.length]),
    [
      ['m.onnx', 25_300],
      ['m.onnx_data', 5000],
    ],
  );
});

test('a catalogue that means another file now makes the old one go', async () => {
  const { store, row, file } = setUp();
  await store.fetch(row);
  const next = noise(8000, 9);
  file.bytes = next;
  await store.fetch({
    ...row,
    files: [{ ...row.files[0]!, url: `${row.files[0]!.url}?v=2`, sizeBytes: next.length, sha256: sha256Of(next) }],
  });
  assert.deepEqual(await bytesOf(store, row), next);
});

test('own files are kept, known as own, and checked where the row knows their hash', async () => {
  const { store, open, row } = setUp();
  const own = modelRow([{ path: 'mine.onnx', sizeBytes: null, sha256: null }], { id: 'own-mine' });
  await store.add(own, [{ path: 'mine.onnx', blob: new Blob([BYTES]) }], true);
  const [model] = await open().list();
  assert.deepEqual([model?.isOwn, model?.row.files[0]?.sha256, model?.state], [true, HASH, 'ready']);
  assert.deepEqual(await bytesOf(open(), own), BYTES);
  const wrong = [{ path: 'm.onnx', blob: new Blob([noise(25_300, 5)]) }];
  await assert.rejects(store.add(row, wrong, false), fails('bad-model', /m\.onnx is not the file of Test model/));
  assert.equal((await open().list()).length, 1, 'nothing of it stays');
  await assert.rejects(store.add(row, [], false), fails('bad-model', /needs the file m\.onnx too/));
});

test('room is checked before; kept results go first; a full disk is a clear message', async () => {
  const { name, row, asked } = setUp();
  const real = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const estimate = { quota: 10e6, usage: 9.99e6 };
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { storage: { estimate: () => Promise.resolve(estimate) } } });
  try {
    const released: number[] = [];
    const store = new ModelStore({ name, results: { release: (bytes) => Promise.resolve((released.push(bytes), 0)) } });
    await assert.rejects(
      store.fetch(row),
      fails('storage-full', /Test model needs 25 kB on this device, and this browser has room for 10 kB\. Remove a model/),
    );
    assert.ok((released[0] ?? 0) > 15_000);
    assert.deepEqual(asked(), [], 'not a byte was fetched');
    estimate.usage = 0;
    await store.fetch(row);
  } finally {
    if (real) Object.defineProperty(globalThis, 'navigator', real);
    else delete (globalThis as { navigator?: unknown }).navigator;
  }
});

test('a disk that fills up while a model arrives costs results first, then says so and keeps the part', async () => {
  const { name, row, open } = setUp();
  const put = IDBObjectStore.prototype.put;
  let room = 12;
  let released = 0;
  IDBObjectStore.prototype.put = function (...args) {
    if (room-- <= 0) throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, args);
  };
  try {
    const store = new ModelStore({
      name,
      download: { chunkBytes: CHUNK },
      results: { release: () => Promise.resolve((released++, (room = released === 1 ? 10 : 0), 0)) },
    });
    await assert.rejects(store.fetch(row), fails('storage-full', /the disk or the browser’s share of it is full/));
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  assert.equal(released, 2);
  const [model] = await open().list();
  assert.equal(model?.state, 'partial');
  await open().fetch(row);
  assert.deepEqual(await bytesOf(open(), row), BYTES);
});

test('without a database a model is here for this visit, and the person is told once', async () => {
  const { row } = setUp();
  const said: string[] = [];
  await withoutDatabase(async () => {
    const store = new ModelStore({ name: 'none', onWarning: (message) => said.push(message) });
    await store.fetch(row);
    assert.deepEqual(await bytesOf(store, row), BYTES);
    assert.deepEqual(
      (await store.list()).map(({ state, isPassing }) => [state, isPassing]),
      [['ready', true]],
    );
    assert.deepEqual(said.length, 1);
    assert.match(said[0]!, /stores nothing.*this visit only/);
  });
});

test('what a removal left behind when it was cut short is swept up', async () => {
  const { store, open, row, database } = setUp();
  await store.fetch(row);
  await del(`model:${row.id}`, database);
  assert.deepEqual(await open().list(), []);
  assert.deepEqual(
    (await keys<string>(database)).filter((key) => key.startsWith('chunk:')),
    [],
  );
});

test('a connection that the browser closed meanwhile is opened anew', async (t) => {
  const { store, row } = setUp();
  await store.fetch(row);
  const { transaction } = IDBDatabase.prototype;
  let lost = 0;
  t.mock.method(IDBDatabase.prototype, 'transaction', function (this: IDBDatabase, ...given: Parameters<typeof transaction>) {
    if (lost++ === 0) throw new DOMException('The database connection is closing.', 'InvalidStateError');
    return transaction.apply(this, given);
  });
  assert.deepEqual(
    (await store.list()).map(({ state }) => state),
    ['ready'],
  );
});

test('a database that fails once is asked again', async (t) => {
  const { store, open, row } = setUp();
  await open().fetch(row);
  const failing = t.mock.method(IDBObjectStore.prototype, 'getAllKeys', () => {
    throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
  });
  await assert.rejects(store.list(), /lost/);
  failing.mock.restore();
  assert.deepEqual(
    (await store.list()).map(({ state }) => state),
    ['ready'],
  );
});

test('progress is told while a chunk is still arriving', async () => {
  const { row, name } = setUp({ rate: 30_000 });
  const store = new ModelStore({ name });
  const steps: DownloadProgress[] = [];
  await store.fetch(row, { onProgress: (step) => steps.push(step) });
  assert.ok(steps.length >= 4, `${steps.length} steps for one chunk`);
  const middle = steps[Math.floor(steps.length / 2)]!;
  assert.ok(middle.bytesPerSecond > 15_000 && middle.bytesPerSecond < 60_000, `${middle.bytesPerSecond} bytes a second`);
  assert.ok(middle.secondsLeft !== null && middle.secondsLeft > 0.1 && middle.secondsLeft < 1, `${middle.secondsLeft} s left`);
});
