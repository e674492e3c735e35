import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRow, Tensor } from '../../src/core/index.ts';
import { toTensor } from '../../src/inference/index.ts';
import * as testModels from '../fixtures/depth-models.ts';
import { addModel, inferenceServer, openInferencePage } from './inference-browser.ts';
import { pattern, type Ask, type Outcome } from './inference-page.ts';

const url = await inferenceServer();
const page = await openInferencePage(url);
const infer = (ask: Ask): Promise<Outcome> => page.evaluate((ask) => inferencePage.infer(ask), ask);
const start = (query?: string): Promise<void> => page.evaluate((query) => inferencePage.start(query), query);

/** What a row's model must be fed with, by the functions that the unit tests check against their definition. */
const fedTo = (row: ModelRow, width: number, height: number, mirrored = false): Tensor =>
  toTensor({ width, height, rgba: pattern(width, height) }, row.input, { mirrored }).tensor;

function assertClose(actual: readonly number[], expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!) || 0);
  assert.ok(actual.every((value) => Number.isFinite(value)) && worst <= tolerance, `${what}: off by ${worst}`);
}

/** What a MiDaS-like model answers: it normalises inside. */
function normalisedMix(fed: Tensor): Float32Array {
  const area = fed.dims.at(-1)! * fed.dims.at(-2)!;
  const data = Float32Array.from(fed.data as Float32Array, (value, i) => {
    const channel = Math.floor(i / area);
    return (value - testModels.IMAGENET_MEAN[channel]!) / testModels.IMAGENET_STD[channel]!;
  });
  return testModels.mixOf({ ...fed, data });
}

interface Case {
  testModel: testModels.TestModel;
  size: [width: number, height: number];
  dims: number[];
  expected(fed: Tensor): ArrayLike<number>;
  tolerance: number;
}

const cases = (px: { midas: number; raw: [number, number] }): Record<string, Case> => ({
  'MiDaS (fixed size, normalised inside)': {
    testModel: testModels.midasLike({ width: px.midas, height: px.midas }),
    size: [96, 61],
    dims: [1, px.midas, px.midas],
    expected: normalisedMix,
    tolerance: 1e-5,
  },
  'TCMonoDepth (0..255)': {
    testModel: testModels.rawRangeLike({ width: px.raw[0], height: px.raw[1] }),
    size: [50, 77],
    dims: [1, 1, px.raw[1], px.raw[0]],
    expected: testModels.mixOf,
    tolerance: 1e-3,
  },
  'Depth Anything V2 (multiples of 14)': {
    testModel: testModels.depthAnythingLike(),
    size: [120, 80],
    dims: [1, 28, 42],
    expected: testModels.mixOf,
    tolerance: 1e-5,
  },
  'Depth Anything 3 (5-D, external data)': {
    testModel: testModels.depthAnything3Like(),
    size: [60, 90],
    dims: [1, 1, 42, 28],
    expected: (fed) => testModels.mixOf(fed).map((value) => value + 1),
    tolerance: 1e-5,
  },
});

test('on WASM every signature of the catalogue answers to the pixel, plain and mirrored, page and port alike', async () => {
  await start();
  for (const [
    name,
    {
      testModel,
      size: [width, height],
      dims,
      expected,
      tolerance,
    },
  ] of Object.entries(cases({ midas: 256, raw: [320, 192] }))) {
    const row = await addModel(page, 'model', testModel);
    for (const mirrored of [false, true]) {
      const { result, error } = await infer({ model: 'model', width, height, mirrored, byPort: mirrored });
      assert.equal(error, undefined, `${name}: ${error?.message}`);
      assert.deepEqual([result?.dims, result?.type, result?.provider], [dims, 'float32', 'wasm'], name);
      assertClose(result!.values, expected(fedTo(row, width, height, mirrored)), tolerance, `${name}${mirrored ? ', mirrored' : ''}`);
    }
  }
});

test('bytes in and out, as inpainting models want them, with a mask beside the picture', async () => {
  await start();
  const [width, height] = [32, 24];
  await addModel(page, 'model', testModels.inpaintLike({ px: 32 }), { kind: 'inpaint' });
  const mask = Array.from({ length: width * height }, (_, i) => (i % width < 10 ? 0 : 255));
  const { result, error } = await infer({
    model: 'model',
    width,
    height,
    feeds: { mask: { type: 'uint8', dims: [1, 1, height, width], data: mask } },
  });
  assert.equal(error, undefined, error?.message);
  assert.deepEqual([result?.dims, result?.type, result?.width, result?.height], [[1, 3, height, width], 'uint8', width, height]);
  const picture = pattern(width, height);
  const paint = [10, 200, 30];
  const expected = Array.from({ length: 3 * width * height }, (_, i) => {
    const [channel, at] = [Math.floor(i / (width * height)), i % (width * height)];
    return mask[at] === 0 ? paint[channel]! : picture[at * 4 + channel]!;
  });
  assert.deepEqual(result!.values, expected);
});

