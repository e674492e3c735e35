import assert from 'node:assert/strict';
import { test } from 'node:test';
import 'fake-indexeddb/auto';
import { UnflatError, defineInpainter, type InpaintInput, type Inpainter } from 'unflat/plugin';
import inpaintOnnx from '../../../plugins/inpaint-onnx/index.ts';
import type { ModelInfo, ModelRow, Progress } from '../../../src/core/index.ts';
import { Converter, listPlugins, pluginModels, resolveSettings, type ConvertResult } from '../../../src/pipeline/index.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { ResultStore } from '../../../src/store/index.ts';
import { inpaintRow, meanOfSeen } from '../../fixtures/fake-model.ts';
import { miganLike } from '../../fixtures/inpaint-models.ts';
import { nodeModels } from '../../fixtures/node-models.ts';
import { fakeHost, fakeInference, fakeWorker, fileOf, infoOf, tableOf } from '../../fixtures/pipeline-fixtures.ts';

const input = { photo: fileOf('cat.jpg') };
const settings = resolveSettings({ depthSource: 'depth-fake' });
const fillInfo = (id: string, changes: Partial<ModelRow> = {}, state: ModelInfo['state'] = 'ready'): ModelInfo =>
  infoOf(
    {
      ...inpaintRow('inpaint-onnx', 64),
      id,
      label: `Inpainter ${id}`,
      files: [{ path: `${id}.onnx`, url: 'https://example.org/x', sizeBytes: 28e6, sha256: null }],
      ...changes,
    },
    state,
  );

/** Paints its colour, and notes what it was asked. */
function painter(id: string, colour: number, calls: string[], more: Partial<Inpainter> = {}): Inpainter {
  return defineInpainter({
    id,
    label: `Painter ${id}`,
    options: [],
    supports: () => true,
    async inpaint({ rgba }) {
      calls.push(id);
      return new Uint8ClampedArray(rgba.length).fill(colour);
    },
    ...more,
  });
}

function setUp(
  models: ModelInfo[],
  plugins: (calls: string[]) => Inpainter[] = (calls) => [painter('inpaint-classic', 7, calls), inpaintOnnx],
  infer = meanOfSeen,
) {
  const base = fakeHost();
  const inference = fakeInference(models, infer);
  const host = { ...base, inference, plugins: { 'depth-fake': base.plugins['depth-fake']!, ...tableOf(...plugins(base.calls)) } };
  return { host, calls: base.calls, inference, pipeline: new Pipeline(host) };
}

test('the best model that is ready inpaints, on top of the filling without one; what it cost is reported', async () => {
  const { pipeline, inference, calls } = setUp([
    fillInfo('good', { quality: 4 }),
    fillInfo('best', { quality: 5 }, 'absent'),
    fillInfo('rough', { quality: 2 }),
  ]);
  const told: Progress[] = [];
  const { report, scene } = await pipeline.convert(input, settings, { onProgress: (each) => told.push(each) });
  const { inpaint: inpainted } = report;
  assert.deepEqual(
    [report.inpainter, inpainted.plugin, inpainted.label, inpainted.model?.id, inpainted.isPartial],
    ['inpaint-onnx', 'inpaint-onnx', 'Inpainter good', 'good', undefined],
  );
  assert.deepEqual([inpainted.runs, inpainted.model?.provider, inpainted.model?.threads], [inference.requests.length, 'wasm', 1]);
  assert.ok(inpainted.runs >= 1 && inpainted.runs <= 8 && (inpainted.baseMs ?? -1) >= 0 && Number.isFinite(inpainted.hostMs));
  assert.ok(calls.includes('inpaint-classic'), 'it goes first');
  assert.deepEqual([...new Set(inference.requests.map(({ model }) => model))], ['good']);
  const notes = told.filter(({ stage }) => stage === 'inpaint').map(({ note }) => note);
  assert.ok(notes.includes(`Filling in hidden parts 1 of ${inpainted.runs}`) && notes.includes('Preparing the model…'));
  const fractions = told.filter(({ stage }) => stage === 'inpaint').map(({ fraction }) => fraction);
  fractions.forEach((fraction, i) => assert.ok(fraction >= (fractions[i - 1] ?? 0)));
  assert.ok(scene.layers[0]!.margin > 0);
});

