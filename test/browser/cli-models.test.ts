/** The command line with models: from a folder, without any model connection. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode, encode } from 'fast-png';
import type { ModelEntry } from '../../src/cli/models-command.ts';
import { root } from '../../src/cli/prepare.mjs';
import type { PhotoReport } from '../../src/cli/run-report.ts';
import type { ModelRow } from '../../src/core/index.ts';
import { MIX, depthAnythingLike, mogeLike, rawRangeLike, rowOf, type TestModel } from '../fixtures/depth-models.ts';
import { lamaLike } from '../fixtures/inpaint-models.ts';
import { commandLine, type CommandRun } from '../helpers/command-line.ts';
import { hostileServer } from '../helpers/hostile-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-cli-models-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);
const REAL = join(root, '../shared/models/tcmonodepth_tcsmallnet_192x320.onnx');
const noReal = { skip: !existsSync(REAL) && 'the real model’s file is not here' };

const unflat = (args: string[], env: NodeJS.ProcessEnv = {}): Promise<CommandRun> =>
  commandLine(folder, args, { UNFLAT_MODELS: at('none'), ...env });
const photoOf = ({ stdout, stderr }: CommandRun): PhotoReport => {
  assert.notEqual(stdout, '', stderr);
  return (JSON.parse(stdout) as { photos: PhotoReport[] }).photos[0]!;
};
const modelsOf = ({ stdout }: CommandRun): ModelEntry[] => (JSON.parse(stdout) as { models: ModelEntry[] }).models;

/** A model as somebody would write it by hand: a row and its files in a folder of its name. */
function writeModel(models: string, id: string, testModel: TestModel, changes: Partial<ModelRow> = {}): void {
  mkdirSync(at(models, id), { recursive: true });
  for (const { path, bytes } of testModel.files) writeFileSync(at(models, id, path), bytes);
  writeFileSync(at(models, id, 'model.json'), JSON.stringify(rowOf(id, testModel, changes), undefined, 1));
}

const WIDTH = 320;
const HEIGHT = 240;
/** Red grows to the right, green downwards, blue is bright in one corner: no symmetry. */
const colourAt = (x: number, y: number): number[] => [
  40 + (180 * x) / WIDTH,
  30 + (150 * y) / HEIGHT,
  20 + (200 * x * y) / (WIDTH * HEIGHT),
];
const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) rgb.set(colourAt(x, y).map(Math.round), (y * WIDTH + x) * 3);
writeFileSync(at('photo.png'), encode({ width: WIDTH, height: HEIGHT, data: rgb, channels: 3, depth: 8 }));

/** How well the depth map follows `truth`, 1 = perfectly, and how far it is off at most after the best scale and shift. */
function compare(path: string, truth: (x: number, y: number) => number): { r: number; worst: number } {
  const { width, height, data } = decode(readFileSync(path));
  assert.deepEqual([width, height], [WIDTH, HEIGHT]);
  const n = width * height;
  const wanted = Float64Array.from({ length: n }, (_, i) => truth(i % width, Math.floor(i / width)));
  const mean = (values: ArrayLike<number>): number =>
    Array.prototype.reduce.call(values, (sum: unknown, value) => (sum as number) + (value as number), 0) as number;
  const [a, b] = [mean(wanted) / n, mean(data) / n];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [p, q] = [wanted[i]! - a, data[i]! - b];
    ab += p * q;
    aa += p * p;
    bb += q * q;
  }
  let worst = 0;
  for (let i = 0; i < n; i++) worst = Math.max(worst, Math.abs((data[i]! - b) / Math.sqrt(bb / n) - (wanted[i]! - a) / Math.sqrt(aa / n)));
  return { r: ab / Math.sqrt(aa * bb), worst };
}
const mix = (x: number, y: number): number => colourAt(x, y).reduce((sum, value, i) => sum + value * MIX[i]!, 0);

test('a new model of a known shape is a row in a folder and no code: its depth comes out right', async () => {
  writeModel('new', 'brand-new', depthAnythingLike({ px: 112 }), { plugin: 'depth-anything', quality: 3 });
  const run = await unflat(['photo.png', '--depth', 'brand-new', '--models', 'new', '--outputs', 'depth', '--out', 'out-new', '--json']);
  const photo = photoOf(run);
  assert.equal(run.status, 0, photo.error);
  assert.equal(photo.plugins.depth, 'depth-anything');
  assert.deepEqual([photo.depthModel?.id, photo.depthModel?.label, photo.depthModel?.provider], ['brand-new', 'brand-new', 'wasm']);
  assert.ok((photo.depthModel?.threads ?? 0) >= 1 && (photo.depthModel?.runMs ?? 0) > 0);
  const [r, g, b] = MIX;
  const std = [0.229, 0.224, 0.225];
  // The model mixes what is fed, which is divided by the row's std.
  const { r: correlation, worst } = compare(at('out-new', 'photo_depth.png'), (x, y) =>
    colourAt(x, y).reduce((sum, value, i) => sum + (value * [r, g, b][i]!) / std[i]!, 0),
  );
  assert.ok(correlation > 0.9995, `correlation ${correlation}`);
  assert.ok(worst < 0.1, `off by ${worst} standard deviations`);
});

