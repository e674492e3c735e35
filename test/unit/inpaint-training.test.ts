import assert from 'node:assert/strict';
import test from 'node:test';
import { missing, smokeRun } from '../helpers/training.ts';

test(
  'the inpainting network learns what its first filling got wrong, and leaves what is known alone',
  { skip: missing(), timeout: 120_000 },
  () => {
    const result = smokeRun('inpaint_smoke.py') as {
      first: number;
      last: number;
      bytes: number;
      ends: string[];
      opset: number;
      apart: number | null;
      outside: number;
    };
    assert.ok(result.last < 0.9 * result.first, `what is left of the error should fall, it went from ${result.first} to ${result.last}`);
    assert.deepEqual(result.ends, ['image', 'mask', 'colour']);
    assert.ok(result.opset <= 17);
    assert.ok(result.bytes < 3_000_000, `${result.bytes} bytes`);
    assert.equal(result.outside, 0);
    if (result.apart !== null) assert.ok(result.apart < 0.02, `the exported network answers ${result.apart} apart`);
  },
);
