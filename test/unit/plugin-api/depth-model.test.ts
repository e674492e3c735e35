import assert from 'node:assert/strict';
import { test } from 'node:test';
import depthMoge from '../../../plugins/depth-moge/index.ts';
import { DEFAULT_NEAR, type InferRequest, type InferResult, type ModelRow, type Photo, type Raster } from '../../../src/core/index.ts';
import { defineDepthModel, type DepthResult, type OptionValues } from '../../../src/plugin-api/index.ts';
import { answerOf, fakeRow } from '../../fixtures/fake-model.ts';
import { photoOf, testContext, type TestContext } from '../../fixtures/plugin-context.ts';

const plugin = defineDepthModel({ id: 'depth-test', label: 'Test' });
const PLAIN: OptionValues = { mirror: false, edges: false, flip: false };

function grey(width: number, height: number, level = () => 128): Raster {
  return { width, height, rgba: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : level())) };
}

interface Run {
  result: DepthResult;
  context: TestContext;
  requests: InferRequest[];
}

async function run(
  answer: InferResult | ((request: InferRequest) => InferResult),
  {
    meaning = 'disparity',
    options = {},
    photo = photoOf(grey(64, 48)),
    source = plugin,
  }: { meaning?: ModelRow['output']['meaning']; options?: OptionValues; photo?: Photo; source?: typeof plugin } = {},
): Promise<Run> {
  const requests: InferRequest[] = [];
  const context = testContext(
    undefined,
    async (request) => (requests.push(request), structuredClone(typeof answer === 'function' ? answer(request) : answer)),
  );
  const model = fakeRow(source.id, meaning);
  const result = await source.estimate(
    { photo, file: { name: photo.name, bytes: new Uint8Array(1) }, model, options: { ...PLAIN, ...options } },
    context,
  );
  return { result, context, requests };
}

const at = ({ depth }: DepthResult, u: number, v: number): number =>
  depth.disparity[Math.floor(v * depth.height) * depth.width + Math.floor(u * depth.width)]!;
const close = (actual: number | undefined, expected: number, tolerance = 1e-3): void =>
  assert.ok(Math.abs((actual ?? NaN) - expected) <= tolerance, `${actual} for ${expected}`);

test('disparity of any scale becomes 0..1 at the photo’s size, near staying near', async () => {
  for (const [scale, shift] of [
    [1, 0],
    [900, -3000],
    [1e-4, 7],
  ] as const) {
    const { result, requests } = await run(answerOf(32, 24, (u) => u * scale + shift));
    assert.deepEqual([result.depth.width, result.depth.height], [64, 48]);
    close(at(result, 0, 0.5), 0, 0.02);
    close(at(result, 0.5, 0.5), 0.51, 0.02);
    close(at(result, 0.99, 0.5), 1, 0.02);
    assert.equal(result.lens, undefined, 'relative depth says nothing of distances');
    assert.deepEqual(
      requests.map(({ model, mirrored, image }) => [model, mirrored, image.width]),
      [['fake', undefined, 64]],
    );
  }
});

test('every shape that a map can come in is read, and others are refused by name', async () => {
  for (const dims of [
    [1, 1, 24, 32],
    [1, 24, 32],
    [24, 32],
    [1, 24, 32, 1],
    [1, 1, 1, 24, 32],
  ]) {
    const { result } = await run(answerOf(32, 24, (_, v) => v, { dims }));
    close(at(result, 0.5, 0.99), 1, 0.02);
  }
  const wrong: [InferResult, RegExp][] = [
    [answerOf(32, 24, (u) => u, { dims: [768] }), /Fake model returned an array of shape 768, which is not a depth map/],
    [answerOf(32, 24, (u) => u, { dims: [2, 24, 16] }), /shape 2 × 24 × 16/],
    [answerOf(24, 32, (u) => u, { width: 32, height: 24 }), /returned 24 × 32 values for an image of 32 × 24/],
    [answerOf(32, 24, (u) => [u, u, u]), /returned 3 numbers per pixel where depth is one/],
  ];
  for (const [answer, message] of wrong) await assert.rejects(run(answer), { name: 'UnflatError', code: 'bad-model', message });
  await assert.rejects(
    run(
      answerOf(32, 24, (u) => u),
      { meaning: 'colour' },
    ),
    { code: 'bad-model', message: /gives pictures, not depth/ },
  );
  await assert.rejects(
    run(
      answerOf(32, 24, (u) => u),
      { meaning: 'points' },
    ),
    { code: 'bad-model', message: /returned 1 numbers per pixel where points have three/ },
  );
});

