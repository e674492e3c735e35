import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeLeft } from '../../src/cli/time-left.ts';

/** What is said when a job goes at these speeds, parts a second, told every half second. */
function said(speeds: readonly number[]): (string | undefined)[] {
  const left = new TimeLeft();
  let overall = 0;
  return speeds.map((speed, n) => left.heard((overall += speed / 2), n * 500));
}

test('a steady job says how long it will go on, in round numbers, and nothing at its beginning and end', () => {
  const words = said(Array.from({ length: 200 }, () => 0.01));
  assert.equal(words[5], undefined);
  assert.equal(words[20], 'about 1 min left');
  assert.equal(words[119], 'about 40 s left');
  assert.equal(words.at(-1), undefined);
});

test('what goes slower than before is believed within a window', () => {
  const words = said([...Array.from({ length: 40 }, () => 0.02), ...Array.from({ length: 60 }, () => 0.0016)]);
  assert.equal(words[39], 'about 30 s left');
  // A little more than half of the job is left, at a tenth of the speed.
  assert.equal(words.at(-1), 'about 6 min left');
});

test('a job that stands still promises nothing', () => {
  assert.equal(said([0.02, ...Array.from({ length: 80 }, () => 0)]).at(-1), undefined);
});