test('MoGe: constants of the row, several outputs, another value for a constant', async () => {
  await start();
  const row = await addModel(page, 'model', testModels.mogeLike({ px: 32, focal: 0.8 }));
  const [width, height] = [64, 40];
  const { result, error } = await infer({ model: 'model', width, height, outputs: ['mask', 'metric_scale'] });
  assert.equal(error, undefined, error?.message);
  assert.deepEqual(
    [result?.dims, result?.others['mask']?.dims, result?.others['metric_scale']?.values],
    [[1, 20, 32, 3], [1, 20, 32], [2]],
  );
  const mix = testModels.mixOf(fedTo(row, width, height));
  const expected = Array.from(mix, (value, i) => {
    const z = 1 + value;
    return [(((i % 32) + 0.5 - 16) / (0.8 * 32)) * z, ((Math.floor(i / 32) + 0.5 - 10) / (0.8 * 32)) * z, z];
  }).flat();
  assertClose(result!.values, expected, 1e-5, 'points');
  const other = await infer({
    model: 'model',
    width,
    height,
    outputs: ['metric_scale'],
    feeds: { num_tokens: { type: 'int64', dims: [], data: [900] } },
  });
  assert.deepEqual(other.result?.others['metric_scale']?.values, [1]);
});

test('half precision goes in and comes out as it should, also where the row says float32', async () => {
  await start();
  const testModel = testModels.depthAnythingLike({ type: 'float16' });
  const row = await addModel(page, 'half', testModel);
  await addModel(page, 'single', testModel, { input: { ...testModel.input, type: 'float32' } });
  const expected = testModels.mixOf(toTensor({ width: 60, height: 40, rgba: pattern(60, 40) }, { ...row.input, type: 'float32' }).tensor);
  for (const model of ['half', 'single']) {
    const { result, error } = await infer({ model, width: 60, height: 40 });
    assert.equal(error, undefined, error?.message);
    assert.equal(result?.type, 'float32');
    assertClose(result.values, expected, 4e-3, model);
  }
});

test('bad models are refused with a reason and a next step, and the next good one runs', async () => {
  await start();
  const bytes = (text: string): testModels.TestModel => ({
    ...testModels.plain(),
    files: [{ path: 'model.onnx', bytes: new TextEncoder().encode(text) }],
  });
  const plain = testModels.plain();
  const cut = { ...plain, files: [{ path: 'model.onnx', bytes: plain.files[0]!.bytes.slice(0, -30) }] };
  const withExternal = testModels.depthAnything3Like();
  const cases: [testModels.TestModel, RegExp][] = [
    [bytes('<!doctype html><title>Sign in</title>'), /is not an ONNX model, or its file is damaged\. Remove it/],
    [bytes(''), /is not an ONNX model/],
    [cut, /is not an ONNX model, or its file is damaged/],
    [testModels.futureModel(), /was made for a newer ONNX version \(opset 99\) than this app knows \(up to \d+\)\. Update the app/],
    [testModels.strangeModel(), /uses the operator Unflatten3D, which cannot be run here\. Choose another model/],
    [
      { ...withExternal, files: withExternal.files.slice(0, 1) },
      /the file model\.onnx_data that belongs beside it is missing\. Add the model together with all files/,
    ],
    [
      { ...withExternal, files: [withExternal.files[0]!, { path: 'model.onnx_data', bytes: withExternal.files[1]!.bytes.slice(0, 10) }] },
      /the file model\.onnx_data beside it is too short/,
    ],
    [testModels.fourChannelModel(), /its input input takes 1×4×32×32, not 1×3×32×32/],
  ];
  for (const [testModel, message] of cases) {
    await addModel(page, 'bad', testModel);
    const { error } = await infer({ model: 'bad', width: 40, height: 30 });
    assert.deepEqual([error?.name, error?.code], ['UnflatError', 'bad-model'], error?.message);
    assert.match(error!.message, message);
    assert.doesNotMatch(error!.message, /ERROR_CODE|\.cc|\.h:|_work/);
  }
  await addModel(page, 'good', testModels.plain());
  assert.equal((await infer({ model: 'good', width: 40, height: 30 })).error, undefined);
});

test('answers of nothing and of one value come through as they are', async () => {
  await start();
  await addModel(page, 'nan', testModels.nanModel());
  await addModel(page, 'constant', testModels.constantModel());
  const nan = await page.evaluate(async () =>
    (await inferencePage.infer({ model: 'nan', width: 9, height: 9 })).result!.values.every(Number.isNaN),
  );
  assert.equal(nan, true);
  const { result } = await infer({ model: 'constant', width: 9, height: 9 });
  assert.ok(result!.values.every((value) => value === 0.5));
});

test('WASM uses threads where the page is isolated, and one where it is not', async () => {
  await start();
  await addModel(page, 'model', testModels.plain());
  const { result } = await infer({ model: 'model', width: 9, height: 9 });
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  assert.equal(result?.threads, Math.max(1, Math.min(cores, Math.max(4, Math.floor(cores / 2)), 8)));
  const plainPage = await openInferencePage(`${url}?plain`);
  await plainPage.evaluate(() => inferencePage.start('?plain'));
  await addModel(plainPage, 'model', testModels.plain());
  const single = await plainPage.evaluate(() => inferencePage.infer({ model: 'model', width: 9, height: 9 }));
  assert.deepEqual([single.error, single.result?.threads, single.result?.provider], [undefined, 1, 'wasm']);
});