test('an id of a model or an inpainter is taken at its word, and what is missing is named', async () => {
  const { pipeline, inference } = setUp([
    fillInfo('good', { quality: 4 }),
    fillInfo('rough', { quality: 2 }),
    fillInfo('far', {}, 'absent'),
    fillInfo('half', {}, 'partial'),
  ]);
  const run = async (inpainter: string) => (await pipeline.convert(input, { ...settings, inpainter })).report.inpaint;
  assert.equal((await run('rough')).model?.id, 'rough');
  assert.equal((await run('inpaint-onnx')).model?.id, 'good');
  const asked = inference.requests.length;
  const classic = await run('inpaint-classic');
  assert.deepEqual(
    [classic.plugin, classic.label, classic.runs, classic.model, inference.requests.length],
    ['inpaint-classic', 'Painter inpaint-classic', 0, undefined, asked],
  );
  await assert.rejects(run('far'), {
    code: 'no-model',
    message: 'Inpainter far is not on this device yet: download Inpainter far (far, 28 MB) first, or choose another inpainter.',
  });
  await assert.rejects(run('half'), { code: 'no-model', message: /is only partly downloaded/ });
  await assert.rejects(run('magic'), {
    code: 'no-model',
    message: /neither an inpainter nor a model “magic”; choose one of inpaint-classic, inpaint-onnx, good, rough, far, half/,
  });
  const none = setUp([fillInfo('far', {}, 'absent')]);
  assert.equal((await none.pipeline.convert(input, settings)).report.inpaint.plugin, 'inpaint-classic', 'without a model that is ready');
  await assert.rejects(none.pipeline.convert(input, { ...settings, inpainter: 'inpaint-onnx' }), {
    code: 'no-model',
    message: /^No model that fills in hidden parts is on this device yet: download one, for example Inpainter far \(far, 28 MB\)\.$/,
  });
});

test('a list of models that cannot be had stops nobody who did not ask for one', async () => {
  const { host } = setUp([]);
  const broken = new Pipeline({ ...host, inference: { ...host.inference, models: () => Promise.reject(new Error('no worker')) } });
  const { report } = await broken.convert(input, settings);
  assert.equal(report.inpaint.plugin, 'inpaint-classic');
  assert.match(report.warnings.join(), /could not be listed \(no worker\); the hidden parts were filled in without one/);
  await assert.rejects(broken.convert(input, { ...settings, inpainter: 'migan' }), {
    code: 'no-model',
    message: /neither an inpainter nor a model “migan”; the models on this device could not be listed/,
  });
});

test('a model that fails leaves what was inpainted without it, says why, and is not remembered', async () => {
  let fails = true;
  const { host, inference } = setUp([fillInfo('good')], undefined, async (request) => {
    if (fails && inference.requests.length % 2 === 0)
      throw new UnflatError('out-of-memory', '“Inpainter good” needs more memory than this browser gives. Choose a smaller model.');
    return meanOfSeen(request);
  });
  const converter = new Converter({
    createWorker: () => fakeWorker(host),
    plugins: host.plugins,
    store: new ResultStore({ name: 'fill-test' }),
  });
  const wide = { ...settings, eyebox: { x: 0.4, y: 0.4, z: 0.1 } };
  inference.requests.length = 1; // the first run fails
  const { report, scene } = await converter.convert({ photo: fileOf('a.jpg') }, wide);
  assert.equal(report.inpaint.isPartial, true);
  assert.match(
    report.warnings.join(),
    /“Inpainter good” needs more memory than this browser gives\. Choose a smaller model\. The hidden parts are filled in by “Painter inpaint-classic” instead\./,
  );
  assert.ok(scene.layers[0]!.rgba.includes(7), 'what was inpainted without it stays');
  fails = false;
  const again = await converter.convert({ photo: fileOf('a.jpg') }, wide);
  assert.deepEqual([again.report.stored, again.report.inpaint.isPartial, again.report.inpaint.model?.id], [false, undefined, 'good']);
  const store = new ResultStore({ name: 'fill-test' });
  while (!(await store.list()).length) await new Promise((resume) => setTimeout(resume, 10));
  assert.equal((await converter.convert({ photo: fileOf('a.jpg') }, wide)).report.stored, true);
  converter.dispose();
});

test('another inpainter on the same photo costs neither depth nor layers; another file of a model is another filling', async () => {
  let models = [fillInfo('good')];
  const { host, calls } = setUp([]);
  const pipeline = new Pipeline({ ...host, inference: fakeInference(() => models, meanOfSeen) });
  const run = async (inpainter: string) => (await pipeline.convert(input, { ...settings, inpainter })).report;
  await run('good');
  calls.length = 0;
  const classic = await run('inpaint-classic');
  assert.deepEqual(Object.keys(classic.timesMs), ['inpaint']);
  calls.length = 0;
  const testModel = await run('good');
  assert.deepEqual(
    [Object.keys(testModel.timesMs), calls, testModel.inpaint.baseMs],
    [['inpaint'], [], 0],
    'what goes under it is still at hand',
  );
  const keys = new Set<string>();
  for (const sha256 of ['a'.repeat(64), 'b'.repeat(64)]) {
    models = [fillInfo('good', { files: [{ path: 'x.onnx', sizeBytes: 5, sha256 }] })];
    keys.add((await pipeline.choose(input, { ...settings, inpainter: 'good' })).inpaint.key);
  }
  assert.equal(keys.size, 2);
});

