import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another Python than the system's, as one with a newer PyTorch. */
const python = process.env['UNFLAT_PYTHON'] ?? 'python3';

/** Why nothing can be trained here, if so. */
export function missing(): string | false {
  const tried = spawnSync(python, ['-c', 'import torch, onnx, cv2'], { encoding: 'utf8' });
  return tried.status === 0
    ? false
    : `the training needs ${python} with torch, onnx and cv2: ${tried.error?.message ?? tried.stderr.trim().split('\n').at(-1)}`;
}

/** What a smoke run of models/training tells in its last line. Its files are gone afterwards. */
export function smokeRun(script: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'unflat-training-'));
  try {
    const done = spawnSync(python, [`models/training/${script}`, folder], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    return JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