test('a software GPU is left alone', async () => {
  await start();
  await addModel(page, 'model', testModels.plain(), { providers: ['webgpu', 'wasm'] });
  const { result } = await infer({ model: 'model', width: 9, height: 9 });
  assert.deepEqual([result?.provider, result?.warnings], ['wasm', []]);
});

test('on WebGPU the same models give the same answers', { timeout: 240_000 }, async (t) => {
  if (
    !(await page.evaluate(async () => Boolean(await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter())))
  )
    return t.skip('this browser has no WebGPU');
  await start('?gpu');
  for (const [
    name,
    {
      testModel,
      size: [width, height],
      dims,
      expected,
      tolerance,
    },
  ] of Object.entries(cases({ midas: 48, raw: [48, 32] }))) {
    const row = await addModel(page, 'model', testModel, { providers: ['webgpu'] });
    const { result, error } = await infer({ model: 'model', width, height });
    assert.equal(error, undefined, `${name}: ${error?.message}`);
    assert.deepEqual([result?.dims, result?.provider, result?.threads], [dims, 'webgpu', 1], name);
    assertClose(result!.values, expected(fedTo(row, width, height)), Math.max(tolerance, 1e-4), name);
  }
});

test('what WebGPU cannot run falls back to WASM, which is said once and remembered', { timeout: 120_000 }, async (t) => {
  if (
    !(await page.evaluate(async () => Boolean(await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter())))
  )
    return t.skip('this browser has no WebGPU');
  await start('?gpu');
  const row = await addModel(page, 'model', testModels.wasmOnlyModel(), { providers: ['webgpu', 'wasm'] });
  const first = await infer({ model: 'model', width: 40, height: 30 });
  assert.equal(first.result?.provider, 'wasm', first.error?.message);
  assert.match(
    first.result.warnings.join(),
    /^“model” could not be run on the GPU \(its step ConvTranspose failed: [^()]+\); it runs on the processor instead, from now on\.$/,
  );
  assertClose(first.result.values, testModels.mixOf(fedTo(row, 40, 30)), 1e-5, 'its answer');
  const second = await infer({ model: 'model', width: 40, height: 30 });
  assert.deepEqual([second.result?.provider, second.result?.warnings, second.phases], ['wasm', [], ['run']]);
});

test('bytes, several outputs and half precision: WebGPU and WASM agree, or the one takes over', { timeout: 120_000 }, async (t) => {
  if (
    !(await page.evaluate(async () => Boolean(await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter())))
  )
    return t.skip('this browser has no WebGPU');
  await start('?gpu');
  const mask = { type: 'uint8' as const, dims: [1, 1, 24, 32], data: Array.from({ length: 24 * 32 }, (_, i) => (i % 3 === 0 ? 0 : 255)) };
  const all: [string, testModels.TestModel, Partial<Ask>][] = [
    ['inpaint', testModels.inpaintLike({ px: 32 }), { feeds: { mask } }],
    ['moge', testModels.mogeLike({ px: 32 }), { outputs: ['mask', 'metric_scale'] }],
    ['half', testModels.depthAnythingLike({ type: 'float16' }), {}],
  ];
  for (const [name, testModel, more] of all) {
    await addModel(page, `${name}-gpu`, testModel, { providers: ['webgpu', 'wasm'] });
    await addModel(page, `${name}-cpu`, testModel, { providers: ['wasm'] });
    const [gpu, cpu] = [
      await infer({ model: `${name}-gpu`, width: 32, height: 24, ...more }),
      await infer({ model: `${name}-cpu`, width: 32, height: 24, ...more }),
    ];
    assert.ok(gpu.result && cpu.result, `${name}: ${gpu.error?.message ?? cpu.error?.message}`);
    assertClose(gpu.result.values, cpu.result.values, 2e-3, name);
    assert.deepEqual([gpu.result.dims, gpu.result.others], [cpu.result.dims, cpu.result.others], name);
    if (gpu.result.provider === 'wasm')
      assert.match(gpu.result.warnings.join(), /\(it needs half precision, which this GPU does not support\)/, name);
  }
});

test('where what runs models cannot be loaded, that is said, and as soon as it can be, it works', async () => {
  await start();
  await addModel(page, 'model', testModels.plain());
  await page.context().route('**/ort/**', (route) => route.abort());
  const { error } = await infer({ model: 'model', width: 9, height: 9 });
  assert.deepEqual(
    [error?.code, error?.message],
    ['io', 'The model runtime is not on this device yet and could not be loaded. Connect to the internet once and try again.'],
  );
  await page.context().unroute('**/ort/**');
  // A new worker has been started meanwhile, whose models in memory are empty.
  await addModel(page, 'model', testModels.plain());
  assert.equal((await infer({ model: 'model', width: 9, height: 9 })).error, undefined);
});