test('a photo can be looked at while a model still inpaints its hidden parts; a repainting is not flashed', async () => {
  const { host, inference } = setUp(
    [fillInfo('good')],
    undefined,
    async (request) => new Promise((resolve) => setTimeout(() => resolve(meanOfSeen(request)), 50)),
  );
  const converter = new Converter({ createWorker: () => fakeWorker(host), store: new ResultStore() });
  const seen: (ConvertResult & { requests: number })[] = [];
  const convert = (inpainter: string) =>
    converter.convert(
      input,
      { ...settings, inpainter },
      { onEarly: (early) => seen.push({ ...early, requests: inference.requests.length }) },
    );
  const { scene, report } = await convert('good');
  const [early] = seen;
  assert.deepEqual(
    [seen.length, (early?.requests ?? 9) <= 1, early?.report.inpaint.label, early?.report.inpainter, early?.report.inpaint.model],
    [1, true, 'Painter inpaint-classic', 'inpaint-classic', undefined],
  );
  assert.equal(report.inpaint.model?.id, 'good');
  const before = early!.scene.layers.flatMap(({ rgba }) => [...rgba]);
  const after = scene.layers.flatMap(({ rgba }) => [...rgba]);
  const changed = before.filter((value, i) => value !== after[i]);
  assert.ok(changed.length > 0 && changed.every((value) => value === 7), 'where the model inpainted, the other filling stood');
  assert.deepEqual(early!.scene.meshes, scene.meshes);
  seen.length = 0;
  await convert('inpaint-classic');
  await convert('good');
  assert.deepEqual(seen, [], 'inpainted without a model, or kept');
  converter.dispose();
});

test('on a later visit a model inpaints over the filling that was kept, which is seen meanwhile', async () => {
  const visit = (store?: ResultStore) => {
    const { host, calls } = setUp([fillInfo('good')]);
    return { calls, converter: new Converter({ createWorker: () => fakeWorker(host), ...(store && { store }) }) };
  };
  const store = new ResultStore({ name: 'base-test' });
  const first = visit(store);
  await first.converter.convert(input, { ...settings, inpainter: 'inpaint-classic' });
  while (!(await store.list()).length) await new Promise((resume) => setTimeout(resume, 10));
  first.converter.dispose();

  const [second, scratch] = [visit(store), visit()];
  const early: ConvertResult[] = [];
  const { scene, report } = await second.converter.convert(
    input,
    { ...settings, inpainter: 'good' },
    { onEarly: (result) => early.push(result) },
  );
  assert.deepEqual([second.calls, report.inpaint.baseMs], [[], 0], 'nothing was inpainted twice');
  assert.deepEqual(scene, (await scratch.converter.convert(input, { ...settings, inpainter: 'good' })).scene);
  assert.deepEqual(
    early.map(({ report: { inpaint: inpainted } }) => inpainted.label),
    ['Painter inpaint-classic'],
  );
  second.converter.dispose();
  scratch.converter.dispose();
});

test('an inpainter that wants all layers gets them at once, over its base, with the context it asked for', async () => {
  const seen: InpaintInput[][] = [];
  const whole = (calls: string[]): Inpainter[] => [
    painter('inpaint-classic', 50, calls),
    painter('inpaint-whole', 99, calls, {
      base: 'inpaint-classic',
      contextPx: 3,
      inpaintAll: async (inputs) => {
        seen.push([...inputs]);
        return inputs.map(({ rgba }) => new Uint8ClampedArray(rgba.length).fill(99));
      },
    }),
  ];
  const { pipeline, calls } = setUp([], whole);
  const { scene, report } = await pipeline.convert(input, { ...settings, inpainter: 'inpaint-whole' });
  const [inputs] = seen;
  assert.equal(seen.length, 1);
  assert.equal(inputs!.length, calls.filter((call) => call === 'inpaint-classic').length, 'as many as are inpainted below it');
  assert.ok(!calls.includes('inpaint-whole'), 'not layer by layer');
  for (const { hole, rgba, context, width } of inputs!) {
    hole.forEach((isHole, i) => isHole && assert.equal(rgba[i * 4], 50, 'the base stands in the holes'));
    const far = context.findIndex(
      (trust, i) =>
        trust > 0 && ![...Array(11).keys()].some((dy) => [...Array(11).keys()].some((dx) => hole[i + (dy - 5) * width + dx - 5])),
    );
    assert.equal(far, -1, 'context reaches no farther than it asked for');
  }
  const { rgba } = scene.layers[0]!;
  inputs![0]!.hole.forEach((isHole, i) => isHole && assert.equal(rgba[i * 4], 99));
  assert.deepEqual([report.inpaint.plugin, report.inpaint.runs, report.inpaint.model], ['inpaint-whole', 0, undefined]);
});

