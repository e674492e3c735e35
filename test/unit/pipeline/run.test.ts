import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Progress, Stage } from '../../../src/core/index.ts';
import { resolveSettings } from '../../../src/pipeline/index.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { digestHere, sha256 } from '../../../src/core/sha256.ts';
import { defineDepthSource, type DepthSource } from 'unflat/plugin';
import { boxDepth, FAKE, fakeHost, fileOf, tableOf } from '../../fixtures/pipeline-fixtures.ts';

const STAGES: Stage[] = ['decode', 'depth', 'sharpen', 'tear', 'grow', 'mesh', 'inpaint'];
const settings = resolveSettings(FAKE);
const input = { photo: fileOf('cat.jpg') };

test('a photo becomes a scene, stage by stage, and the report says how', async () => {
  const host = fakeHost();
  const progress: Progress[] = [];
  const { scene, report } = await new Pipeline(host).convert(input, settings, { onProgress: (each) => progress.push(each) });
  assert.deepEqual(Object.keys(report.timesMs), STAGES);
  assert.deepEqual([...new Set(progress.map(({ stage }) => stage))], STAGES);
  assert.ok(progress.every(({ fraction }) => fraction >= 0 && fraction <= 1));
  assert.equal(scene.name, 'cat');
  assert.deepEqual([scene.width, scene.height, report.width, report.originalWidth], [48, 32, 48, 96]);
  assert.deepEqual([report.depthSource, report.inpainter, report.stored], ['depth-fake', 'inpaint-fake', false]);
  assert.deepEqual(report.warnings, ['decoded with care', 'guessed']);
  assert.deepEqual(report.notes, ['a gain map lies inside']);
  assert.equal(report.layers, scene.layers.length);
  assert.equal(
    report.triangles,
    scene.meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0),
  );
  assert.ok(scene.layers.length >= 2, 'there is something behind the box');
  assert.equal(scene.depth.disparity.length, 48 * 32);
});

test('a depth map alone stops before anything is cut, and is the same as the scene’s', async () => {
  const host = fakeHost();
  const pipeline = new Pipeline(host);
  const alone = await pipeline.depthOf(input, { ...settings, emphasis: 0.5, inpainter: 'inpaint-that-is-not-here' });
  assert.deepEqual(Object.keys(alone.report.timesMs), ['decode', 'depth', 'sharpen']);
  assert.deepEqual(host.calls, ['decode', 'depth']);
  assert.deepEqual([alone.scene.layers, alone.scene.meshes, alone.scene.name, alone.report.originalWidth], [[], [], 'cat', 96]);
  assert.deepEqual(
    [alone.report.depthSource, alone.report.warnings, alone.report.notes],
    ['depth-fake', ['decoded with care', 'guessed'], ['a gain map lies inside']],
  );
  const { scene } = await new Pipeline(fakeHost()).convert(input, { ...settings, emphasis: 0.5 });
  assert.deepEqual(alone.scene.depth, scene.depth);
  assert.deepEqual([alone.scene.lens, alone.scene.eyebox], [scene.lens, scene.eyebox]);
  // What was made for it is at hand for the whole.
  assert.deepEqual(Object.keys((await pipeline.convert(input, { ...settings, emphasis: 0.5 })).report.timesMs), [
    'tear',
    'grow',
    'mesh',
    'inpaint',
  ]);
});

test('a run with other settings starts where they begin to matter', async () => {
  const host = fakeHost();
  const pipeline = new Pipeline(host);
  const after = async (
    changes: Partial<typeof settings>,
  ): Promise<{ calls: string[]; stages: string[]; warnings: string[]; notes: string[] }> => {
    host.calls.length = 0;
    const { report } = await pipeline.convert(input, { ...settings, ...changes });
    return {
      calls: host.calls.filter((call) => call !== 'inpaint'),
      stages: Object.keys(report.timesMs),
      warnings: report.warnings,
      notes: report.notes,
    };
  };
  await after({});
  const smoother = await after({ smoothing: 2 });
  assert.deepEqual(smoother.stages, ['sharpen', 'tear', 'grow', 'mesh', 'inpaint']);
  assert.deepEqual(smoother.warnings, ['decoded with care', 'guessed'], 'what was said before still holds');
  assert.deepEqual(smoother.notes, ['a gain map lies inside']);
  assert.deepEqual((await after({ smoothing: 2, inpaintOptions: { grey: 99 } })).stages, ['inpaint']);
  assert.deepEqual((await after({ depthOptions: { exact: true } })).calls, ['depth exact']);
  assert.deepEqual((await after({ longerSidePx: 512 })).calls, ['decode', 'depth']);
});

test('painting anew leaves an earlier scene as it was', async () => {
  const pipeline = new Pipeline(fakeHost());
  const first = await pipeline.convert(input, { ...settings, inpaintOptions: { grey: 10 } });
  const before = first.scene.layers.map(({ rgba }) => rgba.slice());
  const second = await pipeline.convert(input, { ...settings, inpaintOptions: { grey: 200 } });
  assert.deepEqual(
    first.scene.layers.map(({ rgba }) => rgba),
    before,
  );
  assert.notDeepEqual(
    second.scene.layers.map(({ rgba }) => rgba),
    before,
  );
});

