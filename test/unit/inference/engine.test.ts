import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InferRequest, ModelRow, Provider, UnflatError } from '../../../src/core/index.ts';
import { Engine } from '../../../src/inference/engine.ts';
import { FakeRuntimes } from '../../fixtures/fake-runtime.ts';
import { MemoryModels } from '../../fixtures/memory-models.ts';
import { rowOf } from '../../fixtures/depth-models.ts';
import { rgbInput } from '../../fixtures/rgb-input.ts';

const WHITE = { width: 2, height: 2, rgba: new Uint8ClampedArray(16).fill(255) };
const BOTH: readonly Provider[] = ['webgpu', 'wasm'];
const ask = (model: string, more: Partial<InferRequest> = {}): InferRequest => ({ model, image: WHITE, ...more });

/** Models of so many bytes each, in memory, and an engine that runs them on fake runtimes. */
function setUp(sizes: Record<string, number> = { model: 100 }, changes: Partial<ModelRow> = { providers: BOTH }, budgetBytes = 250) {
  const source = new MemoryModels();
  for (const [id, size] of Object.entries(sizes)) {
    const files = [{ path: `${id}.onnx`, bytes: new Uint8Array(size) }];
    const input = rgbInput(1, 1);
    source.put(rowOf(id, { input, output: { name: null, meaning: 'disparity' }, files }, changes), files);
  }
  const fake = new FakeRuntimes();
  let fatal = 0;
  const engine = new Engine({ source, runtimes: fake.runtimes, budgetBytes, onFatal: () => fatal++ });
  return { source, fake, engine, fatal: () => fatal };
}

const failed = (work: Promise<unknown>): Promise<UnflatError> =>
  work.then(
    () => assert.fail('it did not fail'),
    (error: unknown) => error as UnflatError,
  );

test('the first run reads and opens, the next ones are warm', async () => {
  const { source, fake, engine } = setUp();
  const phases: string[] = [];
  const first = await engine.infer(ask('model'), { onPhase: (phase) => phases.push(phase) });
  assert.deepEqual([first.provider, first.threads, [...first.output.data], first.warnings], ['webgpu', 1, [1], []]);
  assert.deepEqual(phases, ['read', 'session', 'run']);
  assert.ok(first.sessionMs > 0);
  const second = await engine.infer(ask('model'));
  assert.equal(second.sessionMs, 0);
  assert.deepEqual([source.reads, fake.log], [1, ['open webgpu model.onnx', 'run webgpu', 'run webgpu']]);
  await new Promise((resume) => setTimeout(resume, 5));
  assert.equal(source.notes.length, 2, 'its use is noted once the answer is out');
  assert.ok(source.notes.every(([id, note]) => id === 'model' && Math.abs(note.usedAt! - Date.now()) < 5000));
});

test('without a GPU the processor runs it, and nobody is warned', async () => {
  const { fake, engine, source } = setUp();
  fake.behaviour.webgpu = { isAbsent: true };
  const result = await engine.infer(ask('model'));
  assert.deepEqual([result.provider, result.threads, result.warnings], ['wasm', 2, []]);
  assert.ok(source.notes.every(([, note]) => note.failedProviders === undefined));
});

for (const [when, behaviour] of Object.entries({
  'its session cannot be made': { open: () => Promise.reject(new Error('No Op registered for Strange with domain_version of 17')) },
  'its run fails': { run: () => Promise.reject(new Error('[WebGPU] the device was lost')) },
  'it gives no numbers': { run: () => ({ type: 'float32', dims: [2], data: Float32Array.of(NaN, NaN) }) as const },
  'it gives no numbers in places': { run: () => ({ type: 'float32', dims: [3], data: Float32Array.of(0.5, NaN, 0.25) }) as const },
  'it gives zeros': { run: () => ({ type: 'float32', dims: [64], data: new Float32Array(64) }) as const },
  'it gives one value everywhere': { run: () => ({ type: 'float32', dims: [64], data: new Float32Array(64).fill(0.7) }) as const },
})) {
  test(`a provider that fails is replaced by the next one, which is said and remembered: ${when}`, async () => {
    const { fake, engine, source } = setUp();
    fake.behaviour.webgpu = behaviour;
    const first = await engine.infer(ask('model'));
    assert.equal(first.provider, 'wasm');
    assert.match(first.warnings.join(), /^“model” could not be run on the GPU \(.+\); it runs on the processor instead, from now on\.$/);
    assert.deepEqual(source.notes.find(([, note]) => note.failedProviders)?.[1].failedProviders, ['webgpu']);
    const again = new Engine({ source, runtimes: fake.runtimes });
    const opened = fake.log.length;
    assert.deepEqual((await again.infer(ask('model'))).warnings, []);
    assert.deepEqual(fake.log.slice(opened), ['open wasm model.onnx', 'run wasm']);
  });
}

