import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveOptions, resolveSettings } from '../../../src/pipeline/index.ts';
import type { OptionSpec } from 'unflat/plugin';

test('settings without wishes are the defaults; equal wishes give equal JSON, whatever their order', () => {
  assert.equal(resolveSettings().longerSidePx, 960);
  assert.equal(resolveSettings({ smoothing: undefined }).smoothing, 1);
  const a = resolveSettings({ smoothing: 2, depthOptions: { b: 1, a: true } });
  const b = resolveSettings({ depthOptions: { a: true, b: 1 }, smoothing: 2 });
  assert.equal(JSON.stringify(a), JSON.stringify(b));
});

test('a setting out of range is named with its range and value', () => {
  assert.throws(() => resolveSettings({ longerSidePx: 0 }), {
    name: 'TypeError',
    message: 'settings.longerSidePx must be an integer from 256 to 4096, got 0',
  });
  assert.throws(() => resolveSettings({ longerSidePx: 960.5 }), /settings\.longerSidePx/);
  assert.throws(() => resolveSettings({ detailPx: 5000 }), /settings\.detailPx/);
  assert.throws(() => resolveSettings({ smoothing: NaN }), /settings\.smoothing must be a number from 0 to 2, got NaN/);
  assert.throws(() => resolveSettings({ inpainter: '' }), /settings\.inpainter/);
  assert.throws(
    () => resolveSettings({ lens: { fx: 1, fy: 1, cx: 0.5, cy: 0.5, near: 2, far: 1 } }),
    /settings\.lens\.far must be larger than near/,
  );
  assert.throws(() => resolveSettings({ eyebox: { x: -1, y: 0, z: 0 } }), /settings\.eyebox\.x must be a number of at least 0/);
});

const SPECS: OptionSpec[] = [
  { id: 'amount', label: 'Amount', type: 'number', default: 1, min: 0, max: 2, unit: 'px' },
  { id: 'flip', label: 'Flip', type: 'boolean', default: false },
  {
    id: 'kind',
    label: 'Kind',
    type: 'choice',
    default: 'a',
    choices: [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ],
  },
];

test('options get their defaults, and wrong ones are named', () => {
  assert.deepEqual(resolveOptions(SPECS, { flip: true }), { amount: 1, flip: true, kind: 'a' });
  assert.throws(() => resolveOptions(SPECS, { amount: 3 }), {
    name: 'TypeError',
    message: 'options.amount must be a number from 0 to 2 px, got 3',
  });
  assert.throws(() => resolveOptions(SPECS, { flip: 'yes' }), /options\.flip must be true or false, got yes/);
  assert.throws(() => resolveOptions(SPECS, { kind: 'c' }), /options\.kind must be one of a, b, got c/);
  // Every object has something of that name; no option is set by it.
  const named = ['constructor', 'toString'].map((id) => ({ ...SPECS[0]!, id }));
  assert.deepEqual(resolveOptions(named, {}), { constructor: 1, toString: 1 });
  assert.deepEqual(resolveOptions(named, { toString: 2 }), { constructor: 1, toString: 2 });
  assert.throws(() => resolveOptions(SPECS, { speed: 1 }), /options\.speed is not an option of this plugin; there are amount, flip, kind/);
});
