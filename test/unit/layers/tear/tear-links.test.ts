import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOINED_RIGHT, finish } from '../../../../src/core/index.ts';
import { tearLinks } from '../../../../src/layers/tear/tear-links.ts';
import { joinedDepth } from '../../../fixtures/joined-depth.ts';

const bounds = { perDisparity: () => 20, absolute: () => 0, typical: 20 };
/** How many links to the right are torn at each column. */
function tornAt(at: (x: number, y: number) => number): number[] {
  const { depth } = joinedDepth(24, 12, at);
  const joins = finish(tearLinks(depth, bounds));
  return Array.from(
    { length: 23 },
    (_, x) => Array.from({ length: 12 }, (_, y) => joins[y * 24 + x]! & JOINED_RIGHT).filter((bit) => bit === 0).length,
  );
}

test('a gap of two pixels tears, one of a pixel does not', () => {
  assert.deepEqual(
    tornAt((x) => (x < 10 ? 0.1 : 0.2)).flatMap((count, x) => (count ? [[x, count]] : [])),
    [[9, 12]],
  );
  assert.deepEqual(tornAt((x) => (x < 10 ? 0.1 : 0.15)).filter(Boolean), []);
});

test('a weak gap tears where it goes on from a strong one', () => {
  const torn = tornAt((x, y) => (x < 10 ? 0.1 : y < 6 ? 0.2 : 0.155));
  assert.equal(torn[9], 12);
});

test('a slope is whole, a speck is noise', () => {
  assert.deepEqual(tornAt((x) => 0.02 + 0.04 * x).filter(Boolean), []);
  assert.deepEqual(tornAt((x, y) => (x === 10 && y === 5 ? 0.4 : 0.1)).filter(Boolean), []);
});
