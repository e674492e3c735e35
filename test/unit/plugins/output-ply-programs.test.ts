/** Our PLY opened by the programs people use, where they are installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import output from '../../../plugins/output-ply/index.ts';
import type { PluginContext } from '../../../src/plugin-api/index.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

const context: PluginContext = {
  signal: new AbortController().signal,
  progress: () => undefined,
  warn: (message) => assert.fail(message),
  note: (message) => assert.fail(message),
  howToSet: () => '',
  decodeImage: () => assert.fail('an output decodes nothing'),
  infer: () => assert.fail('an output runs no model'),
  estimateDepth: () => assert.fail('an output estimates nothing'),
};

let folder = '';
const files: { format: string; path: string; vertices: number; faces: number }[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unflat-ply-'));
  for (const format of ['binary', 'ascii']) {
    const scene = syntheticScene({ width: 90, height: 60 });
    const { blob } = await output.write({ product: 'ply', scene, options: { format }, frames: () => assert.fail() }, context);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const header = new TextDecoder('latin1').decode(bytes.subarray(0, 2000));
    const path = join(folder, `${format}.ply`);
    writeFileSync(path, bytes);
    files.push({
      format,
      path,
      vertices: Number(/element vertex (\d+)/.exec(header)![1]),
      faces: Number(/element face (\d+)/.exec(header)![1]),
    });
  }
});

after(() => rmSync(folder, { recursive: true, force: true }));

function installed(...programs: string[]): string | false {
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  return missing.length > 0 ? `${missing.join(' and ')} not installed` : false;
}

test('CloudCompare opens it as a mesh', { skip: installed('CloudCompare') }, () => {
  for (const { path, vertices, faces } of files) {
    const run = spawnSync('CloudCompare', ['-SILENT', '-AUTO_SAVE', 'OFF', '-O', path], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' },
    });
    assert.equal(run.status, 0, run.stdout + run.stderr);
    assert.match(run.stdout, new RegExp(`mesh with ${faces} faces and ${vertices} vertices`));
  }
});

test('MeshLab opens it with its colours', { skip: installed('meshlabserver', 'xvfb-run') }, () => {
  for (const { format, path, vertices, faces } of files) {
    const copy = join(folder, `${format}.obj`);
    const run = spawnSync('xvfb-run', ['-a', 'meshlabserver', '-i', path, '-o', copy, '-m', 'vc'], { encoding: 'utf8', timeout: 60_000 });
    assert.equal(run.status, 0, run.stdout + run.stderr);
    assert.match(run.stdout + run.stderr, new RegExp(`${vertices} vn ${faces} fn`));
    const lines = readFileSync(copy, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('v '));
    assert.equal(lines.length, vertices);
    // "v x y z r g b": not all one grey.
    assert.ok(new Set(lines.map((line) => line.split(' ').slice(4).join())).size > 50);
  }
});
