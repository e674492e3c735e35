import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicSymbols } from '../helpers/public-symbols.ts';

const all = publicSymbols();

/** A tooltip shows one docblock by itself: a beginning that needs the one before it says nothing there. */
const CONTINUES = /^(?:…|It|Its|They|Their|And|Also|Else|Otherwise|Likewise|Ditto|Same|The same|As above)(?![\w-])/;

/** A default, and a range: `0..2`, `above 0`, `at least 1`. */
const HAS_DEFAULT = /\bdefault\b/i;
const HAS_RANGE = /\d\.\.[−-]?\d|\.\.max|\babove\b|\bat least\b/;

/** What is wrong with a docblock, '' where nothing is. */
function problemOf(text: string): string {
  if (text === '') return 'has no docblock of its own';
  if (CONTINUES.test(text)) return `continues another docblock: ${text.slice(0, 60)}`;
  if (!/^[\p{Lu}\d`'“<]/u.test(text)) return `begins in the middle of a sentence: ${text.slice(0, 60)}`;
  return /[.!?)`:]$/.test(text) ? '' : `ends in the middle of a sentence: ${text.slice(-60)}`;
}

test('every public symbol and member says what it is, in a sentence that stands by itself', () => {
  assert.ok(all.length > 400, `${all.length} symbols`);
  const wrong = all
    .map(({ name, place, text }) => ({ line: `${place} ${name}`, problem: problemOf(text) }))
    .filter(({ problem }) => problem !== '');
  assert.deepEqual(
    wrong.map(({ line, problem }) => `${line} ${problem}`),
    [],
  );
});

test('every number that may be chosen says its range and its default', () => {
  const numbers = all.filter(({ isNumericOption }) => isNumericOption);
  assert.ok(numbers.length >= 8, `${numbers.length} numbers`);
  assert.deepEqual(
    numbers
      .filter(({ text }) => !HAS_DEFAULT.test(text) || !HAS_RANGE.test(text))
      .map(({ name, place, text }) => `${place} ${name}: ${text}`),
    [],
  );
});

test('a docblock that continues another is found', () => {
  for (const text of ['It runs models.', '… and the other one.', 'null where it is not known.', 'The same for y.', 'And the height.', ''])
    assert.notEqual(problemOf(text), '', text);
  assert.equal(problemOf('Itself, as a whole.'), '');
});
