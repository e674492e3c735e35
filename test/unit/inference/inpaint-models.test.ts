import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MaskInput, MaskNumbers } from '../../../src/core/index.ts';
import { parseRow } from '../../../src/inference/index.ts';
import { maskTensor } from '../../../src/inference/mask-tensor.ts';
import { lamaLike, miganLike } from '../../fixtures/inpaint-models.ts';
import { plain, rowOf } from '../../fixtures/depth-models.ts';
import { nodeModels } from '../../fixtures/node-models.ts';
import { writeOnnx } from '../../fixtures/onnx.ts';

const FILL = { kind: 'inpaint', plugin: 'inpaint-onnx' } as const;
const raster = (width: number, height: number, colour: readonly number[] = [10, 20, 30, 255]) => ({
  width,
  height,
  rgba: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => colour[i & 3]!),
});
const byteMask: MaskInput & MaskNumbers = { name: null, type: 'uint8', shape: [1, 1, 'height', 'width'], keep: 255, fill: 0 };

test('a mask has the numbers that the row says, in the order that it says', () => {
  const mask = Uint8Array.of(1, 0, 0, 0, 0, 0);
  const size = { from: { width: 3, height: 2 }, width: 3, height: 2 };
  assert.deepEqual(maskTensor(mask, size, byteMask), {
    type: 'uint8',
    dims: [1, 1, 2, 3],
    data: Uint8Array.of(0, 255, 255, 255, 255, 255),
  });
  assert.deepEqual(
    maskTensor(mask, size, { ...byteMask, type: 'float32', keep: -1, fill: 1, shape: [1, 'height', 'width', 1] }).data,
    Float32Array.of(1, -1, -1, -1, -1, -1),
  );
  assert.deepEqual(maskTensor(mask, size, { ...byteMask, type: 'float16', keep: 0, fill: 1, shape: ['height', 'width'] }), {
    type: 'float16',
    dims: [2, 3],
    data: Uint16Array.of(0x3c00, 0, 0, 0, 0, 0),
  });
  assert.deepEqual(maskTensor(mask, size, { ...byteMask, shape: [1, 'width', 'height'] }), {
    type: 'uint8',
    dims: [1, 3, 2],
    data: Uint8Array.of(0, 255, 255, 255, 255, 255),
  });
  assert.deepEqual(maskTensor(mask, size, byteMask, true).data, Uint8Array.of(255, 255, 0, 255, 255, 255));
  assert.throws(() => maskTensor(mask, { ...size, from: { width: 4, height: 4 } }, byteMask), {
    name: 'TypeError',
    message: 'request.mask must have 4 × 4 pixels, got 6',
  });
});

test('what is half unknown counts as unknown when a mask shrinks, and stays in its place when it grows', () => {
  const mask = new Uint8Array(36);
  mask[2 * 6 + 3] = 1;
  const shrunk = maskTensor(mask, { from: { width: 6, height: 6 }, width: 4, height: 4 }, byteMask).data;
  assert.deepEqual([...shrunk], [255, 255, 255, 255, 255, 255, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255]);
  const halved = maskTensor(mask, { from: { width: 6, height: 6 }, width: 3, height: 3 }, byteMask).data;
  assert.deepEqual([...halved], [255, 255, 255, 255, 0, 255, 255, 255, 255]);
  const grown = maskTensor(Uint8Array.of(1, 0, 0, 0), { from: { width: 2, height: 2 }, width: 4, height: 4 }, byteMask).data;
  assert.deepEqual([...grown], [0, 0, 255, 255, 0, 0, 255, 255, ...Array.from({ length: 8 }, () => 255)]);
});

test('a row for filling needs a mask and colours, and one for depth neither', () => {
  const fill = rowOf('fill', miganLike('red'), FILL);
  assert.deepEqual(parseRow(fill), fill);
  const { mask, ...input } = fill.input;
  const wrongs: [unknown, RegExp][] = [
    [{ ...fill, input }, /^row\.input\.mask must be there for the kind inpaint/],
    [{ ...fill, output: { name: null, meaning: 'depth' } }, /^row\.output\.meaning must be colour for the kind inpaint/],
    [
      { ...rowOf('depth', plain()), input: { ...plain().input, mask } },
      /^row\.input\.mask must be there for the kind inpaint, and for no other/,
    ],
    [
      { ...fill, input: { ...input, mask: { ...mask, fill: 255 } } },
      /^row\.input\.mask\.fill must be another number than keep \(255\), got 255/,
    ],
    [
      { ...fill, input: { ...input, mask: { ...mask, shape: [1, 3, 'height', 'width'] } } },
      /^row\.input\.mask\.shape\[1\] must be one of 1, height, width, got 3/,
    ],
    [
      { ...fill, input: { ...input, mask: { ...mask, shape: [1, 'height'] } } },
      /^row\.input\.mask\.shape must be a list that holds 'width' once/,
    ],
    [{ ...fill, input: { ...input, mask: { ...mask, type: 'bool' } } }, /^row\.input\.mask\.type/],
    [{ ...fill, input: { ...input, mask: { ...mask, under: 'white' } } }, /^row\.input\.mask\.under/],
  ];
  for (const [row, message] of wrongs) assert.throws(() => parseRow(row), { name: 'TypeError', message });
});

