import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import 'fake-indexeddb/auto';
import { fromWire, toWire, type ModelInfo, type Progress } from '../../../src/core/index.ts';
import { Converter, pluginModels, resolveSettings } from '../../../src/pipeline/index.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { ResultStore } from '../../../src/store/index.ts';
import { defineDepthSource, defineInpainter, UnflatError } from 'unflat/plugin';
import {
  boxDepth,
  fakeHost,
  fakeInference,
  fakeModelSource,
  fakeWorker,
  fileOf,
  infoOf,
  rowOf,
  tableOf,
  type FakeInference,
} from '../../fixtures/pipeline-fixtures.ts';

const input = { photo: fileOf('cat.jpg') };
const settings = resolveSettings({ inpainter: 'inpaint-fake' });

/** A source that has depth only for photos of that name, as depth inside the file. */
const inside = (calls: string[], name: string) =>
  defineDepthSource({
    id: 'depth-inside',
    label: 'Inside',
    options: [],
    supports: () => true,
    detect: async ({ photo }) => photo.name === name || photo.name === 'lost.jpg',
    async estimate({ photo }, { note }) {
      calls.push('depth inside');
      if (photo.name === 'lost.jpg') {
        note('lost.jpg holds a gain map.');
        throw new UnflatError('bad-depth', 'The depth inside lost.jpg: its data is missing. Bring the original.');
      }
      if (photo.name !== name) throw new UnflatError('no-depth', `${photo.name} holds no depth. Bring its depth map.`);
      return { depth: boxDepth(photo.width, photo.height) };
    },
  });

function setUp(models: ModelInfo[] | (() => ModelInfo[]), onInfer?: Parameters<typeof fakeInference>[1]) {
  const base = fakeHost();
  const inference: FakeInference = fakeInference(models, onInfer);
  const host = {
    ...base,
    inference,
    plugins: {
      ...tableOf(inside(base.calls, 'portrait.jpg'), fakeModelSource(base.calls)),
      'inpaint-fake': base.plugins['inpaint-fake']!,
    },
  };
  return { host, calls: base.calls, inference, pipeline: new Pipeline(host) };
}

const small = rowOf('small', { quality: 2, speed: 5 });
const good = rowOf('good', { quality: 4, speed: 1 });
const quick = rowOf('quick', { quality: 4, speed: 3 });

test('auto prefers depth inside the photo, else the best model that is ready, the quickest of equals', async () => {
  const { pipeline } = setUp([infoOf(small), infoOf(good), infoOf(quick), infoOf(rowOf('best', { quality: 5 }), 'absent')]);
  const portrait = await pipeline.convert({ photo: fileOf('portrait.jpg') }, settings);
  assert.deepEqual([portrait.report.depthSource, portrait.report.depthModel], ['depth-inside', undefined]);
  const { report } = await pipeline.convert(input, settings);
  assert.equal(report.depthSource, 'depth-net');
  assert.deepEqual(report.depthModel, { id: 'quick', label: 'Model quick', provider: 'wasm', threads: 2, sessionMs: 40, runMs: 10 });
  assert.deepEqual(report.warnings, ['decoded with care', 'ran slowly']);
});

test('depth that a photo announces and has lost is a warning where nobody asked for it, and an error where somebody did', async () => {
  const photo = { photo: fileOf('lost.jpg') };
  const { pipeline, calls } = setUp([infoOf(small)]);
  const { report } = await pipeline.convert(photo, settings);
  assert.deepEqual([report.depthSource, report.depthModel?.id], ['depth-net', 'small']);
  assert.deepEqual(report.warnings, [
    'The depth inside lost.jpg: its data is missing. Bring the original. Its depth was estimated by “Model small” instead.',
    'decoded with care',
    'ran slowly',
  ]);
  assert.deepEqual(report.notes, ['lost.jpg holds a gain map.']);
  calls.length = 0;
  const lost = {
    name: 'UnflatError',
    code: 'bad-depth',
    message: 'The depth inside lost.jpg: its data is missing. Bring the original.',
    notes: ['lost.jpg holds a gain map.'],
  };
  await assert.rejects(pipeline.convert(photo, { ...settings, depthSource: 'depth-inside' }), lost);
  await assert.rejects(
    pipeline.convert({ ...photo, map: fileOf('map.png') }, settings),
    lost,
    'a map of one’s own is never swapped for a guess',
  );
  assert.ok(!calls.some((call) => call.startsWith('depth small')));
  const { notes } = fromWire(
    structuredClone(toWire(Object.assign(new UnflatError('bad-depth', ''), { notes: lost.notes }))),
  ) as UnflatError;
  assert.deepEqual(notes, lost.notes, 'a worker’s error brings them along');
  await assert.rejects(setUp([infoOf(small, 'absent')]).pipeline.convert(photo, settings), lost);
});

