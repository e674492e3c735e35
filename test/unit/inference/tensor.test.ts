import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ModelInput, Raster } from '../../../src/core/index.ts';
import { fromHalf, toHalf } from '../../../src/inference/to-half.ts';
import { inputSize, toTensor } from '../../../src/inference/index.ts';
import { resample } from '../../../src/inference/resample.ts';
import { toHalf as independentHalf } from '../../fixtures/onnx.ts';
import { rgbInput } from '../../fixtures/rgb-input.ts';

const INPUT: ModelInput = rgbInput(4, 3);

/** A picture without any symmetry. */
function picture(width: number, height: number, seed = 1): Raster {
  let state = seed;
  const next = (): number => (state = (state * 1664525 + 1013904223) >>> 0) >>> 24;
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < rgba.length; i++) rgba[i] = i % 4 === 3 ? 255 : next();
  return { width, height, rgba };
}

/** Weight of pixel `x` for place `i`, straight from the definition; not normalised. */
function weight(method: ModelInput['resampling'], from: number, to: number, i: number, x: number): number {
  const scale = from / to;
  if (from === to) return Number(x === i);
  if (method === 'area' && to < from) return Math.max(0, Math.min((i + 1) * scale, x + 1) - Math.max(i * scale, x));
  const t = Math.abs(x + 0.5 - (i + 0.5) * scale) / Math.max(1, scale);
  if (method === 'bilinear') return Math.max(0, 1 - t);
  if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
  return t < 2 ? -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 : 0;
}

/** One value by the double sum over the whole picture. */
function valueAt(
  image: Raster,
  width: number,
  height: number,
  method: ModelInput['resampling'],
  x: number,
  y: number,
  channel: number,
): number {
  let sum = 0;
  let total = 0;
  for (let v = 0; v < image.height; v++) {
    for (let u = 0; u < image.width; u++) {
      const w = weight(method, image.width, width, x, u) * weight(method, image.height, height, y, v);
      sum += w * image.rgba[(v * image.width + u) * 4 + channel]!;
      total += w;
    }
  }
  return Math.min(255, Math.max(0, sum / total));
}

for (const method of ['area', 'bilinear', 'bicubic'] as const) {
  test(`${method}: every pixel is what the definition says, for shrinking, growing and both`, () => {
    const sizes: [from: [number, number], to: [number, number]][] = [
      [
        [13, 9],
        [4, 3],
      ],
      [
        [5, 4],
        [11, 9],
      ],
      [
        [7, 20],
        [14, 3],
      ],
      [
        [6, 6],
        [6, 6],
      ],
      [
        [1, 1],
        [3, 2],
      ],
      [
        [9, 5],
        [1, 1],
      ],
      [
        [100, 2],
        [7, 2],
      ],
    ];
    for (const [from, to] of sizes) {
      const image = picture(...from);
      const [width, height] = to;
      const actual = resample(image, width, height, method);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let c = 0; c < 3; c++) {
            const expected = valueAt(image, width, height, method, x, y, c);
            assert.ok(
              Math.abs(actual[(y * width + x) * 3 + c]! - expected) < 1e-3,
              `${from} → ${to}, ${x} ${y} ${c}: ${actual[(y * width + x) * 3 + c]} for ${expected}`,
            );
          }
        }
      }
    }
  });
}

test('shrinking by area keeps the mean, whatever the sizes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(),
      (width, height, toWidth, toHeight, seed) => {
        const image = picture(width, height, seed);
        const [w, h] = [Math.min(width, toWidth), Math.min(height, toHeight)];
        const small = resample(image, w, h, 'area');
        const mean = (values: ArrayLike<number>, step: number): number => {
          let sum = 0;
          for (let i = 0; i < values.length; i += step) sum += values[i]!;
          return sum / (values.length / step);
        };
        assert.ok(Math.abs(mean(small, 3) - mean(image.rgba, 4)) < 1e-2);
      },
    ),
  );
});

test('a picture of one colour stays that colour, whatever the method and the sizes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('area', 'bilinear', 'bicubic'),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 4, maxLength: 4 }),
      (method, [a = 1, b = 1, c = 1, d = 1]) => {
        const rgba = new Uint8ClampedArray(a * b * 4).fill(77);
        assert.ok(resample({ width: a, height: b, rgba }, c, d, method).every((value) => Math.abs(value - 77) < 1e-3));
      },
    ),
  );
});

