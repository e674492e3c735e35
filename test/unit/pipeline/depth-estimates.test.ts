import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DepthMap } from '../../../src/core/index.ts';
import { resolveSettings } from '../../../src/pipeline/index.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { defineDepthSource, type DepthInput, type PluginContext } from 'unflat/plugin';
import {
  boxDepth,
  fakeHost,
  fakeInference,
  fakeModelSource,
  fileOf,
  infoOf,
  rowOf,
  tableOf,
  type FakeInference,
} from '../../fixtures/pipeline-fixtures.ts';

const settings = resolveSettings({ inpainter: 'inpaint-fake', depthSource: 'depth-asks' });
const input = { photo: fileOf('cat.jpg') };
const builtIn = infoOf(rowOf('basic', { embedded: true }));

/** A pipeline whose depth source asks for the bundled model's opinion, by `ask`. */
function setUp(inference: FakeInference | undefined, ask: (input: DepthInput, context: PluginContext) => Promise<unknown>) {
  const base = fakeHost();
  const source = defineDepthSource({
    id: 'depth-asks',
    label: 'Asks',
    supports: () => true,
    options: [{ id: 'flip', label: 'Flip', type: 'boolean', default: false }],
    detect: async (given, context) => (await ask(given, context), false),
    async estimate(given, context) {
      await ask(given, context);
      return { depth: boxDepth(48, 32), reading: { nearIs: 'high', kind: 'disparity', certainty: 0.5, evidence: ['a guess'] } };
    },
  });
  const plugins = { ...tableOf(source, fakeModelSource(base.calls)), 'inpaint-fake': base.plugins['inpaint-fake']! };
  return new Pipeline({ ...base, plugins, ...(inference && { inference }) });
}

test('a plugin gets the bundled model’s depth of a photo or a part of it, each run once, over several conversions', async () => {
  const inference = fakeInference([infoOf(rowOf('better')), builtIn]);
  const answers: (DepthMap | undefined)[] = [];
  const pipeline = setUp(inference, async ({ photo }, { estimateDepth }) => {
    const part = { x: 24, y: 0, width: 24, height: 32 };
    answers.push(await estimateDepth(photo), await estimateDepth(photo, part), await estimateDepth(photo));
    answers[0]!.disparity.fill(9); // the receiver's own
  });
  await pipeline.convert(input, settings);
  const { report } = await pipeline.convert(input, { ...settings, depthOptions: { flip: true } });
  assert.deepEqual(
    inference.requests.map(({ model, image }) => [model, image.width, image.height]),
    [
      ['basic', 48, 32],
      ['basic', 24, 32],
    ],
  );
  assert.deepEqual(answers[2], { width: 2, height: 2, disparity: Float32Array.of(0, 1 / 3, 2 / 3, 1) });
  assert.deepEqual(answers[5], answers[2]);
  assert.deepEqual(report.reading, { nearIs: 'high', kind: 'disparity', certainty: 0.5, evidence: ['a guess'] }, 'the reading is reported');
  assert.ok(!report.warnings.includes('ran slowly'), 'what the check met is no matter of the photo');
});

test('the same model does not run twice where it gives the depth after all', async () => {
  const inference = fakeInference([builtIn]);
  const pipeline = setUp(inference, ({ photo }, { estimateDepth }) => estimateDepth(photo));
  const { report } = await pipeline.convert(input, { ...settings, depthSource: 'auto' });
  assert.equal(report.depthSource, 'depth-net');
  assert.equal(report.depthModel?.id, 'basic');
  assert.equal(inference.requests.length, 1);
});

test('where there is no bundled model, or it fails, there is no opinion and no complaint', async () => {
  const better = fakeInference([infoOf(rowOf('better'))]);
  let runs = 0;
  const failing = fakeInference([builtIn], () => {
    runs++;
    throw new Error('the folder is not here');
  });
  const flat = fakeInference([builtIn], () => ({ output: { type: 'float32', dims: [1, 2, 2], data: Float32Array.of(1, 1, 1, 1) } }));
  for (const inference of [undefined, better, failing, flat]) {
    const pipeline = setUp(inference, async ({ photo }, { estimateDepth }) => {
      assert.equal(await estimateDepth(photo), undefined);
      assert.equal(await estimateDepth(photo, { x: 0, y: 0, width: 8, height: 8 }), undefined);
    });
    const { report } = await pipeline.convert(input, settings);
    assert.deepEqual(report.warnings, ['decoded with care']);
  }
  assert.equal(runs, 1, 'what failed once is not tried again');
});

test('a cancelled run rejects with its reason, and the next one gets its answer', async () => {
  const stop = new AbortController();
  const reason = new Error('Stopped.');
  const inference = fakeInference([builtIn], (_, signal) => {
    if (inference.requests.length > 1) return;
    stop.abort(reason);
    signal.throwIfAborted();
  });
  let answer: DepthMap | undefined;
  const pipeline = setUp(inference, async ({ photo }, { estimateDepth }) => void (answer = await estimateDepth(photo)));
  await assert.rejects(pipeline.convert(input, settings, { signal: stop.signal }), (error) => error === reason);
  await pipeline.convert(input, settings);
  assert.equal(answer?.disparity.length, 4);
});
