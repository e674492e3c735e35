import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEPTH_STAGES, ProgressMeter, SCENE_STAGES, STAGES, STAGE_IDS, type Progress } from '../../../src/core/index.ts';
import { resolveSettings } from '../../../src/pipeline/index.ts';
import { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { FAKE, fakeHost, fileOf } from '../../fixtures/pipeline-fixtures.ts';

const settings = resolveSettings(FAKE);
const input = { photo: fileOf('cat.jpg') };

test('the shares of a scene’s stages are all of its work', () => {
  assert.ok(Math.abs(SCENE_STAGES.reduce((sum, stage) => sum + STAGES[stage].share, 0) - 1) < 1e-9);
  for (const stages of [SCENE_STAGES, DEPTH_STAGES]) {
    const meter = new ProgressMeter(stages);
    assert.equal(meter.at(stages[0]!, 0), 0);
    assert.equal(meter.at(stages.at(-1)!, 1), 1);
  }
});

test('what is done of a job never goes back, in whatever order its stages are told', () => {
  const step = fc.tuple(fc.constantFrom(...STAGE_IDS), fc.double({ min: -1, max: 2, noNaN: true }));
  fc.assert(
    fc.property(fc.constantFrom(SCENE_STAGES, DEPTH_STAGES, []), fc.array(step), (stages, steps) => {
      const meter = new ProgressMeter(stages);
      let before = 0;
      for (const [stage, fraction] of steps) {
        const now = meter.at(stage, fraction);
        assert.ok(now >= before && now <= 1, `${stage} ${fraction}: ${before} → ${now}`);
        before = now;
      }
    }),
  );
});

test('the stages run in the order of the table, and their progress ends where all is done', async () => {
  for (const kind of ['scene', 'depth'] as const) {
    const told: Progress[] = [];
    const hooks = { onProgress: (each: Progress) => void told.push(each) };
    const pipeline = new Pipeline(fakeHost());
    await (kind === 'scene' ? pipeline.convert(input, settings, hooks) : pipeline.depthOf(input, settings, hooks));
    const stages = kind === 'scene' ? SCENE_STAGES : DEPTH_STAGES;
    assert.deepEqual([...new Set(told.map(({ stage }) => stage))], stages);
    let from = 0;
    const sum = stages.reduce((all, stage) => all + STAGES[stage].share, 0);
    for (const stage of stages) {
      const share = STAGES[stage].share / sum;
      for (const each of told.filter((one) => one.stage === stage))
        assert.ok(Math.abs(each.overall - (from + share * each.fraction)) < 1e-9, `${stage} ${each.fraction} is ${each.overall}`);
      from += share;
    }
    assert.equal(told.at(-1)?.overall, 1);
  }
});

test('a run that starts in the middle goes on from there', async () => {
  const pipeline = new Pipeline(fakeHost());
  await pipeline.convert(input, settings);
  const told: number[] = [];
  await pipeline.convert(input, { ...settings, smoothing: 0 }, { onProgress: ({ overall }) => told.push(overall) });
  assert.ok(told[0]! >= STAGES.decode.share + STAGES.depth.share - 1e-9, `${told[0]}`);
  assert.deepEqual(
    told,
    [...told].sort((a, b) => a - b),
  );
});
