import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushPull, spreadKnown } from 'unflat/plugin';

/** An image of one channel; NaN = unknown. */
function image(width: number, height: number, at: (x: number, y: number) => number) {
  const values = Float32Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)));
  const weight = Uint8Array.from(values, (v) => (Number.isNaN(v) ? 0 : 1));
  return { width, height, channels: [{ values, from: 0, step: 1 }], weight };
}

const unknownIn = (weight: Uint8Array): Int32Array => Int32Array.from(weight.keys()).filter((i) => !weight[i]);

test('a hole gets values between those around it, near each side like that side', () => {
  const known = image(64, 48, (x) => (x < 20 ? 10 : x >= 44 ? 90 : NaN));
  const wanted = unknownIn(known.weight);
  assert.equal(wanted.length, 24 * 48);
  const filled = pushPull(known, wanted);
  const at = (x: number, y: number) => filled[wanted.indexOf(y * 64 + x)]!;
  assert.ok(filled.every((v) => v >= 10 && v <= 90));
  assert.ok(at(20, 20) < 35 && at(43, 20) > 65, `${at(20, 20)}, ${at(43, 20)}`);
  for (let x = 21; x < 44; x++) assert.ok(at(x, 20) >= at(x - 1, 20), `falls at ${x}`);
});

test('the result for a pixel is the same whether it is asked for alone or with all others', () => {
  const known = image(37, 53, (x, y) => ((x * 7 + y * 5) % 11 < 3 && y < 30 ? x + y : NaN));
  const wanted = unknownIn(known.weight);
  const all = pushPull(known, wanted);
  for (let n = 0; n < wanted.length; n += 97) assert.deepEqual([...pushPull(known, wanted.subarray(n, n + 1))], [all[n]]);
});

test('a pixel that counts half is half itself and half what surrounds it; one that counts nothing lends nothing', () => {
  const values = Uint8ClampedArray.from({ length: 2 * 32 * 32 }, (_, i) => (i % 2 ? 7 : 100));
  const weight = new Uint8Array(32 * 32).fill(255);
  const [half, none] = [16 * 32 + 16, 4 * 32 + 4];
  [values[2 * half], weight[half]] = [200, 51];
  [values[2 * none], weight[none]] = [0, 0];
  const channels = [0, 1].map((from) => ({ values, from, step: 2 }));
  const [mixed, constant, filled] = pushPull({ width: 32, height: 32, channels, weight, full: 255 }, Int32Array.of(half, none));
  assert.ok(mixed! > 115 && mixed! < 135, `${mixed}`);
  assert.ok(Math.abs(constant! - 7) < 1e-5);
  assert.ok(Math.abs(filled! - 100) < 6, `${filled}`);
});

test('where nothing at all is known the result is 0, and one pixel is an image, too', () => {
  assert.deepEqual(
    [
      ...pushPull(
        image(9, 5, () => NaN),
        Int32Array.of(0, 44),
      ),
    ],
    [0, 0],
  );
  assert.deepEqual(
    [
      ...pushPull(
        image(1, 1, () => NaN),
        Int32Array.of(0),
      ),
    ],
    [0],
  );
  assert.deepEqual(
    [
      ...pushPull(
        image(2, 1, (x) => (x ? NaN : 3)),
        Int32Array.of(1),
      ),
    ],
    [3],
  );
});

test('spreading in place fills what is unknown with the same values and leaves what is known', () => {
  const known = image(40, 30, (x, y) => (x < 9 || y > 20 ? x + 2 * y : NaN));
  const wanted = unknownIn(known.weight);
  const filled = pushPull(known, wanted);
  const { values } = known.channels[0]!;
  const before = values.slice();
  spreadKnown(known);
  assert.deepEqual(
    [...wanted].map((i) => values[i]),
    [...filled],
  );
  before.forEach((value, i) => !Number.isNaN(value) && assert.equal(values[i], value));
});
