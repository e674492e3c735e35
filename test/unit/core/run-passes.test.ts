import assert from 'node:assert/strict';
import { test } from 'node:test';
import inpaintClassic from '../../../plugins/inpaint-classic/index.ts';
import { finish, runPasses, lensFor, type Passes } from '../../../src/core/index.ts';
import { buildHoles, grow, mesh, sharpen, tear } from '../../../src/layers/index.ts';
import { benchScene } from '../../bench/scene.ts';
import { testContext } from '../../fixtures/plugin-context.ts';

/** Every look at the clock finds that a second has passed, so that each yield is a turn of the event loop. */
function withFastClock(context: { mock: { method(object: object, name: string, as: () => number): unknown } }): void {
  let now = 0;
  context.mock.method(performance, 'now', () => (now += 1000));
}

function* endless(): Passes<never> {
  for (;;) yield;
}

test('work in pieces ends with its result', async () => {
  const three = function* (): Passes<number> {
    yield;
    yield;
    return 3;
  };
  assert.equal(await runPasses(three(), new AbortController().signal), 3);
  assert.equal(finish(three()), 3);
});

test('an abort that comes as an event while work goes on stops it, with its own reason', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 5);
  await assert.rejects(runPasses(endless(), controller.signal), (error) => error === reason);
});

test('work whose signal is aborted already does not begin', async () => {
  const begins = function* (): Passes<void> {
    yield;
    assert.fail('it began');
  };
  await assert.rejects(runPasses(begins(), AbortSignal.abort(new Error('before'))), /before/);
});

const { photo, depth } = benchScene(160, 120);
const options = { lens: lensFor(160, 120), eyebox: { x: 0.02, y: 0.02, z: 0.06 } };
const settled = finish(sharpen(depth, photo, { smoothing: 1, exact: false }));
const joins = finish(tear(settled, photo, options));
const grown = finish(grow(photo, settled, joins, options));

const stages: Record<string, () => Passes<unknown>> = {
  sharpen: () => sharpen(depth, photo, { smoothing: 1, exact: false }),
  tear: () => tear(settled, photo, options),
  grow: () => grow(photo, settled, joins, options),
  mesh: () => mesh(grown.layers, options),
  buildHoles: () => buildHoles(grown, 1),
};

for (const [name, work] of Object.entries(stages)) {
  test(`a cancel stops ${name} between two passes`, async (context) => {
    withFastClock(context);
    const controller = new AbortController();
    let steps = 0;
    const counted = function* (): Passes<unknown> {
      const inner = work();
      for (;;) {
        if (++steps === 2) setTimeout(() => controller.abort(new Error('cancelled')));
        const step = inner.next();
        if (step.done) assert.fail(`it was done after ${steps} steps`);
        // Until the event loop has let the abort through, the stage stands still.
        do yield;
        while (steps >= 2);
      }
    };
    await assert.rejects(runPasses(counted(), controller.signal), /cancelled/);
  });
}

test('a cancel stops inpainting without a model', async (context) => {
  withFastClock(context);
  const controller = new AbortController();
  const input = { ...finish(buildHoles(grown, 1))!, options: {} };
  const running = inpaintClassic.inpaint(input, testContext(controller.signal));
  setImmediate(() => controller.abort(new Error('cancelled')));
  await assert.rejects(running, /cancelled/);
});
