import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../../src/cli/prepare.mjs';
import { UnflatError, type DownloadProgress } from '../../../src/core/index.ts';
import { loadCatalogue } from '../../../src/inference/index.ts';
import { ModelsFolder, defaultModelsFolder } from '../../../src/cli/models-folder.ts';
import { progressWords } from '../../../src/cli/models-command.ts';
import { modelRow, noise, sha256Of } from '../../fixtures/model-row.ts';
import { depthAnything3Like, midasLike } from '../../fixtures/depth-models.ts';
import { hostileServer, type Behaviour } from '../../helpers/hostile-server.ts';

const top = mkdtempSync(join(tmpdir(), 'unflat-models-'));
after(() => rmSync(top, { recursive: true, force: true }));
const BYTES = noise(25_300);
const server = await hostileServer({});
let count = 0;

/** A folder, and a row whose address behaves so. */
function setUp(behaviour: Partial<Behaviour> = {}, known = true) {
  const path = `m${++count}.onnx`;
  server.files[path] = { bytes: BYTES, ...behaviour };
  const row = modelRow([
    { path: 'm.onnx', url: `${server.url}${path}`, sizeBytes: known ? BYTES.length : null, sha256: known ? sha256Of(BYTES) : null },
  ]);
  const at = (...names: string[]): string => join(top, String(count), ...names);
  const asked = (): (string | undefined)[] => server.asked.filter((each) => each.path === path).map(({ range }) => range);
  const here = at();
  return {
    row,
    at: (...names: string[]): string => join(here, ...names),
    asked,
    file: server.files[path],
    folder: new ModelsFolder(at(), [row]),
  };
}

const fails = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UnflatError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

test('a model is fetched into its own folder, with its row beside it, and nothing else stays there', async () => {
  const { folder, row, at, asked } = setUp();
  assert.deepEqual(
    (await folder.list()).map(({ state }) => state),
    ['absent'],
  );
  assert.ok(!existsSync(at()), 'looking leaves no traces');
  const steps: DownloadProgress[] = [];
  const model = await folder.fetch(row.id, { onProgress: (step) => steps.push(step) });
  assert.deepEqual([model.state, model.storedBytes, model.paths], ['ready', BYTES.length, [at(row.id, 'm.onnx')]]);
  assert.deepEqual(new Uint8Array(readFileSync(at(row.id, 'm.onnx'))), BYTES);
  assert.deepEqual(readdirSync(at(row.id)).sort(), ['m.onnx', 'model.json']);
  await folder.fetch(row.id);
  assert.deepEqual(asked(), [undefined]);
  assert.match(progressWords(row.id, steps.at(-1)!), /^test-model: 100 % {2}25 kB of 25 kB/);
  await folder.remove(row.id);
  assert.deepEqual(
    (await folder.list()).map(({ state, storedBytes }) => [state, storedBytes]),
    [['absent', 0]],
  );
  await assert.rejects(folder.remove(row.id), fails('no-model', /is not in .*; nothing to remove/));
});

test('a stopped fetch leaves a part, which is not taken for the model, and goes on there', async () => {
  const { folder, row, at, asked, file } = setUp({ rate: 60_000 });
  const stop = new AbortController();
  const reason = new Error('Stopped.');
  // In the middle, however slow the machine is: some bytes have come, and more are to come.
  const onProgress = ({ receivedBytes }: DownloadProgress): void => {
    if (receivedBytes > 0) stop.abort(reason);
  };
  await assert.rejects(folder.fetch(row.id, { signal: stop.signal, onProgress }), (error) => error === reason);
  const [part] = await folder.list();
  assert.equal(part?.state, 'partial');
  assert.ok(part.storedBytes > 0 && part.storedBytes === statSync(at(row.id, 'm.onnx.part')).size);
  assert.ok(!existsSync(at(row.id, '.fetching')), 'the next one may go on');
  delete file.rate;
  await folder.fetch(row.id);
  assert.equal(asked()[1], `bytes=${part.storedBytes}-`);
  assert.deepEqual(readdirSync(at(row.id)).sort(), ['m.onnx', 'model.json']);
});

test('what was fetched is another file: refused, nothing kept', async () => {
  const { folder, row, at } = setUp({ bytes: noise(BYTES.length, 3) });
  await assert.rejects(folder.fetch(row.id), fails('download-failed', /sent another file than expected/));
  assert.deepEqual(readdirSync(at(row.id)), []);
});

test('where no hash is known the first one holds, also after the model was removed', async () => {
  const { folder, row, file } = setUp({}, false);
  const model = await folder.fetch(row.id);
  assert.equal(model.row.files[0]?.sha256, sha256Of(BYTES));
  await folder.remove(row.id);
  file.bytes = noise(BYTES.length, 4);
  await assert.rejects(folder.fetch(row.id), fails('download-failed', /is not the one that was downloaded the first time/));
});

test('a file of the catalogue that just lies there counts by its name and length, and not when it was cut', async () => {
  const { folder, row, at } = setUp();
  mkdirSync(at(), { recursive: true });
  writeFileSync(at('m.onnx'), BYTES);
  const [model] = await folder.list();
  assert.deepEqual([model?.state, model?.paths], ['ready', [at('m.onnx')]]);
  truncateSync(at('m.onnx'), 25_000);
  assert.equal((await folder.list())[0]?.state, 'absent');
  writeFileSync(at('m.onnx'), BYTES);
  await folder.remove(row.id);
  assert.deepEqual(readdirSync(at()), []);
});