test('distances become inverse depth with near and far in their true ratio; the sky is farthest', async () => {
  const distances = answerOf(32, 24, (u, v) => (v < 0.1 ? Infinity : u < 0.5 ? 2 : 8));
  for (const meaning of ['depth', 'metric'] as const) {
    const { result, context } = await run(distances, { meaning });
    close(at(result, 0.2, 0.5), 1);
    assert.equal(at(result, 0.2, 0), 0);
    close(result.lens?.near, DEFAULT_NEAR, 1e-9);
    close(result.lens?.far, DEFAULT_NEAR * 60, 1e-6);
    // 1/z = d (1/near − 1/far) + 1/far: what is four times as far comes out four times as far.
    const { near, far } = result.lens as { near: number; far: number };
    const z = (d: number): number => 1 / (d * (1 / near - 1 / far) + 1 / far);
    close(z(at(result, 0.8, 0.5)) / z(at(result, 0.2, 0.5)), 4, 0.01);
    assert.deepEqual(context.warnings, []);
  }
  const room = await run(
    answerOf(32, 24, (u) => 2 + 2 * u),
    { meaning: 'metric' },
  );
  close(room.result.lens!.far! / room.result.lens!.near!, 2, 0.05);
  // Distances that are none.
  const odd = await run(
    answerOf(32, 24, (u) => (u < 0.1 ? 0 : u < 0.2 ? -4 : 1 + u)),
    { meaning: 'depth' },
  );
  assert.match(odd.context.warnings.join(), /returned no usable numbers for 19 % of photo.jpg/);
  close(at(odd.result, 0.05, 0.5), at(odd.result, 0.22, 0.5), 0.06);
});

test('a few wild values do not press the rest flat', async () => {
  const { result } = await run(answerOf(64, 48, (u, v) => (u < 0.02 && v < 0.05 ? 1e6 : u)));
  close(at(result, 0.9, 0.5) - at(result, 0.1, 0.5), 0.7, 0.05);
});

test('numbers that are none are filled in and told, and refused where they are most', async () => {
  const { result, context } = await run(answerOf(32, 24, (u, v) => (v > 0.9 || (u > 0.4 && u < 0.5) ? NaN : u)));
  assert.match(context.warnings.join(), /Fake model returned no usable numbers for 17 % of photo\.jpg; they were filled in/);
  assert.ok(result.depth.disparity.every((value) => value >= 0 && value <= 1));
  close(at(result, 0.45, 0.99), 0.45, 0.08);
  await assert.rejects(run(answerOf(32, 24, () => NaN)), {
    code: 'bad-model',
    message: 'Fake model returned no usable numbers for 100 % of photo.jpg. Choose another model.',
  });
  await assert.rejects(run(answerOf(32, 24, () => Infinity, { provider: 'webgpu' })), {
    code: 'bad-model',
    message: /may be too large for this GPU/,
  });
});

test('an answer that is the same everywhere makes a flat picture and says so', async () => {
  for (const value of [0, 5, 1e6]) {
    const { result, context } = await run(
      answerOf(32, 24, () => value),
      { options: { mirror: true, edges: true } },
    );
    assert.ok(result.depth.disparity.every((each) => each === 0.5));
    assert.match(context.warnings.join(), /sees no depth in photo\.jpg.*flat; try another model/);
  }
  const noise = await run(answerOf(32, 24, (u) => 1000 + u * 1e-4));
  assert.match(noise.context.warnings.join(), /sees no depth/);
});

