import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeLeft, lengthWords } from '../../../src/core/index.ts';

/** What is said when a job goes at these speeds, parts a second, told every half second. */
function said(speeds: readonly number[]): (string | undefined)[] {
  const left = new TimeLeft();
  let overall = 0;
  return speeds.map((speed, n) => {
    const seconds = left.heard((overall += speed / 2), n * 500);
    return seconds === undefined ? undefined : lengthWords(seconds);
  });
}

test('a steady job says how long it will go on, in round numbers, and nothing at its beginning and end', () => {
  const words = said(Array.from({ length: 200 }, () => 0.01));
  assert.equal(words[5], undefined);
  assert.equal(words[20], '1 min');
  assert.equal(words[119], '40 s');
  assert.equal(words.at(-1), undefined);
});

test('what goes slower than before is believed within a window', () => {
  const words = said([...Array.from({ length: 40 }, () => 0.02), ...Array.from({ length: 60 }, () => 0.0016)]);
  assert.equal(words[39], '30 s');
  // A little more than half of the job is left, at a tenth of the speed.
  assert.equal(words.at(-1), '6 min');
});

test('a job that stands still promises nothing', () => {
  assert.equal(said([0.02, ...Array.from({ length: 80 }, () => 0)]).at(-1), undefined);
});
