import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Motion, limited, unlimited } from '../../../src/viewer/motion.ts';

/** A motion on a clock that goes on by 1/60 s a step. */
function onClock(): { motion: Motion; run(seconds: number): boolean } {
  let now = 100;
  const motion = new Motion(() => now);
  return {
    motion,
    run(seconds) {
      let moves = false;
      for (let t = 0; t < seconds; t += 1 / 60) {
        now += 1 / 60;
        moves = motion.step();
      }
      return moves;
    },
  };
}

test('the view glides to where it is asked to be, without overshoot, and then stands still', () => {
  const { motion, run } = onClock();
  motion.goTo({ x: 0.5, y: -0.25, z: 0.1 });
  let last = 0;
  for (let i = 0; i < 30; i++) {
    run(1 / 60);
    assert.ok(motion.look.x >= last && motion.look.x <= 0.5);
    last = motion.look.x;
  }
  assert.ok(motion.look.x > 0.45, `after half a second at ${motion.look.x}`);
  assert.equal(run(2), false);
  assert.deepEqual(motion.look, { x: 0.5, y: -0.25, z: 0.1 });
});

test('at four pictures a second the view still follows the hand at once, and begins without a jump', () => {
  let now = 100;
  const motion = new Motion(() => now);
  motion.step();
  now += 3;
  motion.goTo({ x: 0.5 });
  motion.step();
  assert.ok(motion.look.x < 0.15, 'the time before it was asked to go counts for little');
  for (let i = 0; i < 3; i++) {
    now += 0.25;
    motion.step();
  }
  assert.ok(motion.look.x > 0.49, `after three more pictures at ${motion.look.x}`);
});

test('no place outside the eyebox is ever reached', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: 0, max: 0.5, noNaN: true })), { maxLength: 20 }),
      (moves) => {
        const { motion, run } = onClock();
        for (const [x, seconds] of moves) {
          motion.goTo({ x, y: -x, z: x });
          run(seconds);
          const { look } = motion;
          assert.ok(Math.hypot(look.x, look.y) <= 1 && Math.abs(look.z) <= 1, JSON.stringify(look));
        }
      },
    ),
    { numRuns: 50 },
  );
  assert.deepEqual(limited({ x: 0.6, y: -0.5, z: 0.8 }), { x: 0.6, y: -0.5, z: 0.8 });
  const corner = limited({ x: 1, y: 1, z: -50 });
  assert.ok(corner.x === corner.y && Math.hypot(corner.x, corner.y) < 1 && corner.x > 0.69 && corner.z >= -1, JSON.stringify(corner));
  const back = unlimited(corner);
  assert.ok(Math.abs(back.x - 1) < 1e-6 && Math.abs(back.y - 1) < 1e-6, JSON.stringify(back));
});

test('it sways after a while without a touch, and not while a finger is down', () => {
  const { motion, run } = onClock();
  motion.sways = true;
  motion.goTo({ x: 0.3, y: 0, z: 0 });
  assert.equal(run(2), false, 'at rest before the time is up');
  assert.equal(run(3), true, 'sways');
  motion.hold(true);
  assert.equal(motion.rest, Infinity);
  run(1);
  assert.equal(run(5), false);
  motion.hold(false);
  assert.ok(motion.rest > 2);
  assert.equal(run(4), true);
});

test('without sway it rests for ever', () => {
  const { motion, run } = onClock();
  assert.equal(run(60), false);
  assert.equal(motion.rest, Infinity);
  assert.deepEqual(motion.look, { x: 0, y: 0, z: 0 });
});