test('the mean with the mirrored photo removes what depends on the side, whatever the second answer’s scale', async () => {
  // The model favours the left of whatever it is shown.
  const truth = (u: number, v: number): number => (Math.abs(u - 0.3) < 0.1 ? 1 : 0) + v;
  const biased = ({ mirrored }: InferRequest): InferResult =>
    answerOf(64, 48, (u, v) => (mirrored ? 50 * (truth(1 - u, v) - 0.8 * u) + 300 : truth(u, v) - 0.8 * u));
  const error = ({ depth }: DepthResult): number => {
    let sum = 0;
    depth.disparity.forEach((value, i) => (sum += Math.abs(value * 2 - truth(((i % 64) + 0.5) / 64, (Math.floor(i / 64) + 0.5) / 48))));
    return sum / depth.disparity.length;
  };
  const once = await run(biased);
  const twice = await run(biased, { options: { mirror: true } });
  assert.deepEqual(
    twice.requests.map(({ mirrored }) => mirrored),
    [undefined, true],
  );
  assert.ok(error(twice.result) < 0.25 * error(once.result), `${error(twice.result)} against ${error(once.result)}`);
  const opposed = await run(({ mirrored }) => answerOf(32, 24, (u) => (mirrored ? u : u)), { options: { mirror: true } });
  assert.match(opposed.context.warnings.join(), /sees photo\.jpg and its mirror image differently; only the photo itself was used/);
  close(at(opposed.result, 0.9, 0.5), 0.9, 0.05);
});

test('swapping turns near and far round, and takes back what was said of distances', async () => {
  const { result } = await run(
    answerOf(32, 24, (u) => 1 + u),
    { meaning: 'metric', options: { flip: true } },
  );
  close(at(result, 0.99, 0.5), 1, 0.03);
  assert.equal(result.lens, undefined);
});