test('a model runs by its id, a source by its best model, and options reach it', async () => {
  const { pipeline, calls, inference } = setUp([infoOf(small), infoOf(good)]);
  const { report } = await pipeline.convert(input, { ...settings, depthSource: 'small', depthOptions: { mirror: true } });
  assert.ok(calls.includes('depth small mirrored'));
  assert.deepEqual(
    inference.requests.map(({ model, mirrored }) => [model, mirrored]),
    [
      ['small', undefined],
      ['small', true],
    ],
  );
  assert.deepEqual(
    report.depthModel,
    { id: 'small', label: 'Model small', provider: 'wasm', threads: 2, sessionMs: 40, runMs: 20 },
    'both runs are counted',
  );
  assert.equal((await pipeline.convert(input, { ...settings, depthSource: 'depth-net' })).report.depthModel?.id, 'good');
  await assert.rejects(
    pipeline.convert(input, { ...settings, depthSource: 'small', depthOptions: { polarity: 'auto' } }),
    /options\.polarity is not an option/,
  );
  // With auto, options of a source that was not taken are nobody's.
  await pipeline.convert(input, { ...settings, depthOptions: { polarity: 'auto', mirror: true } });
  assert.ok(calls.includes('depth good mirrored'));
});

test('what is missing is named, with what to do', async () => {
  const { pipeline, inference } = setUp([
    infoOf(rowOf('big', { files: [{ path: 'm', url: 'https://example.org/m', sizeBytes: 66_400_000, sha256: null }] }), 'absent'),
    infoOf(small, 'absent'),
    infoOf(quick, 'partial'),
    infoOf(rowOf('elsewhere', { plugin: 'depth-unknown' })),
  ]);
  await assert.rejects(pipeline.convert(input, settings), {
    name: 'UnflatError',
    code: 'no-depth',
    message:
      'cat.jpg holds no depth, and no depth model is on this device yet: download one, for example Model small (small, 800 kB), or add its depth map as a second file (PNG, JPEG, WebP, TIFF, OpenEXR, NPY or PFM).',
  });
  await assert.rejects(pipeline.convert(input, { ...settings, depthSource: 'big' }), {
    code: 'no-model',
    message: 'Model big is not on this device yet: download Model big (big, 66 MB) first, or choose another depth source.',
  });
  await assert.rejects(pipeline.convert(input, { ...settings, depthSource: 'quick' }), {
    code: 'no-model',
    message: /is only partly downloaded/,
  });
  await assert.rejects(pipeline.convert(input, { ...settings, depthSource: 'depth-net' }), {
    code: 'no-model',
    message: /^No depth model is on this device yet: download one/,
  });
  await assert.rejects(pipeline.convert(input, { ...settings, depthSource: 'midas' }), {
    code: 'no-model',
    message: /neither a depth source nor a model “midas”; choose one of big, small, quick/,
  });
  assert.equal(inference.requests.length, 0);
});

test('without models all is as it was, and a broken list of models stops only those who need one', async () => {
  const { host } = setUp([]);
  await assert.rejects(new Pipeline(host).convert(input, settings), { code: 'no-depth', message: /Bring its depth map/ });
  const { inference: _, ...without } = host;
  await assert.rejects(new Pipeline(without).convert(input, { ...settings, depthSource: 'depth-net' }), {
    code: 'no-model',
    message: /this build cannot run models/,
  });
  const broken = setUp(() => {
    throw new Error('no worker');
  });
  assert.equal((await broken.pipeline.convert({ photo: fileOf('portrait.jpg') }, settings)).report.depthSource, 'depth-inside');
  await assert.rejects(broken.pipeline.convert(input, settings), {
    code: 'no-depth',
    message: /could not be listed \(no worker\), or add its depth map/,
  });
});

