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

test('a minute of training learns something and gives a network that the app can load', { skip: missing(), timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'unflat-training-'));
  try {
    const done = spawnSync(python, ['models/training/smoke.py', folder], { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    const told: unknown = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '');
    const result = told as { first: number; last: number; bytes: number; ends: string[]; opset: number; shape?: number[]; apart: number | null };
    assert.ok(result.last < 0.85 * result.first, `the loss should fall, it went from ${result.first} to ${result.last}`);
    assert.deepEqual(result.ends, ['image', 'disparity']);
    assert.ok(result.opset <= 17);
    assert.ok(result.bytes < 4_000_000, `${result.bytes} bytes`);
    if (result.apart === null) return;
    assert.deepEqual(result.shape, [96, 128]);
    assert.ok(result.apart < 0.03, `the exported network answers ${result.apart} of the range apart`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
