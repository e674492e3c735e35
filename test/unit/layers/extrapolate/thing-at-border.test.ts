import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goesOnBy, thingAtBorder } from '../../../../src/layers/extrapolate/thing-at-border.ts';
import { joinedDepth } from '../../../fixtures/joined-depth.ts';

const [WIDTH, HEIGHT] = [100, 4];
const PER_DISPARITY = 100;

/** What is said of a row that begins at the left border. */
function seenAlong(at: (x: number) => number) {
  const { depth, joins } = joinedDepth(WIDTH, HEIGHT, at);
  return thingAtBorder(depth, joins, { start: WIDTH, step: 1, length: 50 }, 0.03, PER_DISPARITY);
}

test('a flat thing becomes about as wide as high, within bounds, and what lies behind it is found beyond its edge', () => {
  const thing = seenAlong((x) => (x < 20 ? 0.6 : 0.1));
  assert.deepEqual(thing, { seen: 20, round: -1, behind: 22 });
  assert.deepEqual(
    [10, 45, 300].map((high) => goesOnBy(thing, high)),
    [10, 25, 40],
  );
});

test('a ball whose middle is seen ends as far from its middle as on its other side', () => {
  // Its middle at 12, its end at 32: outside there are 8 more.
  const thing = seenAlong((x) => (x < 32 ? 0.5 + 0.2 * Math.sqrt(Math.max(0, 1 - ((x - 12) / 20) ** 2)) : 0.1));
  assert.equal(thing.seen, 32);
  assert.ok(Math.abs(goesOnBy(thing, 40) - 8) <= 2, `${goesOnBy(thing, 40)} pixels`);
});

test('a wall that fills the picture ends nowhere near, and nothing lies behind it', () => {
  assert.deepEqual(
    seenAlong(() => 0.4),
    { seen: 50, round: -1, behind: -1 },
  );
});