test('progress says in plain words what a model is at, never backwards', async () => {
  const { pipeline } = setUp([infoOf(small)]);
  const told: Progress[] = [];
  await pipeline.convert(input, settings, { onProgress: (each) => told.push(each) });
  const depth = told.filter(({ stage }) => stage === 'depth');
  assert.deepEqual(
    depth.map(({ note }) => note),
    [undefined, 'Estimating depth…', 'Reading the model…', 'Preparing the model…', 'Estimating depth…', undefined],
  );
  depth.forEach(({ fraction }, i) => assert.ok(fraction >= (depth[i - 1]?.fraction ?? 0)));
});

test('raw depth is used again while only other settings change, and made anew for another model, answer or row', async () => {
  let models = [infoOf(small), infoOf(good)];
  const { pipeline, inference } = setUp(() => models);
  const runs = async (changes: Partial<typeof settings>): Promise<[number, string[]]> => {
    inference.requests.length = 0;
    const { report } = await pipeline.convert(input, { ...settings, depthSource: 'small', ...changes });
    return [inference.requests.length, Object.keys(report.timesMs)];
  };
  assert.equal((await runs({}))[0], 1);
  assert.deepEqual(await runs({ smoothing: 2 }), [0, ['sharpen', 'tear', 'grow', 'mesh', 'inpaint']]);
  assert.deepEqual(await runs({ smoothing: 2, depthStrength: 0.5 }), [0, ['tear', 'grow', 'mesh', 'inpaint']]);
  assert.deepEqual(await runs({ smoothing: 2, depthStrength: 0.5, emphasis: 0.5 }), [0, ['tear', 'grow', 'mesh', 'inpaint']]);
  await pipeline.previewDepth(input, { ...settings, depthSource: 'small', emphasis: -1 }, 32);
  assert.equal(inference.requests.length, 0);
  assert.equal((await runs({ depthSource: 'good' }))[0], 1);
  assert.equal((await runs({}))[0], 1);
  // The same id with another file is another model.
  models = [infoOf({ ...small, files: [{ ...small.files[0]!, sha256: 'b'.repeat(64) }] })];
  assert.equal((await runs({}))[0], 1);
  models = [infoOf({ ...models[0]!.row, label: 'Renamed', about: 'Other words.' })];
  assert.equal((await runs({}))[0], 0);
});

test('a preview runs a model too', async () => {
  const { pipeline, inference } = setUp([infoOf(small)]);
  const { width, height } = await pipeline.previewDepth(input, { ...settings, depthSource: 'small' }, 24);
  assert.deepEqual([width, height, inference.requests.length], [24, 16, 1]);
});

test('a model that fails, or is cancelled as it runs, leaves the last result as it was', async () => {
  let fault: 'none' | 'throws' | 'hangs' = 'none';
  const { pipeline, inference, calls } = setUp([infoOf(small), infoOf(good)], (_, signal) => {
    if (fault === 'throws') throw new UnflatError('bad-model', 'Model good gave no numbers. Choose another model.');
    if (fault === 'hangs') return new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('wrapped'))));
  });
  await pipeline.convert(input, { ...settings, depthSource: 'small' });
  fault = 'throws';
  await assert.rejects(pipeline.convert(input, { ...settings, depthSource: 'good' }), { code: 'bad-model' });
  fault = 'hangs';
  const controller = new AbortController();
  const reason = new Error('enough');
  const run = pipeline.convert(input, { ...settings, depthSource: 'good' }, { signal: controller.signal });
  while (inference.requests.length < 3) await new Promise((resume) => setTimeout(resume, 5));
  controller.abort(reason);
  await assert.rejects(run, (error) => error === reason);
  calls.length = 0;
  inference.requests.length = 0;
  const { report } = await pipeline.convert(input, { ...settings, depthSource: 'small', smoothing: 0.5 });
  assert.deepEqual([inference.requests.length, calls.filter((call) => call !== 'inpaint'), report.depthModel?.id], [0, [], 'small']);
});