test('without --depth the best model at hand is taken; a depth map named along counts more', async () => {
  writeModel('two', 'rough', rawRangeLike(), { plugin: 'depth-midas', quality: 2 });
  writeModel('two', 'good', depthAnythingLike({ px: 56 }), { plugin: 'depth-anything', quality: 4 });
  const best = photoOf(await unflat(['photo.png', '--models', 'two', '--outputs', 'depth', '--out', 'out-two', '--json']));
  assert.equal(best.depthModel?.id, 'good', best.error);
  writeFileSync(
    at('photo_depth.png'),
    encode({ width: WIDTH, height: HEIGHT, data: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => i % 251), channels: 1, depth: 8 }),
  );
  const own = photoOf(
    await unflat(['photo.png', 'photo_depth.png', '--models', 'two', '--outputs', 'depth', '--out', 'out-own', '--json']),
  );
  assert.deepEqual([own.plugins.depth, own.depthModel], ['depth-map', undefined], own.error);
});

test('a model that needs further inputs gets them from its row, and the folder may be named by the environment', async () => {
  writeModel('moge', 'with-lens', mogeLike({ px: 64 }), { plugin: 'depth-moge' });
  const run = await unflat(['photo.png', '--depth', 'with-lens', '--outputs', 'depth', '--out', 'out-moge', '--json'], {
    UNFLAT_MODELS: at('moge'),
  });
  assert.equal(photoOf(run).depthModel?.id, 'with-lens', photoOf(run).error);
  // Its depth is 1 + mix (0..1): disparity falls where the mix grows.
  assert.ok(compare(at('out-moge', 'photo_depth.png'), (x, y) => 1 / (1 + mix(x, y) / 255)).r > 0.99);
});

test('a model that is not here, or not as it was, is named with what to do', async () => {
  const absent = await unflat(['photo.png', '--depth', 'midas-v21-small', '--models', 'nowhere', '--out', 'out-bad']);
  assert.equal(absent.status, 2);
  assert.match(
    absent.stderr,
    /^--depth midas-v21-small is not downloaded yet; unflat models fetch midas-v21-small downloads it \(66 MB\)\. Models here: unflat-basic\.$/m,
  );
  const testModel = rawRangeLike();
  const known = testModel.files.map(({ path }) => ({ path, sizeBytes: null, sha256: 'ab'.repeat(32) }));
  writeModel('damaged', 'changed', testModel, { plugin: 'depth-midas', files: known });
  const damaged = await unflat(['photo.png', '--depth', 'changed', '--models', 'damaged', '--outputs', 'depth', '--out', 'out-bad']);
  assert.equal(damaged.status, 1);
  assert.match(damaged.stderr, /changed: model\.onnx in the models folder is damaged and is not used; add it again/);
  assert.ok(!existsSync(at('out-bad')));
});

test('own models are added, listed, used and removed', async () => {
  mkdirSync(at('mine'));
  writeFileSync(at('mine', 'My Net.onnx'), rawRangeLike({ width: 96, height: 64 }).files[0]!.bytes);
  const add = await unflat(['models', 'add', 'mine/My Net.onnx', '--values', '0..255', '--label', 'Mine', '--models', 'kept']);
  assert.equal(add.status, 0, add.stderr);
  assert.match(
    add.stdout,
    /^own-my-net is here: your own model, takes 96 × 64 pixels from 0 to 255, returns disparity\nuse it with --depth own-my-net\n$/,
  );
  const list = await unflat(['models', 'list', '--models', 'kept', '--json']);
  const own = modelsOf(list).find(({ isOwn }) => isOwn);
  assert.deepEqual(
    [own?.id, own?.label, own?.state, own?.files],
    ['own-my-net', 'Mine', 'ready', [at('kept', 'own-my-net', 'My Net.onnx')]],
  );
  const table = (await unflat(['models', '--models', 'kept'])).stdout;
  assert.match(table, /^here +own-my-net +\d+ bytes +your own +A model file of your own\.$/m);
  assert.match(table, /^ +midas-v21-large +about 416 MB +MIT +/m);
  const photo = photoOf(
    await unflat(['photo.png', '--depth', 'own-my-net', '--models', 'kept', '--outputs', 'depth', '--out', 'out-mine', '--json']),
  );
  assert.deepEqual([photo.plugins.depth, photo.depthModel?.label], ['depth-own', 'Mine'], photo.error);
  assert.ok(compare(at('out-mine', 'photo_depth.png'), mix).r > 0.999);
  assert.equal((await unflat(['models', 'remove', 'own-my-net', '--models', 'kept'])).stdout, 'own-my-net is removed\n');
  assert.deepEqual(readdirSync(at('kept')), []);
});

