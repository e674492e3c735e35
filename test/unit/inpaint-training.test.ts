import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

/** Another Python than the system's, as one with a newer PyTorch. */
const python = process.env['UNFLAT_PYTHON'] ?? 'python3';

function missing(): string | false {
  const tried = spawnSync(python, ['-c', 'import torch, onnx, cv2'], { encoding: 'utf8' });
  return tried.status === 0 ? false : `the training needs ${python} with torch, onnx and cv2: ${tried.error?.message ?? tried.stderr.trim().split('\n').at(-1)}`;
}

test('the inpainting network learns what its first filling got wrong, and leaves what is known alone', { skip: missing(), timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'unflat-inpaint-training-'));
  try {
    const done = spawnSync(python, ['models/training/inpaint_smoke.py', folder], { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    const told: unknown = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '');
    const result = told as { first: number; last: number; bytes: number; ends: string[]; opset: number; apart: number | null; outside: number };
    assert.ok(result.last < 0.9 * result.first, `what is left of the error should fall, it went from ${result.first} to ${result.last}`);
    assert.deepEqual(result.ends, ['image', 'mask', 'colour']);
    assert.ok(result.opset <= 17);
    assert.ok(result.bytes < 3_000_000, `${result.bytes} bytes`);
    assert.equal(result.outside, 0);
    if (result.apart !== null) assert.ok(result.apart < 0.02, `the exported network answers ${result.apart} apart`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