/** A disc of another colour before a wall, and what a model makes of it: the disc at an eighth of the size, blurred. */
function disc(width: number, height: number, noise = 0): { photo: Photo; truth: (u: number, v: number) => number; answer: InferResult } {
  const truth = (u: number, v: number): number => (Math.hypot(u - 0.5, v - 0.5) < 0.3 ? 0.9 : 0.2);
  let seed = 1;
  const random = (): number => ((seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5) * noise;
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const isDisc = truth(((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height) > 0.5;
    rgba.set([(isDisc ? 190 : 90) + random(), (isDisc ? 90 : 120) + random(), (isDisc ? 60 : 150) + random(), 255], i * 4);
  }
  const answer = answerOf(width / 8, height / 8, (u, v) => {
    let sum = 0;
    for (let k = 0; k < 81; k++) sum += truth(u + ((k % 9) - 4) * 0.006, v + (Math.floor(k / 9) - 4) * 0.006);
    return sum / 81;
  });
  return { photo: photoOf({ width, height, rgba }), truth, answer };
}

function meanError({ depth }: DepthResult, truth: (u: number, v: number) => number): number {
  let sum = 0;
  depth.disparity.forEach(
    (value, i) =>
      (sum += Math.abs(
        value * 0.7 + 0.2 - truth(((i % depth.width) + 0.5) / depth.width, (Math.floor(i / depth.width) + 0.5) / depth.height),
      )),
  );
  return sum / depth.disparity.length;
}

test('depth is laid along the photo’s outlines: a blurred step becomes sharp where colours change, and noise does not print through', async () => {
  for (const [noise, part] of [
    [0, 0.45],
    [24, 0.65],
  ] as const) {
    const { photo, truth, answer } = disc(256, 192, noise);
    const plain = await run(answer, { photo });
    const guided = await run(answer, { photo, options: { edges: true } });
    assert.ok(
      meanError(guided.result, truth) < part * meanError(plain.result, truth),
      `${meanError(guided.result, truth)} against ${meanError(plain.result, truth)}`,
    );
    const flatPart = Array.from(guided.result.depth.disparity.subarray(256 * 10 + 20, 256 * 10 + 236));
    assert.ok(Math.max(...flatPart) - Math.min(...flatPart) < 0.02, 'the wall stays flat');
  }
});

test('where the photo shows no outline depth stays smooth, and photos smaller than the answer, even of one pixel, work', async () => {
  const ramp = answerOf(32, 24, (u, v) => u + v);
  const fine = answerOf(96, 72, (u, v) => u + v);
  const large = photoOf(grey(288, 216));
  const { result } = await run(fine, { photo: large, options: { edges: true } });
  const smooth = await run(fine, { photo: large });
  result.depth.disparity.forEach((value, i) => close(value, smooth.result.depth.disparity[i]!, 0.03));
  for (const [width, height] of [
    [1, 1],
    [1, 40],
    [40, 1],
    [8, 6],
    [20, 200],
    [33, 25],
  ] as const) {
    const { result: small } = await run(ramp, { photo: photoOf(grey(width, height)), options: { edges: true } });
    assert.deepEqual([small.depth.width, small.depth.height, small.depth.disparity.length], [width, height, width * height]);
    assert.ok(small.depth.disparity.every((value) => value >= 0 && value <= 1));
  }
  const dot = await run(
    answerOf(1, 2, (_, v) => v, { width: 32, height: 64 }),
    { photo: photoOf(grey(32, 64)), options: { edges: true } },
  );
  assert.ok(dot.result.depth.disparity.every((value) => value >= 0 && value <= 1));
});

test('large photos reach the model shrunk by area, unless it takes that much', async () => {
  const words = new Uint32Array(3200 * 800).fill(0xff646464);
  for (let i = 0; i < words.length; i += 2) words[i] = 0xffc8c8c8;
  const photo = photoOf({ width: 3200, height: 800, rgba: new Uint8ClampedArray(words.buffer) });
  const { result, requests } = await run(
    answerOf(16, 4, (u) => u),
    { photo },
  );
  const { width, height, rgba } = requests[0]!.image;
  assert.deepEqual([width, height, rgba.length, result.depth.width], [1600, 400, 1600 * 400 * 4, 3200]);
  assert.ok(Math.abs(rgba[4 * (1600 * 200 + 800)]! - 150) <= 1 && rgba[3] === 255);
  const context = testContext(undefined, async (request) => (requests.push(request), answerOf(16, 4, (u) => u)));
  const model = {
    ...fakeRow('depth-test'),
    input: { ...fakeRow('depth-test').input, size: { rule: 'short-side', px: 700, multipleOf: 14 } as const },
  };
  await plugin.estimate({ photo, file: { name: 'x', bytes: new Uint8Array(1) }, model, options: PLAIN }, context);
  assert.equal(requests[1]?.image.width, 3200);
});

test('a caller without a model is told, and progress says what goes on', async () => {
  const photo = photoOf(grey(8, 8));
  await assert.rejects(plugin.estimate({ photo, file: { name: 'x', bytes: new Uint8Array(1) }, options: PLAIN }, testContext()), {
    code: 'no-model',
  });
  const { context } = await run(
    answerOf(32, 24, (u) => u),
    { options: { mirror: true, edges: true } },
  );
  context.fractions.forEach((fraction, i) => assert.ok(fraction >= (context.fractions[i - 1] ?? 0)));
  assert.equal(context.fractions.at(-1), 1);
});

/** Points of a scene (a floor, a wall, a box) as a camera of that focal length sees it, moved along z and scaled: as MoGe gives them. */
function pointsOf(
  focal: number,
  { width = 48, height = 36, shift = 0, scale = 1, noise = 0, sky = 0 } = {},
): { answer: InferResult; depth: (u: number, v: number) => number } {
  const longer = Math.max(width, height);
  const depth = (u: number, v: number): number =>
    Math.abs(u - 0.6) < 0.15 && Math.abs(v - 0.55) < 0.2 ? 2.1 : Math.min(9, v > 0.5 ? 1.4 / (v - 0.4) : 9);
  let seed = 7;
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
  const answer = answerOf(width, height, (u, v) => {
    const z = depth(u, v);
    const x = (((u - 0.5) * width) / longer / focal) * z;
    const y = (((v - 0.5) * height) / longer / focal) * z;
    return [x, y, z + shift].map((value) => value * scale * (1 + noise * random()));
  });
  const mask = Float32Array.from({ length: width * height }, (_, i) => (Math.floor(i / width) < sky * height ? 0.1 : 0.9));
  for (let i = 0; i < mask.length; i++) if (mask[i]! < 0.5) answer.output.data.fill(-50 as never, i * 3, i * 3 + 3);
  return { answer: { ...answer, outputs: { mask: { type: 'float32', dims: [1, height, width], data: mask } } }, depth };
}

test('points of known cameras give back focal length, shift and distances, in both shapes of photo', async () => {
  for (const focal of [0.4, 0.8, 1.2, 3]) {
    for (const [width, height] of [
      [48, 36],
      [36, 48],
    ] as const) {
      for (const [shift, scale] of [
        [0, 1],
        [-1, 0.2],
        [3, 40],
      ] as const) {
        const { answer, depth } = pointsOf(focal, { width, height, shift, scale });
        const { result } = await run(answer, { meaning: 'points', photo: photoOf(grey(width * 2, height * 2)), source: depthMoge });
        const { fx = 0, fy = 0, near = 0, far = 0 } = result.lens ?? {};
        assert.ok(Math.abs(fx / focal - 1) < 0.005 && fx === fy, `focal length ${fx} for ${focal}, shift ${shift}, scale ${scale}`);
        const z = (u: number, v: number): number => 1 / (at(result, u, v) * (1 / near - 1 / far) + 1 / far);
        close(z(0.1, 0.1) / z(0.6, 0.55), depth(0.1, 0.1) / depth(0.6, 0.55), 0.05);
      }
    }
  }
});

test('noise moves the focal length little; a focal length from EXIF holds; the masked sky is farthest and does not disturb', async () => {
  const noisy = await run(pointsOf(0.9, { noise: 0.03, shift: -0.7 }).answer, { meaning: 'points', source: depthMoge });
  close(noisy.result.lens?.fx, 0.9, 0.05);
  const sky = await run(pointsOf(0.9, { sky: 0.3, shift: 1 }).answer, { meaning: 'points', source: depthMoge });
  close(sky.result.lens?.fx, 0.9, 0.01);
  assert.equal(at(sky.result, 0.5, 0.1), 0);
  assert.deepEqual(sky.context.warnings, []);
  assert.deepEqual(sky.requests[0]?.outputs, ['mask']);
  const { answer, depth } = pointsOf(0.9, { shift: 2 });
  const exif = await run(answer, { meaning: 'points', photo: { ...photoOf(grey(96, 72)), focalLength: 0.9 }, source: depthMoge });
  assert.deepEqual(Object.keys(exif.result.lens ?? {}).sort(), ['far', 'near']);
  const { near, far } = exif.result.lens as { near: number; far: number };
  const z = (u: number, v: number): number => 1 / (at(exif.result, u, v) * (1 / near - 1 / far) + 1 / far);
  close(z(0.1, 0.1) / z(0.6, 0.55), depth(0.1, 0.1) / depth(0.6, 0.55), 0.05);
});

test('a flat wall, and points from nowhere, give depth and no absurd lens', async () => {
  const wall = await run(
    answerOf(48, 36, (u, v) => [(u - 0.5) * 3, (v - 0.5) * 2.25, 3]),
    { meaning: 'points', source: depthMoge },
  );
  assert.ok(wall.result.depth.disparity.every((value) => value >= 0 && value <= 1));
  const nowhere = await run(
    answerOf(48, 36, (u, v) => [Math.sin(u * 999), Math.cos(v * 777), Math.sin(u * v * 1234)]),
    { meaning: 'points', source: depthMoge },
  );
  const { fx } = nowhere.result.lens ?? {};
  assert.ok(fx === undefined || (fx > 0.1 && fx < 10.1));
  await assert.rejects(
    run(
      answerOf(48, 36, () => [NaN, NaN, NaN]),
      { meaning: 'points', source: depthMoge },
    ),
    { code: 'bad-model' },
  );
});
