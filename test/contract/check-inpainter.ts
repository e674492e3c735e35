import assert from 'node:assert/strict';
import type { InpaintInput, Inpainter, OptionValues } from '../../src/plugin-api/index.ts';
import { testContext } from '../fixtures/plugin-context.ts';
import { checkAbort, checkProgress, variations, type Tester } from './run.ts';

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
    width: WIDTH, height: HEIGHT, options, sameSurface: 0.04,
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

/** Inpainters: a picture of the same size, painted from the context alone. */
export async function checkInpainter(plugin: Inpainter, t: Tester, defaults: OptionValues): Promise<void> {
  await t.test('paints a picture of the same size, says how far it is, and leaves its input alone', async () => {
    const input = sampleInput(defaults);
    const before = structuredClone(input);
    const context = testContext();
    checkPainted(await plugin.inpaint(input, context), input);
    checkProgress(context);
    assert.deepEqual(input, before, 'input arrays and options must not be changed');
  });
  await t.test('keeps its promise with every option at its ends', async () => {
    for (const options of variations(plugin.options, defaults)) {
      const input = sampleInput(options);
      checkPainted(await plugin.inpaint(input, testContext()), input);
    }
  });
  await t.test('does not look at what stands in front', async () => {
    const input = sampleInput(defaults);
    const red = await plugin.inpaint(input, testContext());
    const blue = await plugin.inpaint(sampleInput(defaults, [10, 30, 250]), testContext());
    input.hole.forEach((hole, i) => {
      if (hole) assert.deepEqual([...blue.subarray(i * 4, i * 4 + 3)], [...red.subarray(i * 4, i * 4 + 3)], 'the colour of the foreground must not reach the hole');
    });
  });
  await t.test('copes with no hole, and with holes that have no context', async () => {
    const whole = sampleInput(defaults);
    whole.hole.fill(0);
    checkPainted(await plugin.inpaint(whole, testContext()), whole);
    const lost = sampleInput(defaults);
    lost.context.fill(0);
    assert.equal((await plugin.inpaint(lost, testContext())).length, lost.rgba.length);
    const dot: InpaintInput = { ...sampleInput(defaults), width: 1, height: 1, rgba: new Uint8ClampedArray(4), hole: new Uint8Array([1]), context: new Uint8Array(1), disparity: new Float32Array(1) };
    assert.equal((await plugin.inpaint(dot, testContext())).length, 4);
  });
  await t.test('is cancelled by its signal', () => checkAbort((options, context) => plugin.inpaint(sampleInput(options), context), defaults));
}

function checkPainted(painted: Uint8ClampedArray, input: InpaintInput): void {
  assert.ok(painted instanceof Uint8ClampedArray, 'a Uint8ClampedArray');
  assert.equal(painted.length, input.rgba.length, 'width × height × 4 bytes');
}
