import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BorderColours } from '../../../../src/layers/extrapolate/border-colours.ts';

const [WHITE, BLACK, RED] = [0xffffffff, 0xff000000, 0xff0000ff];
/** Stripes of one pixel, then another surface. */
const colours = Array.from({ length: 80 }, (_, s) => (s >= 40 ? RED : s % 2 ? WHITE : BLACK));
const spread = new BorderColours(
  80,
  (s) => colours[s]!,
  (s) => (s >= 40 ? 20 : 5),
);

test('a wall’s lines go straight on outward, a carpet that comes nearer goes on in its mean colour', () => {
  for (const s of [20, 21]) {
    assert.equal(spread.at(s, 30, 0), colours[s]);
    assert.ok(Math.abs((spread.at(s, 30, 0.3) & 255) - 127) < 8);
  }
});

test('no surface lends its colour to the next', () => {
  assert.equal(spread.at(40, 30, 0.3), RED);
  assert.equal((spread.at(39, 30, 0.3) >>> 16) & 255, spread.at(39, 30, 0.3) & 255);
});