test('a model that gives no numbers anywhere blames no provider', async () => {
  const { fake, engine, source } = setUp();
  fake.behaviour.webgpu = fake.behaviour.wasm = { run: () => ({ type: 'float32', dims: [1], data: Float32Array.of(NaN) }) };
  const result = await engine.infer(ask('model'));
  assert.deepEqual([result.provider, result.warnings, [...result.output.data]], ['wasm', [], [NaN]]);
  assert.ok(source.notes.every(([, note]) => note.failedProviders === undefined));
});

test('a model whose answers have gaps wherever it runs stays on the GPU, and runs once a photo', async () => {
  const { fake, engine } = setUp();
  fake.behaviour.webgpu = fake.behaviour.wasm = { run: () => ({ type: 'float32', dims: [2], data: Float32Array.of(1, Infinity) }) };
  await engine.infer(ask('model'));
  const before = fake.log.length;
  const again = await engine.infer(ask('model'));
  assert.deepEqual(
    [again.provider, again.warnings, fake.log.slice(before).filter((each) => each.startsWith('run')).length],
    ['webgpu', [], 1],
  );
});

test('after a useless answer of the GPU the next worker begins anew; a photo of one colour is no reason for it', async () => {
  const { fake, engine, fatal } = setUp();
  const zeros = { run: () => ({ type: 'float32', dims: [64], data: new Float32Array(64) }) as const };
  fake.behaviour.webgpu = zeros;
  await engine.infer(ask('model'));
  assert.equal(fatal(), 1);
  const plain = setUp();
  plain.fake.behaviour.webgpu = plain.fake.behaviour.wasm = zeros;
  assert.deepEqual((await plain.engine.infer(ask('model'))).warnings, []);
  assert.equal(plain.fatal(), 0);
  assert.ok(plain.source.notes.every(([, note]) => note.failedProviders === undefined));
});

test('a GPU that is lost between two photos does not lose the second', async () => {
  const { source, fake, engine } = setUp({ model: 100, other: 100 });
  await engine.infer(ask('model'));
  fake.behaviour.webgpu = { run: () => Promise.reject(new Error('device lost')) };
  const second = await engine.infer(ask('model'));
  assert.equal(second.provider, 'wasm');
  assert.match(second.warnings.join(), /\(the GPU was lost\); it runs on the processor instead\.$/);
  assert.deepEqual(fake.log, ['open webgpu model.onnx', 'run webgpu', 'run webgpu', 'free webgpu', 'open wasm model.onnx', 'run wasm']);
  // A computer that slept may be why: on the next visit the GPU is asked again, also for a model that was first wanted afterwards.
  assert.equal((await engine.infer(ask('other'))).provider, 'wasm');
  assert.ok(source.notes.every(([, note]) => note.failedProviders === undefined));
});

test('where everything fails the reason is told, and nothing is remembered', async () => {
  const { fake, engine, source } = setUp();
  fake.behaviour.webgpu = { run: () => Promise.reject(new Error('device lost')) };
  fake.behaviour.wasm = { run: () => Promise.reject(new Error('failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc')) };
  const error = await failed(engine.infer(ask('model')));
  assert.deepEqual([error.name, error.code], ['UnflatError', 'out-of-memory']);
  assert.ok(source.notes.every(([, note]) => note.failedProviders === undefined));
});

test('a model that has failed everywhere before is tried again rather than never', async () => {
  const { engine, source } = setUp();
  await source.note('model', { failedProviders: ['webgpu', 'wasm'] });
  assert.equal((await engine.infer(ask('model'))).provider, 'webgpu');
});

test('a model that only a GPU may run says so where there is none', async () => {
  const { fake, engine } = setUp({ model: 1 }, { providers: ['webgpu'] });
  fake.behaviour.webgpu = { isAbsent: true };
  const error = await failed(engine.infer(ask('model')));
  assert.deepEqual(
    [error.code, error.message],
    ['unsupported', '“model” needs WebGPU, which this browser does not offer. Choose another model.'],
  );
});

