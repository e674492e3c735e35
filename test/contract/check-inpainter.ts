import assert from 'node:assert/strict';
import type { InferResult, InpaintInput, Inpainter, ModelRow, OptionValues } from '../../src/plugin-api/index.ts';
import { answerOf, inpaintRow, meanOfSeen, pictureOf } from '../fixtures/fake-model.ts';
import { hostContext, type TestContext } from './host-context.ts';
import { checkAbort, checkProgress, isForPeople, variations, type Tester } from './run.ts';

const WIDTH = 64;
const HEIGHT = 48;
const GREEN = [40, 160, 60];

/**
 * A green wall with fine stripes, a hole in its middle, and in front of the hole a box on whose colour nothing may
 * depend: it is known, but no context.
 */
function sampleInput(options: OptionValues, box: readonly number[] = [230, 20, 30]): InpaintInput {
  const size = WIDTH * HEIGHT;
  const input: InpaintInput = {
    width: WIDTH,
    height: HEIGHT,
    options,
    sameSurface: 0.04,
    rgba: new Uint8ClampedArray(size * 4),
    hole: new Uint8Array(size),
    context: new Uint8Array(size),
    disparity: new Float32Array(size),
  };
  for (let i = 0; i < size; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const isBox = x >= 28 && x < 40 && y >= 16 && y < 34;
    const isHole = !isBox && x >= 20 && x < 48 && y >= 10 && y < 40;
    const stripe = x % 4 < 2 && !isHole ? 12 : 0;
    input.rgba.set([...(isBox ? box : GREEN.map((c) => c + stripe)), 255], i * 4);
    input.hole[i] = Number(isHole);
    input.context[i] = isBox || isHole ? 0 : 255;
    input.disparity[i] = isBox ? 0.8 : 0.2;
  }
  return input;
}

/** Inpainters: an image of the same size, filled in from the context alone; those that run models get a made-up one. */
export async function checkInpainter(plugin: Inpainter, t: Tester, defaults: OptionValues): Promise<void> {
  const model = plugin.needsModel ? inpaintRow(plugin.id) : undefined;
  const context = (signal?: AbortSignal): TestContext => hostContext(signal, { infer: model && meanOfSeen });
  const sample = (options: OptionValues, box?: readonly number[]): InpaintInput => ({
    ...sampleInput(options, box),
    ...(model && { model }),
  });
  await t.test('returns an image of the same size, says how far it is, and leaves its input alone', async () => {
    const input = sample(defaults);
    const before = structuredClone(input);
    const host = context();
    checkFilled(await plugin.inpaint(input, host), input);
    checkProgress(host);
    assert.deepEqual(input, before, 'input arrays and options must not be changed');
  });
  await t.test('keeps its promise with every option at its ends', async () => {
    for (const options of variations(plugin.options, defaults)) {
      const input = sample(options);
      checkFilled(await plugin.inpaint(input, context()), input);
    }
  });
  await t.test('does not look at what stands in front', async () => {
    const input = sample(defaults);
    const red = await plugin.inpaint(input, context());
    const blue = await plugin.inpaint(sample(defaults, [10, 30, 250]), context());
    input.hole.forEach((hole, i) => {
      if (hole)
        assert.deepEqual(
          [...blue.subarray(i * 4, i * 4 + 3)],
          [...red.subarray(i * 4, i * 4 + 3)],
          'the colour of the foreground must not reach the hole',
        );
    });
  });
  await t.test('works without holes, and with holes that have no context', async () => {
    const whole = sample(defaults);
    whole.hole.fill(0);
    checkFilled(await plugin.inpaint(whole, context()), whole);
    const lost = sample(defaults);
    lost.context.fill(0);
    assert.equal((await plugin.inpaint(lost, context())).length, lost.rgba.length);
    const dot: InpaintInput = {
      ...sample(defaults),
      width: 1,
      height: 1,
      rgba: new Uint8ClampedArray(4),
      hole: new Uint8Array([1]),
      context: new Uint8Array(1),
      disparity: new Float32Array(1),
    };
    assert.equal((await plugin.inpaint(dot, context())).length, 4);
  });
  if (plugin.inpaintAll) {
    await t.test('fills in all layers of a scene, one image for each, and none where there is none', async () => {
      const inputs = [sample(defaults), sample(defaults)];
      const filled = await plugin.inpaintAll!(inputs, context());
      assert.equal(filled.length, inputs.length);
      filled.forEach((each, i) => checkFilled(each, inputs[i]!));
      assert.deepEqual(await plugin.inpaintAll!([], context()), []);
    });
  }
  if (model) await checkUseless(plugin, t, defaults, model);
  await t.test('is cancelled by its signal', () => checkAbort((options, host) => plugin.inpaint(sample(options), host), defaults, context));
}

/** Answers that are no image lead to an error for people that names the model, or to an image all the same. */
async function checkUseless(plugin: Inpainter, t: Tester, options: OptionValues, model: ModelRow): Promise<void> {
  await t.test('answers useless results of a model with an error for people, or fills in all the same', async () => {
    const useless: Record<string, InferResult> = {
      'one number a pixel': answerOf(64, 64, () => 1),
      'four numbers': answerOf(2, 2, () => 1, { dims: [4] }),
      'no numbers': answerOf(64, 64, () => [NaN, NaN, NaN]),
      'another size': pictureOf({ width: 8, height: 8, rgba: new Uint8ClampedArray(256).fill(99) }),
    };
    for (const [what, answer] of Object.entries(useless)) {
      const input: InpaintInput = { ...sampleInput(options), model };
      const outcome = await plugin.inpaint(input, hostContext(undefined, { infer: async () => answer })).catch((error: unknown) => error);
      if (outcome instanceof Uint8ClampedArray) checkFilled(outcome, input);
      else assert.ok(isForPeople(outcome) && (outcome as Error).message.includes(model.label), `${what}: ${String(outcome)}`);
    }
    const missing = await plugin.inpaint(sampleInput(options), hostContext()).catch((error: unknown) => error);
    assert.ok(isForPeople(missing), 'a model that was not chosen is an error for people');
  });
}

function checkFilled(filled: Uint8ClampedArray, input: InpaintInput): void {
  assert.ok(filled instanceof Uint8ClampedArray, 'a Uint8ClampedArray');
  assert.equal(filled.length, input.rgba.length, 'width × height × 4 bytes');
}