test('a model whose file was cut or lost is fetched again', async () => {
  const { folder, row, at } = setUp();
  await folder.fetch(row.id);
  truncateSync(at(row.id, 'm.onnx'), 100);
  assert.notEqual((await folder.list())[0]?.state, 'ready');
  await folder.fetch(row.id);
  assert.deepEqual(new Uint8Array(readFileSync(at(row.id, 'm.onnx'))), BYTES);
});

test('own models are copied with their data, known again, and removed', async () => {
  const { folder, at } = setUp();
  mkdirSync(at('from'), { recursive: true });
  for (const { path, bytes } of depthAnything3Like().files) writeFileSync(at('from', path), bytes);
  await assert.rejects(folder.add([at('from', 'model.onnx')]), fails('bad-model', /keeps its weights in a second file, model\.onnx_data/));
  const model = await folder.add([at('from', 'model.onnx'), at('from', 'model.onnx_data')], { label: 'Deep', meaning: 'depth' });
  assert.deepEqual([model.row.id, model.isOwn, model.state, model.row.output.meaning], ['own-model', true, 'ready', 'depth']);
  writeFileSync(at('from', 'model.onnx'), midasLike().files[0]!.bytes);
  const other = await folder.add([at('from', 'model.onnx')]);
  assert.equal(other.row.id, 'own-model-2');
  const again = new ModelsFolder(at(), []);
  assert.deepEqual(
    (await again.list()).map(({ row, state }) => [row.id, row.label, state]),
    [
      ['own-model', 'Deep', 'ready'],
      ['own-model-2', 'model', 'ready'],
    ],
  );
  await again.remove('own-model');
  assert.deepEqual(
    (await again.list()).map(({ row }) => row.id),
    ['own-model-2'],
  );
  await assert.rejects(folder.add([at('nothing.onnx')]), fails('io', /nothing\.onnx is not a file/));
});

test('a row that somebody wrote into a folder is a model; one that is damaged is left out with a word', async () => {
  const { at } = setUp();
  mkdirSync(at('my-net'), { recursive: true });
  mkdirSync(at('broken'), { recursive: true });
  writeFileSync(at('my-net', 'net.onnx'), noise(300));
  writeFileSync(
    at('my-net', 'model.json'),
    JSON.stringify(modelRow([{ path: 'net.onnx', sizeBytes: null, sha256: null }], { id: 'my-net' })),
  );
  writeFileSync(at('broken', 'model.json'), '{"id": "broken", "label": 3');
  const folder = new ModelsFolder(at(), []);
  assert.deepEqual(
    (await folder.list()).map(({ row, state, isOwn }) => [row.id, state, isOwn]),
    [['my-net', 'ready', true]],
  );
  assert.match(folder.warnings.join(), /broken.model\.json is left out: /);
  writeFileSync(
    at('broken', 'model.json'),
    JSON.stringify({ ...modelRow([{ path: '../my-net/net.onnx', sizeBytes: null, sha256: null }]), id: 'broken' }),
  );
  await folder.list();
  assert.match(folder.warnings.join(), /row\.files\[0\]\.path must be a plain file name/);
});

test('two programs do not write into one file; what a killed one left is no obstacle', async () => {
  const { folder, row, at } = setUp();
  mkdirSync(at(row.id), { recursive: true });
  writeFileSync(at(row.id, '.fetching'), String(process.ppid));
  await assert.rejects(folder.fetch(row.id), fails('io', /is being downloaded by another program \(process \d+\)/));
  writeFileSync(at(row.id, '.fetching'), '999999999');
  assert.equal((await folder.fetch(row.id)).state, 'ready');
});

test('the folder is where the system keeps what can be fetched again, or where the person says', () => {
  assert.equal(defaultModelsFolder({ UNFLAT_MODELS: '/data/nets' }, 'linux'), '/data/nets');
  assert.equal(defaultModelsFolder({ XDG_CACHE_HOME: '/cache' }, 'linux'), join('/cache', 'unflat', 'models'));
  assert.match(defaultModelsFolder({}, 'linux'), /[\\/]\.cache[\\/]unflat[\\/]models$/);
  assert.match(defaultModelsFolder({}, 'darwin'), /Library[\\/]Caches[\\/]unflat[\\/]models$/);
  assert.equal(defaultModelsFolder({ LOCALAPPDATA: '/local' }, 'win32'), join('/local', 'unflat', 'models'));
});

const real = join(root, '../shared/models/tcmonodepth_tcsmallnet_192x320.onnx');
test('a folder with the real TCMonoDepth file has that model', { skip: !existsSync(real) && 'its file is not here' }, async () => {
  const { at } = setUp();
  const folder = new ModelsFolder(at(), await loadCatalogue());
  const model = await folder.add([real]);
  assert.deepEqual([model.row.id, model.isOwn, model.state], ['tcmonodepth-small', false, 'ready']);
  copyFileSync(real, at('renamed.onnx'));
  assert.equal((await folder.add([at('renamed.onnx')])).row.id, 'tcmonodepth-small');
});