test('sessions are kept on a budget: the one that was used longest ago goes first, the last one stays whatever its size', async () => {
  const { fake, engine, source } = setUp({ a: 100, b: 100, c: 100, huge: 1000 }, { providers: ['wasm'] });
  for (const id of ['a', 'b', 'a', 'c']) await engine.infer(ask(id));
  assert.equal(source.reads, 3);
  await engine.infer(ask('a'));
  assert.equal(source.reads, 3, 'a was kept, as it was used after b');
  await engine.infer(ask('b'));
  assert.equal(source.reads, 4, 'b had to go');
  await engine.infer(ask('huge'));
  await engine.infer(ask('huge'));
  assert.equal(source.reads, 5);
  assert.equal(fake.log.filter((line) => line === 'free wasm').length, 4, 'all others are free');
});

test('runs take turns, and a cancelled one never starts', async () => {
  const { fake, engine } = setUp({ a: 1, b: 1 }, { providers: ['wasm'] });
  let inside = 0;
  fake.behaviour.wasm = {
    run: async () => {
      assert.equal(++inside, 1);
      await new Promise((done) => setTimeout(done, 20));
      inside--;
      return { type: 'float32', dims: [1], data: Float32Array.of(5) };
    },
  };
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const runs = [engine.infer(ask('a')), engine.infer(ask('b'), { signal: controller.signal }), engine.infer(ask('a'))];
  controller.abort(reason);
  const results = await Promise.allSettled(runs);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal((results[1] as PromiseRejectedResult).reason, reason);
  assert.ok(!fake.log.includes('open wasm b.onnx'));
});

test('removed and added anew, a model is read anew', async () => {
  const { engine, source } = setUp();
  await engine.infer(ask('model'));
  await engine.forget('model');
  await engine.infer(ask('model'));
  assert.equal(source.reads, 2);
});

test('two gigabytes are refused before a byte of them is read', async () => {
  const { source, fake, engine } = setUp();
  source.list = async () => [
    {
      row: { ...rowOf('model', { input: {} as never, output: {} as never, files: [] }), label: 'Giant' },
      state: 'ready',
      isOwn: true,
      storedBytes: 2 ** 31,
    },
  ];
  const error = await failed(engine.infer(ask('model')));
  assert.equal(error.code, 'out-of-memory');
  assert.match(error.message, /“Giant” has 2\.1 GB; a browser runs models of up to 1\.9 GB\. Choose a smaller model\./);
  assert.deepEqual([source.reads, fake.log], [0, []]);
});

test('used-up memory asks for a new worker, as WASM never gives any back', async () => {
  const { fake, engine, fatal } = setUp({ model: 1 }, { providers: ['wasm'] });
  fake.behaviour.wasm = { open: () => Promise.reject(new RangeError('Array buffer allocation failed')) };
  assert.equal((await failed(engine.infer(ask('model')))).code, 'out-of-memory');
  assert.equal(fatal(), 1);
});

test('what does not fit its row is told by name, not by the runtime', async () => {
  const { engine, source, fake } = setUp({ model: 1 }, { providers: ['wasm'] });
  const cases: [Partial<InferRequest>, RegExp][] = [
    [{ outputs: ['normal'] }, /it has no output called normal, but output/],
    [{ feeds: { tokens: { type: 'int64', dims: [], data: BigInt64Array.of(1n) } } }, /it has no input called tokens, but input/],
  ];
  for (const [more, message] of cases) {
    const error = await failed(engine.infer(ask('model', more)));
    assert.equal(error.code, 'bad-model');
    assert.match(error.message, message);
  }
  const [info] = await source.list();
  source.put({ ...info!.row, input: { ...info!.row.input, shape: [1, 1, 3, 'height', 'width'] } }, [
    { path: 'model.onnx', bytes: new Uint8Array(1) },
  ]);
  await engine.forget('model');
  assert.match((await failed(engine.infer(ask('model')))).message, /its input input takes 1×3×height×width, not 1×1×3×1×1/);
  assert.ok(!fake.log.includes('run wasm'));
});

test('an unknown model is the source’s own error', async () => {
  const { engine } = setUp();
  assert.equal((await failed(engine.infer(ask('nobody')))).code, 'no-model');
});