test('a deeper scene says how far cameras are to go for it, a shallower one needs no more than usual', async () => {
  const pipeline = new Pipeline(fakeHost());
  const at = async (depthStrength: number) => (await pipeline.convert(input, { ...settings, depthStrength })).scene;
  const [usual, deep, shallow] = [await at(1), await at(2), await at(0.5)];
  assert.deepEqual([usual.movement, deep.movement, shallow.movement], [undefined, 2, undefined]);
  assert.equal(deep.eyebox.x, 2 * usual.eyebox.x);
});

test('an exact lens reaches the depth source and the scene', async () => {
  const host = fakeHost();
  const lens = { fx: 0.9, fy: 0.9, cx: 0.5, cy: 0.3, near: 2, far: 9 };
  const { scene } = await new Pipeline(host).convert(input, { ...settings, lens });
  assert.ok(host.calls.includes('depth exact'));
  assert.deepEqual(scene.lens, lens);
  // A lens six times as far from its nearest point: the camera may move six times as far.
  assert.ok(Math.abs(scene.eyebox.z - 0.06 * 6) < 1e-9);
  assert.ok(Math.abs(scene.eyebox.x - (0.02 * 6) / 0.9) < 1e-9);
});

test('a picture with its depth beside it is cut out of the full-size photo', async () => {
  const host = fakeHost({ crop: { x: 0, y: 0, width: 24, height: 32 }, depth: () => boxDepth(24, 32) });
  const { scene, report } = await new Pipeline(host).convert(input, settings);
  assert.ok(host.calls.includes('recut 0,0 48×64'));
  assert.deepEqual([scene.width, scene.height, report.width], [24, 32, 24]);
});

test('a preview is small, and costs neither decoding nor depth again', async () => {
  const host = fakeHost({ width: 400, height: 200 });
  const pipeline = new Pipeline(host);
  await pipeline.convert(input, settings);
  host.calls.length = 0;
  const depth = await pipeline.previewDepth(input, { ...settings, smoothing: 0.5 }, 100);
  assert.deepEqual([depth.width, depth.height, depth.disparity.length], [100, 50, 5000]);
  assert.deepEqual(host.calls, []);
});

test('auto takes the first source that has something, and else asks the first', async () => {
  const source = (id: string, has: boolean): DepthSource =>
    defineDepthSource({
      id,
      label: id,
      options: [],
      supports: () => true,
      detect: async () => has,
      estimate: async ({ photo }) => ({ depth: boxDepth(photo.width, photo.height) }),
    });
  const host = fakeHost();
  const fill = { 'inpaint-fake': host.plugins['inpaint-fake']! };
  const run = async (...has: boolean[]): Promise<string> => {
    const plugins = { ...tableOf(...has.map((each, i) => source(`depth-${i}`, each))), ...fill };
    const { report } = await new Pipeline({ ...host, plugins }).convert(input, { ...settings, depthSource: 'auto' });
    return report.depthSource;
  };
  assert.equal(await run(false, true), 'depth-1');
  assert.equal(await run(true, true), 'depth-0');
  assert.equal(await run(false, false), 'depth-0');
});

test('plugins that give nonsense, are unknown or cannot run are told apart', async () => {
  const nonsense = fakeHost({ depth: () => ({ width: 4, height: 4, disparity: new Float32Array(3) }) });
  await assert.rejects(new Pipeline(nonsense).convert(input, settings), {
    code: 'bad-plugin',
    message: /“depth-fake” returned 3 values for 4 × 4 pixels/,
  });
  const nan = fakeHost({ depth: () => ({ width: 1, height: 1, disparity: Float32Array.of(NaN) }) });
  await assert.rejects(new Pipeline(nan).convert(input, settings), { code: 'bad-depth' });
  await assert.rejects(new Pipeline(fakeHost()).convert(input, { ...settings, inpainter: 'inpaint-magic' }), {
    code: 'bad-plugin',
    message: /no plugin “inpaint-magic”; choose one of inpaint-fake/,
  });
  await assert.rejects(new Pipeline(fakeHost()).convert(input, { ...settings, inpaintOptions: { grey: 999 } }), {
    name: 'TypeError',
    message: /options\.grey must be a number from 0 to 255/,
  });
});

test('hashes are SHA-256, with and without the browser’s help', async () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
    const expected = createHash('sha256').update(bytes).digest('hex');
    assert.equal(await sha256(bytes), expected);
    assert.equal(Buffer.from(digestHere(bytes)).toString('hex'), expected);
  }
});

test('an abort in any stage ends the run with its own reason, and the next run works', async () => {
  for (const stop of STAGES) {
    const pipeline = new Pipeline(fakeHost());
    const controller = new AbortController();
    const reason = { why: stop };
    const run = pipeline.convert(input, settings, {
      signal: controller.signal,
      onProgress: ({ stage }) => void (stage === stop && controller.abort(reason)),
    });
    await assert.rejects(run, (error) => error === reason);
    await pipeline.convert(input, settings);
  }
});
