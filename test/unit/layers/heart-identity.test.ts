/** Layers and meshes are the same to the bit as when they were recorded: code may move, what it makes may not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { arithmeticHash, heartCases, heartHashes, isHere, type HeartHashes } from '../../golden/heart-cases.ts';

const recorded = JSON.parse(readFileSync(new URL('../../golden/heart.json', import.meta.url), 'utf8')) as {
  arithmetic: string;
  cases: Record<string, HeartHashes>;
};
const isOtherArithmetic = arithmeticHash() !== recorded.arithmetic;

test('every recorded case is still listed', () =>
  assert.deepEqual(
    Object.keys(recorded.cases),
    heartCases.map(({ name }) => name),
  ));

for (const one of heartCases) {
  const skip = isOtherArithmetic
    ? 'Math differs in the last bit from where this was recorded'
    : isHere(one)
      ? false
      : 'its files are not here';
  test(`the heart: ${one.name}`, { skip }, () => {
    assert.deepEqual(heartHashes(one), recorded.cases[one.name], 'meant to change? node --import tsx test/golden/update-heart.ts');
  });
}
