import assert from 'node:assert/strict';
import type { DepthInput, DepthResult, DepthSource, ModelRow, OptionValues, PluginContext } from '../../src/plugin-api/index.ts';
import { answerOf, fakeModel, fakeRow } from '../fixtures/fake-model.ts';
import { greyPng, pngFile, testPhoto, testScene } from '../fixtures/png-files.ts';
import { hostContext, photoOf, type TestContext } from './host-context.ts';
import { checkAbort, checkProgress, isForPeople, variations, type Tester } from './run.ts';

const scene = testScene(64, 48);
const raster = testPhoto(scene);

/** A small colourful photo and a depth map that fits it. */
function sampleInput(options: OptionValues, mapBytes = greyPng(scene, 16)): DepthInput {
  const { width, height, rgba } = raster;
  const bytes = pngFile({ width, height, bits: 8, colourType: 6, samples: [...rgba] });
  return {
    photo: photoOf({ width, height, rgba: rgba.slice() }, 'photo.png'),
    file: { name: 'photo.png', bytes },
    map: { name: 'photo_depth.png', bytes: mapBytes.slice() },
    options,
  };
}

/** Depth sources: a DepthMap of finite 0..1 that fits the photo, or an error for people. Those that run models get a made-up one of each meaning. */
export async function checkDepthSource(plugin: DepthSource, t: Tester, defaults: OptionValues): Promise<void> {
  if (!plugin.needsModel) return checkSource(plugin, t, defaults);
  for (const meaning of ['disparity', 'depth', 'metric', 'points'] as const) {
    const named: Tester = {
      test: (name, work) => t.test(`${name}, with a model that gives ${meaning}`, work),
      diagnostic: (message) => t.diagnostic(message),
    };
    await checkSource(plugin, named, defaults, fakeRow(plugin.id, meaning));
  }
  await t.test('answers useless results and a missing model with an error for people, or with depth', () => checkAnswers(plugin, defaults));
}

/** The plugin as the host calls it for that model: the row comes with the input, and its model runs. */
function withModel(
  plugin: DepthSource,
  model: ModelRow | undefined,
  infer: PluginContext['infer'] | undefined,
): { plugin: DepthSource; contextFor: (signal?: AbortSignal) => TestContext } {
  const asked: DepthSource = model ? { ...plugin, estimate: (input, context) => plugin.estimate({ ...input, model }, context) } : plugin;
  return { plugin: asked, contextFor: (signal) => hostContext(signal, { infer }) };
}

async function checkAnswers(plugin: DepthSource, defaults: OptionValues): Promise<void> {
  const model = fakeRow(plugin.id);
  const answers = [
    answerOf(16, 12, () => NaN),
    answerOf(16, 12, () => Infinity),
    answerOf(16, 12, () => 4),
    answerOf(16, 12, (u) => (u < 0.1 ? NaN : u)),
    answerOf(16, 12, (u) => u, { dims: [192] }),
    answerOf(16, 12, (u) => [u, u]),
    answerOf(12, 16, (u) => u, { width: 16, height: 12 }),
    answerOf(1, 1, () => 3),
  ];
  for (const answer of answers) {
    const input = { ...sampleInput(defaults), model };
    const outcome = await plugin.estimate(input, hostContext(undefined, { infer: async () => answer })).catch((error: unknown) => error);
    if (outcome instanceof Error) assert.ok(isForPeople(outcome), `an UnflatError with code and message is due, not ${String(outcome)}`);
    else checkDepth(outcome as DepthResult, input);
  }
  const { model: _model, ...without } = { ...sampleInput(defaults), model };
  const outcome = await plugin.estimate(without, hostContext()).catch((error: unknown) => error);
  assert.ok(isForPeople(outcome), 'without a model an UnflatError is due');
}

async function checkSource(source: DepthSource, t: Tester, defaults: OptionValues, model?: ModelRow): Promise<void> {
  const { plugin, contextFor } = withModel(source, model, model && fakeModel(model.output.meaning));
  await t.test('estimates depth in 0..1, says how far it is, and leaves its input alone', async () => {
    const input = sampleInput(defaults);
    const before = structuredClone(input);
    const context = contextFor();
    if (plugin.detect) assert.equal(typeof (await plugin.detect(input, context)), 'boolean', 'detect must answer true or false');
    checkDepth(await plugin.estimate(input, context), input);
    checkProgress(context);
    assert.deepEqual(input, before, 'photo, files and options must not be changed');
  });
  await t.test('keeps its promise with every option at its ends', async () => {
    for (const options of variations(plugin.options, defaults)) {
      const input = sampleInput(options);
      const context = contextFor();
      checkDepth(await plugin.estimate(input, context), input);
      checkProgress(context);
    }
  });
  await t.test('is cancelled by its signal', () =>
    checkAbort((options, context) => plugin.estimate(sampleInput(options), context), defaults, contextFor),
  );
  await t.test('answers broken files and photos without depth with an error for people', async () => {
    for (const map of [new Uint8Array(), new Uint8Array(300), greyPng(scene).slice(0, 90), undefined]) {
      const { map: whole, ...alone } = sampleInput(defaults, map);
      const input: DepthInput = map ? { ...alone, map: whole } : alone;
      const outcome = await plugin.estimate(input, contextFor()).catch((error: unknown) => error);
      if (outcome instanceof Error) assert.ok(isForPeople(outcome), `an UnflatError with code and message is due, not ${String(outcome)}`);
      else checkDepth(outcome as DepthResult, input);
    }
  });
}

function checkDepth(result: DepthResult, { photo }: DepthInput): void {
  const { width, height, disparity } = result.depth;
  assert.ok(Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1, 'width and height: whole numbers from 1');
  assert.ok(disparity instanceof Float32Array, 'disparity: a Float32Array');
  assert.equal(disparity.length, width * height, 'disparity: width × height values');
  assert.ok(
    disparity.every((value) => value >= 0 && value <= 1),
    'disparity: finite, 0..1',
  );
  assert.deepEqual(structuredClone(result), result, 'the result must be plain data');
  if (result.crop) {
    const { x, y, width: w, height: h } = result.crop;
    assert.ok(
      [x, y, w, h].every(Number.isInteger) && x >= 0 && y >= 0 && w >= 1 && h >= 1 && x + w <= photo.width && y + h <= photo.height,
      'crop: whole pixels inside the photo',
    );
  }
  if (result.lens?.near !== undefined && result.lens.far !== undefined) {
    assert.ok(result.lens.near > 0 && result.lens.far > result.lens.near, 'lens: 0 < near < far');
  }
}