test('range, mean, std and channel order', () => {
  const image: Raster = { width: 1, height: 1, rgba: Uint8ClampedArray.of(255, 51, 0, 255) };
  const size = { rule: 'fixed', width: 1, height: 1 } as const;
  const values = (changes: Partial<ModelInput>): number[] => [...toTensor(image, { ...INPUT, size, ...changes }).tensor.data].map(Number);
  const close = (actual: number[], expected: number[]): void =>
    expected.forEach((value, i) => assert.ok(Math.abs(actual[i]! - value) < 1e-5, `${actual} for ${expected}`));
  close(values({}), [1, 0.2, 0]);
  close(values({ channels: 'bgr' }), [0, 0.2, 1]);
  close(values({ range: [0, 255] }), [255, 51, 0]);
  close(values({ range: [-1, 1] }), [1, -0.6, -1]);
  close(values({ mean: [0.5, 0.1, 0.25], std: [0.5, 0.2, 0.25] }), [1, 0.5, -1]);
  // Mean and std go by colour, not by place.
  close(values({ mean: [0.5, 0.1, 0.25], std: [0.5, 0.2, 0.25], channels: 'bgr' }), [-1, 0.5, 1]);
  assert.deepEqual(values({ type: 'uint8', range: [0, 255] }), [255, 51, 0]);
  assert.deepEqual(values({ type: 'float16' }), [0x3c00, 0x3266, 0]);
});

test('any order of axes, and the mirrored picture', () => {
  const image = picture(4, 3);
  const at = (x: number, y: number, c: number): number => Math.fround(image.rgba[(y * 4 + x) * 4 + c]! / 255);
  const cases: [ModelInput['shape'], number[], (x: number, y: number, c: number) => number][] = [
    [[1, 3, 'height', 'width'], [1, 3, 3, 4], (x, y, c) => c * 12 + y * 4 + x],
    [[1, 1, 3, 'height', 'width'], [1, 1, 3, 3, 4], (x, y, c) => c * 12 + y * 4 + x],
    [[1, 'height', 'width', 3], [1, 3, 4, 3], (x, y, c) => (y * 4 + x) * 3 + c],
    [['width', 3, 1, 'height'], [4, 3, 1, 3], (x, y, c) => x * 9 + c * 3 + y],
  ];
  for (const [shape, dims, place] of cases) {
    for (const mirrored of [false, true]) {
      const { tensor, width, height } = toTensor(image, { ...INPUT, shape }, { mirrored });
      assert.deepEqual([tensor.dims, width, height], [dims, 4, 3]);
      for (let y = 0; y < 3; y++)
        for (let x = 0; x < 4; x++)
          for (let c = 0; c < 3; c++)
            assert.ok(Math.abs(Number(tensor.data[place(mirrored ? 3 - x : x, y, c)]) - at(x, y, c)) < 1e-6, `${shape} ${x} ${y} ${c}`);
    }
  }
  for (const shape of [
    [1, 'height', 'width'],
    [3, 3, 'height', 'width'],
    [1, 3, 'height'],
    [2, 3, 'height', 'width'],
  ] as const) {
    assert.throws(() => toTensor(image, { ...INPUT, shape }), { name: 'TypeError', message: /^input\.shape must hold/ });
  }
});

test('sizes: fixed, short side, long side, area, multiples, panoramas', () => {
  const of = (size: ModelInput['size'], width: number, height: number): number[] => Object.values(inputSize(size, width, height));
  assert.deepEqual(of({ rule: 'fixed', width: 256, height: 192 }, 4000, 3000), [256, 192]);
  // As Depth Anything's own code: 518 on the short side, multiples of 14.
  const short = { rule: 'short-side', px: 518, multipleOf: 14 } as const;
  assert.deepEqual(of(short, 640, 480), [686, 518]);
  assert.deepEqual(of(short, 480, 640), [518, 686]);
  assert.deepEqual(of(short, 100, 100), [518, 518]);
  assert.deepEqual(of({ rule: 'long-side', px: 512, multipleOf: 1 }, 960, 640), [512, 341]);
  assert.deepEqual(of({ rule: 'long-side', px: 320, multipleOf: 32 }, 1000, 3), [320, 32]);
  const area = { rule: 'area', px: 300, multipleOf: 32 } as const;
  assert.deepEqual(of(area, 4032, 3024), [352, 256]);
  assert.deepEqual(of(area, 3024, 4032), [256, 352]);
  assert.deepEqual(of(area, 4000, 2250), [416, 224]);
  for (const wide of [1, 1.5, 2.4, 6, 20]) {
    const [across = 0, down = 0] = of(area, wide * 1000, 1000);
    assert.ok(Math.abs(across * down - 300 ** 2) < 0.1 * 300 ** 2, `${wide}: ${across} × ${down}`);
  }
  const [width = 0, height = 0] = of(short, 10_000, 500);
  assert.ok(width * height < 4.3 * 518 ** 2 && Math.abs(width / height / 20 - 1) < 0.06, `${width} × ${height}`);
});

test('half precision there and back', () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = fromHalf(half);
    if (!Number.isNaN(value)) assert.equal(toHalf(value), half);
  }
  fc.assert(fc.property(fc.float(), (value) => assert.equal(toHalf(value), independentHalf(value))));
  assert.ok(Number.isNaN(fromHalf(toHalf(NaN))));
});