test('a mask reaches the model with the picture, in its size, and what does not fit is said in words', async () => {
  const testModels = nodeModels();
  testModels.put('bytes', miganLike('red', { px: 8 }), FILL);
  testModels.put('fractions', lamaLike('mean', { px: 8 }), FILL);
  const mask = new Uint8Array(64);
  mask[9] = 1;
  const red = await testModels.infer({ model: 'bytes', image: raster(8, 8), mask });
  assert.deepEqual(
    [red.output.type, red.output.dims, ...[9, 73, 137, 10, 74].map((at) => red.output.data[at])],
    ['uint8', [1, 3, 8, 8], 255, 0, 0, 10, 20],
  );
  const picture = raster(16, 16);
  // Twice as large, and bright where it is masked: the mean of what is seen is dark.
  const large = new Uint8Array(256);
  for (let i = 0; i < 256; i++) {
    if (i % 16 < 8) continue;
    large[i] = 1;
    picture.rgba.set([250, 250, 250, 255], i * 4);
  }
  const mean = await testModels.infer({ model: 'fractions', image: picture, mask: large });
  [10, 20, 30].forEach((value, c) => assert.ok(Math.abs(Number(mean.output.data[c * 64]) - value) < 0.01));
  await assert.rejects(testModels.infer({ model: 'bytes', image: raster(8, 8) }), {
    code: 'bad-model',
    message: /“bytes” does not fit its description: it also wants an input called mask, which nobody feeds/,
  });
  const other = miganLike('red', { px: 8 });
  testModels.put('misnamed', { ...other, input: { ...other.input, mask: { ...other.input.mask!, name: 'holes' } } }, FILL);
  await assert.rejects(testModels.infer({ model: 'misnamed', image: raster(8, 8), mask }), {
    code: 'bad-model',
    message: /it has no input called holes, but image, mask/,
  });
  testModels.put('unnamed', { ...other, input: { ...other.input, mask: { ...other.input.mask!, name: null } } }, FILL);
  assert.equal((await testModels.infer({ model: 'unnamed', image: raster(8, 8), mask })).output.data[9], 255);
});

test('a mask may be a fourth colour of the picture, before or behind the others', async () => {
  const testModels = nodeModels();
  for (const channel of ['last', 'first'] as const) {
    // Gives back the three planes that are the mask and two colours, so that each plane's place shows.
    const starts = channel === 'last' ? [1, 2, 3] : [0, 1, 2];
    const { bytes } = writeOnnx({
      inputs: [{ name: 'input', dims: [1, 4, 8, 8] }],
      outputs: [{ name: 'output', dims: [1, 3, 8, 8] }],
      initialisers: [{ name: 'which', type: 'int64', dims: [3], data: starts }],
      nodes: [{ op: 'Gather', inputs: ['input', 'which'], outputs: ['output'], attributes: { axis: 1 } }],
    });
    const { input } = lamaLike('red', { px: 8 });
    const row = testModels.put(
      `four-${channel}`,
      {
        input: { ...input, name: null, shape: [1, 4, 'height', 'width'], mask: { channel, keep: -0.5, fill: 0.5 } },
        output: { name: null, meaning: 'colour', range: [0, 1] },
        files: [{ path: 'model.onnx', bytes }],
      },
      FILL,
    );
    assert.deepEqual(parseRow(row), row);
    const mask = new Uint8Array(64);
    mask[9] = 1;
    const { output } = await testModels.infer({ model: row.id, image: raster(8, 8, [51, 102, 204, 255]), mask });
    const planes = [0, 1, 2].map((plane) => [9, 10].map((at) => Math.round(Number(output.data[plane * 64 + at]) * 100) / 100));
    assert.deepEqual(
      planes,
      channel === 'last'
        ? [
            [0.4, 0.4],
            [0.8, 0.8],
            [0.5, -0.5],
          ]
        : [
            [0.5, -0.5],
            [0.2, 0.2],
            [0.4, 0.4],
          ],
    );
    await assert.rejects(testModels.infer({ model: row.id, image: raster(8, 8) }), {
      code: 'bad-model',
      message: /fills in what a mask marks, and got no mask/,
    });
    assert.throws(
      () => parseRow({ ...row, input: { ...row.input, shape: [1, 3, 'height', 'width'] } }),
      /row\.input\.shape must be a list that holds 4 once/,
    );
  }
});