test('strength scales parallax, emphasis moves depth but keeps its order', async () => {
  const { pipeline } = setUp([infoOf(small)]);
  const at = async (changes: Partial<typeof settings>) => (await pipeline.convert(input, { ...settings, ...changes })).scene;
  const plain = await at({});
  const parallax = ({ lens: { near, far }, eyebox }: typeof plain): number => (1 / near - 1 / far) * eyebox.x;
  for (const depthStrength of [0.25, 0.5, 1, 1.3, 2]) {
    const scene = await at({ depthStrength });
    assert.ok(Math.abs(parallax(scene) / parallax(plain) - depthStrength) < 1e-6, `${depthStrength}`);
    // What is nearest stays, so that videos and pictures are framed as before.
    assert.equal(scene.lens.near, plain.lens.near);
    assert.ok(scene.lens.far > scene.lens.near && scene.eyebox.z >= plain.eyebox.z);
  }
  const near = await at({ emphasis: 1 });
  // 0.2 / (0.2 + 3 · 0.8) and 0.9 / (0.9 + 3 · 0.1)
  assert.ok(Math.abs(near.depth.disparity[0]! - 0.0769) < 1e-3 && Math.abs(near.depth.disparity[16 * 48 + 24]! - 0.75) < 1e-3);
  const lens = { fx: 0.9, fy: 0.9, cx: 0.5, cy: 0.3, near: 2, far: 9 };
  const exact = await at({ lens, depthStrength: 2, emphasis: 1 });
  assert.deepEqual(exact.lens, lens);
  assert.ok(Math.abs(exact.depth.disparity[0]! - 0.2) < 1e-6);
});

test('each new worker gets a way to the models, and stored results are found by the model that made them', async () => {
  let models = [infoOf(small)];
  const { host, inference } = setUp(() => models);
  const { inference: service, ...bare } = host;
  const ports: unknown[] = [];
  let connections = 0;
  const make = () =>
    new Converter({
      createWorker: () => fakeWorker({ ...bare, connectInference: (port) => (ports.push(port), service) }),
      plugins: host.plugins,
      store: new ResultStore({ name: 'models-test' }),
      inference: { connect: () => (connections++, new MessageChannel().port1 as unknown as MessagePort) },
    });
  const first = make();
  const { report } = await first.convert({ photo: fileOf('a.jpg') }, settings);
  assert.equal(report.depthModel?.id, 'small');
  assert.deepEqual([connections, ports.length], [1, 1]);
  const store = new ResultStore({ name: 'models-test' });
  while (!(await store.list()).length) await new Promise((resume) => setTimeout(resume, 10));
  first.dispose();

  const second = make();
  const again = await second.convert({ photo: fileOf('a.jpg') }, settings);
  assert.deepEqual([again.report.stored, again.report.depthModel, inference.requests.length, connections], [true, report.depthModel, 1, 2]);
  // Gone from this machine, but what it made is still here.
  await second.convert({ photo: fileOf('b.jpg') }, { ...settings, depthSource: 'small' });
  while ((await store.list()).length < 2) await new Promise((resume) => setTimeout(resume, 10));
  models = [infoOf(small, 'absent'), infoOf(good)];
  assert.equal((await second.convert({ photo: fileOf('b.jpg') }, { ...settings, depthSource: 'small' })).report.stored, true);
  const other = await second.convert({ photo: fileOf('a.jpg') }, settings);
  assert.deepEqual([other.report.stored, other.report.depthModel?.id], [false, 'good'], 'a better model has come');
  second.dispose();
});

test('rows that sources bring are there for the page; a source that cannot be loaded has none', async () => {
  const own = defineDepthSource({
    id: 'depth-own-row',
    label: 'Own',
    needsModel: true,
    models: [rowOf('theirs', { plugin: 'depth-own-row' })],
    options: [],
    supports: () => true,
    estimate: () => assert.fail(),
  });
  const paint = defineInpainter({ id: 'inpaint-x', label: 'X', options: [], supports: () => true, inpaint: () => assert.fail() });
  const table = { ...tableOf(own, paint), 'depth-broken': () => Promise.reject(new Error('offline')) };
  assert.deepEqual(
    (await pluginModels(table)).map(({ id }) => id),
    ['theirs'],
  );
});
