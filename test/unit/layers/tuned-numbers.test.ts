/** The heart's tuned numbers can be found and told apart: one name, one value; each with a word on what it is. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../../src/cli/prepare.mjs';

interface Tuned {
  name: string;
  file: string;
  isDescribed: boolean;
}

const folder = join(root, 'src/layers');
const files = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts'));
const numbers = files.flatMap((file): Tuned[] => {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const isNumber = (line: string | undefined) => /^(export )?const [A-Z][A-Z0-9_]* = [-\d[]/.test(line ?? '');
  return lines.flatMap((line, k) => {
    if (!isNumber(line)) return [];
    // One description may hold for the numbers right below each other.
    let above = k - 1;
    while (isNumber(lines[above])) above--;
    return [{ name: /const (\w+)/.exec(line)![1]!, file, isDescribed: lines[above]!.trimEnd().endsWith('*/') }];
  });
});

test('there are tuned numbers to look at', () => assert.ok(numbers.length > 80, `${numbers.length}`));

test('no name stands for two numbers', () => {
  const homes = new Map<string, string[]>();
  for (const { name, file } of numbers) homes.set(name, [...(homes.get(name) ?? []), file]);
  assert.deepEqual(
    [...homes].filter(([, all]) => all.length > 1),
    [],
  );
});

test('each number says what it is', () =>
  assert.deepEqual(
    numbers.filter(({ isDescribed }) => !isDescribed).map(({ name, file }) => `${file} ${name}`),
    [],
  ));
