import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitInto } from '../../../src/core/index.ts';
import { AreaScaler } from '../../../src/decode/area-scaler.ts';

test('each pixel is the mean of the area it covers, at whole and broken ratios', () => {
  const scaler = new AreaScaler({ width: 3, height: 3 }, 2, 2);
  const grey = [0, 60, 120, 30, 90, 150, 240, 240, 240];
  scaler.push(Uint8ClampedArray.from(grey.flatMap((value) => [value, value, value, 255])));
  const { rgba } = scaler.result;
  // Top left covers 1, ½; ½, ¼ of four pixels: (0 + 30 + 15 + 22.5) / 2.25.
  assert.deepEqual([rgba[0], rgba[3]], [30, 255]);
  assert.equal(rgba[4], Math.round((60 * 0.5 + 120 + 90 * 0.25 + 150 * 0.5) / 2.25));
});

test('the mean colour survives any size, and rows may come in any portions', () => {
  const sizes = fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    to: fc.integer({ min: 1, max: 40 }),
    portion: fc.integer({ min: 1, max: 7 }),
  });
  fc.assert(
    fc.property(sizes, ({ width, height, to, portion }) => {
      const target = fitInto(width, height, to);
      const scaler = new AreaScaler({ width, height }, target.width, target.height);
      const rgba = opaque(width * height);
      for (let y = 0; y < height; y += portion) scaler.push(rgba.slice(y * width * 4, (y + portion) * width * 4));
      const mean = (values: Uint8ClampedArray): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      assert.ok(Math.abs(mean(scaler.result.rgba) - mean(rgba)) < 0.6);
    }),
  );
});

test('the same size gives the same pixels', () => {
  const rgba = opaque(7 * 5);
  const scaler = new AreaScaler({ width: 7, height: 5 }, 7, 5);
  scaler.push(rgba);
  assert.deepEqual(scaler.result.rgba, rgba);
});

test('alpha is kept where that is asked for: a transparent pixel gives its share of alpha, and no colour', () => {
  const scaler = new AreaScaler({ width: 2, height: 1 }, 1, 1, true);
  scaler.push(Uint8ClampedArray.of(80, 90, 100, 255, 255, 0, 255, 0));
  assert.deepEqual([...scaler.result.rgba], [80, 90, 100, 128]);
  const same = new AreaScaler({ width: 2, height: 1 }, 2, 1, true);
  same.push(Uint8ClampedArray.of(80, 90, 100, 64, 255, 0, 255, 0));
  assert.deepEqual([...same.result.rgba], [80, 90, 100, 64, 0, 0, 0, 0]);
});

test('fitting keeps the shape, enlarges nothing and never reaches zero', () => {
  assert.deepEqual(fitInto(4000, 3000, 960), { width: 960, height: 720 });
  assert.deepEqual(fitInto(300, 200, 960), { width: 300, height: 200 });
  assert.deepEqual(fitInto(1, 10000, 960), { width: 1, height: 960 });
});

function opaque(pixels: number): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: pixels * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256));
}