test('a model of one’s own that inpaints is added with what its mask means', async () => {
  mkdirSync(at('painter'));
  writeFileSync(at('painter', 'Painter.onnx'), lamaLike('red').files[0]!.bytes);
  const add = await unflat([
    'models',
    'add',
    'painter/Painter.onnx',
    '--mask',
    'fill',
    '--values',
    '0..1',
    '--gives',
    '0..255',
    '--models',
    'painters',
  ]);
  assert.equal(add.status, 0, add.stderr);
  assert.match(
    add.stdout,
    /^own-painter is here: your own model, takes 128 × 128 pixels from 0 to 1, fills in holes\nuse it with --inpaint own-painter\n$/,
  );
});

for (const [what, args, status, message] of [
  ['no id', ['models', 'fetch'], 2, /unflat models fetch needs the id of a model/],
  ['an id that nobody knows', ['models', 'fetch', 'nope'], 1, /There is no model “nope”; there is tcmonodepth-small, /],
  ['a file that is not there', ['models', 'add', 'gone.onnx'], 2, /gone\.onnx does not exist/],
  ['a photo', ['models', 'add', 'photo.png'], 1, /photo\.png is an image, not a model/],
  [
    'values that do not exist',
    ['models', 'add', 'photo.png', '--values', '0..7'],
    2,
    /--values must be one of 0\.\.1, 0\.\.255, -1\.\.1, imagenet, got 0\.\.7/,
  ],
  [
    'a model’s file for a depth map',
    ['photo.png', '--depth', 'new/brand-new/model.onnx'],
    2,
    /model\.onnx is a model, not a depth map\. Add it with: unflat models add new\/brand-new\/model\.onnx/,
  ],
  ['a mask that does not exist', ['models', 'add', 'photo.png', '--mask', 'grey'], 2, /--mask must be one of fill, keep, got grey/],
  ['an option of models for a photo', ['photo.png', '--values', '0..1'], 2, /--values is for unflat models add/],
  ['a model that is not there', ['models', 'remove', 'midas-v21-small'], 1, /MiDaS v2\.1 small is not in .*; nothing to remove/],
] as const) {
  test(`unflat models with ${what}: one line that says what to do`, async () => {
    const run = await unflat([...args]);
    assert.equal(run.status, status, run.stderr);
    assert.match(run.stderr, message);
    assert.equal(run.stderr.trim().split('\n').length, 1, run.stderr);
  });
}

test('a model of the catalogue is fetched from its real address, once, and runs', noReal, async () => {
  const bytes = readFileSync(REAL);
  const server = await hostileServer({ 'tcmonodepth_tcsmallnet_192x320.onnx': { bytes, cutAfter: 500_000, cuts: 1 } });
  // The real address, answered by a server of the test's.
  const patch = `const real = fetch; globalThis.fetch = (url, init) => { if (!String(url).startsWith('https://raw.githubusercontent.com/')) throw new TypeError('no network: ' + url); return real('${server.url}' + String(url).split('/').at(-1), init); };`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(patch)}` };
  const fetched = await unflat(['models', 'fetch', 'tcmonodepth-small', '--models', 'real', '--json'], env);
  assert.equal(fetched.status, 0, fetched.stderr);
  assert.deepEqual(
    modelsOf(fetched).map(({ id, state, storedBytes, verified }) => [id, state, storedBytes, verified]),
    [['tcmonodepth-small', 'ready', 790_459, 'weights']],
  );
  assert.deepEqual(
    server.asked.map(({ range }) => range),
    [undefined, 'bytes=500000-'],
    'broken off once, and taken up there',
  );
  await server.close();
  assert.equal((await unflat(['models', 'fetch', 'tcmonodepth-small', '--models', 'real'], env)).status, 0, 'nothing is fetched twice');
  const photo = photoOf(
    await unflat(['photo.png', '--depth', 'tcmonodepth-small', '--models', 'real', '--outputs', 'depth', '--out', 'out-real', '--json']),
  );
  assert.deepEqual([photo.ok, photo.depthModel?.id, photo.warnings], [true, 'tcmonodepth-small', []], photo.error);
});