test('an answer of the wrong size is the plugin’s fault and says so', async () => {
  const wrong = (calls: string[]): Inpainter[] => [
    painter('inpaint-classic', 1, calls),
    painter('inpaint-short', 1, calls, { inpaint: async () => new Uint8ClampedArray(4) }),
  ];
  await assert.rejects(setUp([], wrong).pipeline.convert(input, { ...settings, inpainter: 'inpaint-short' }), {
    code: 'bad-plugin',
    message: /“Painter inpaint-short” returned 4 bytes for an image of/,
  });
});

test('cancelling between two runs of a model ends with the person’s own reason', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const { pipeline, inference } = setUp([fillInfo('good')], undefined, async (request) => {
    controller.abort(reason);
    return meanOfSeen(request);
  });
  await assert.rejects(pipeline.convert(input, settings, { signal: controller.signal }), (error) => error === reason);
  assert.equal(inference.requests.length, 1);
});

test('a real model, run by onnxruntime through the whole pipeline, inpaints holes and nothing else', async () => {
  const testModels = nodeModels();
  const row = testModels.put('red', miganLike('red', { px: 64 }), { kind: 'inpaint', plugin: 'inpaint-onnx', label: 'Red' });
  const { host } = setUp([]);
  const pipeline = new Pipeline({
    ...host,
    inference: { models: async () => [infoOf(row)], infer: (request, signal) => testModels.infer(request, signal) },
  });
  const plain = await pipeline.convert(input, { ...settings, inpainter: 'inpaint-classic' });
  const { scene, report } = await pipeline.convert(input, { ...settings, inpaintOptions: { match: false, seam: 0 } });
  assert.ok(report.inpaint.runs >= 1 && report.inpaint.model!.runMs > 0 && report.inpaint.model!.sessionMs > 0, JSON.stringify(report));
  let red = 0;
  scene.layers.forEach(({ rgba }, layer) => {
    const before = plain.scene.layers[layer]!.rgba;
    for (let i = 0; i < rgba.length; i += 4) {
      const changed = rgba[i] !== before[i] || rgba[i + 1] !== before[i + 1] || rgba[i + 2] !== before[i + 2];
      if (!changed) continue;
      assert.deepEqual([...rgba.subarray(i, i + 4)], [255, 0, 0, 255]);
      assert.deepEqual([...before.subarray(i, i + 3)], [7, 7, 7], 'it was a hole');
      red++;
    }
  });
  assert.ok(red > 200, `${red} pixels`);
});

test('the app is told which inpainters need models, and rows that they bring are offered', async () => {
  const own = painter('inpaint-own', 1, [], { needsModel: true, models: [{ ...inpaintRow('inpaint-own'), id: 'theirs' }] });
  const table = tableOf(own, painter('inpaint-classic', 1, []));
  assert.deepEqual(
    (await listPlugins(table, 'inpaint')).map(({ id, needsModel }) => [id, needsModel]),
    [
      ['inpaint-own', true],
      ['inpaint-classic', false],
    ],
  );
  assert.deepEqual(
    (await pluginModels(table)).map(({ id }) => id),
    ['theirs'],
  );
});

test('a quick filling is shown while the good one is made, also under a model, and is not kept', async () => {
  const quick = async ({ rgba }: InpaintInput) => new Uint8ClampedArray(rgba.length).fill(3);
  for (const inpainter of ['inpaint-classic', 'good']) {
    const { pipeline } = setUp([fillInfo('good')], (calls) => [painter('inpaint-classic', 7, calls, { quick }), inpaintOnnx]);
    const early: ConvertResult[] = [];
    const { scene } = await pipeline.convert(input, { ...settings, inpainter }, { onEarly: (result) => early.push(result) });
    assert.equal(early.length, 1);
    const before = early[0]!.scene.layers.flatMap(({ rgba }) => [...rgba]);
    const after = scene.layers.flatMap(({ rgba }) => [...rgba]);
    const changed = before.filter((value, i) => value !== after[i]);
    assert.ok(changed.length > 0 && changed.every((value) => value === 3), 'where holes are the quick filling stood');
  }
});
