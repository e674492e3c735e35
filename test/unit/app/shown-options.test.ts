import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupsOf } from '../../../src/app/groups-of.ts';
import { isShown } from '../../../src/app/is-shown.ts';
import { optionValue } from '../../../src/app/option-value.ts';
import type { OptionSpec } from '../../../src/plugin-api/index.ts';

const mode: OptionSpec = {
  id: 'mode',
  label: 'Mode',
  type: 'choice',
  default: 'plain',
  choices: [
    { value: 'plain', label: 'Plain' },
    { value: 'wave', label: 'Wave' },
    { value: 'noise', label: 'Noise' },
  ],
};
const height: OptionSpec = {
  id: 'height',
  label: 'Height',
  type: 'number',
  default: 1,
  min: 0,
  max: 5,
  group: 'Shape',
  showIf: { option: 'mode', is: ['wave', 'noise'] },
};
const seed: OptionSpec = {
  id: 'seed',
  label: 'Seed',
  type: 'number',
  default: 1,
  min: 0,
  max: 5,
  group: 'Chance',
  showIf: { option: 'mode', is: 'noise' },
};
const width: OptionSpec = { id: 'width', label: 'Width', type: 'number', default: 1, min: 0, max: 5, group: 'Shape' };
const all = [height, mode, seed, width];

test('a control is shown when the other option has one of the values, its default counting', () => {
  const shown = (values: Record<string, string>): string[] => all.filter((spec) => isShown(spec, all, values)).map(({ id }) => id);
  assert.deepEqual(shown({}), ['mode', 'width']);
  assert.deepEqual(shown({ mode: 'wave' }), ['height', 'mode', 'width']);
  assert.deepEqual(shown({ mode: 'noise' }), ['height', 'mode', 'seed', 'width']);
});

test('what every object has is no value of an option', () => {
  const odd: OptionSpec = { id: 'constructor', label: 'Odd', type: 'boolean', default: true };
  const beside: OptionSpec = { id: 'x', label: 'X', type: 'boolean', default: true, showIf: { option: 'constructor', is: true } };
  assert.equal(isShown(beside, [odd, beside], {}), true);
  assert.equal(optionValue(odd, {}), true);
  assert.equal(isShown({ ...beside, showIf: { option: '__proto__', is: true } }, [odd, beside], {}), false);
});

test('controls of one heading stand together, and those without one come first', () => {
  assert.deepEqual(
    groupsOf(all).map(({ group, specs }) => [group, specs.map(({ id }) => id)]),
    [
      [undefined, ['mode']],
      ['Shape', ['height', 'width']],
      ['Chance', ['seed']],
    ],
  );
});
