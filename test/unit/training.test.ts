import assert from 'node:assert/strict';
import test from 'node:test';
import { missing, smokeRun } from '../helpers/training.ts';

test('a minute of training learns something and gives a model that the app can load', { skip: missing(), timeout: 60_000 }, () => {
  const result = smokeRun('smoke.py') as {
    first: number;
    last: number;
    bytes: number;
    ends: string[];
    opset: number;
    shape?: number[];
    lopsided?: [number, number];
    apart: number | null;
  };
  assert.ok(result.last < 0.85 * result.first, `the loss should fall, it went from ${result.first} to ${result.last}`);
  assert.deepEqual(result.ends, ['image', 'disparity']);
  assert.ok(result.opset <= 17);
  assert.ok(result.bytes < 4_000_000, `${result.bytes} bytes`);
  if (result.apart === null) return;
  assert.deepEqual(result.shape, [96, 128]);
  const [alone = 0, mirrored = 0] = result.lopsided ?? [];
  assert.ok(alone > 0.01 && mirrored < 1e-3, `a picture and its mirror image are seen ${mirrored} of the range apart, each alone ${alone}`);
  assert.ok(result.apart < 0.03, `the exported network answers ${result.apart} of the range apart`);
});
