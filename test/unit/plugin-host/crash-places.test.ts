/** Where a plugin failed, in the words of each engine; what it says is a stranger's text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashPlaces } from '../../../src/plugin-host/crash-places.ts';
import { programOf } from '../../../src/plugin-host/program-of.ts';

test('the places of an error are those of the plugin’s own file, in all three engines', () => {
  const own = 'unflat-plugin/depth-mine.js';
  const chromium = `Error: out of luck\n    at Object.estimate (${own}:14:11)\n    at ${own}:20:3\n    at async work (${own}:1:5120)`;
  assert.deepEqual(crashPlaces(chromium, 'depth-mine'), ['Object.estimate (depth-mine.js:14:11)', 'depth-mine.js:20:3']);
  const firefox = `estimate@${own}:14:11\n@${own}:20:3\nasync*work@${own}:1:5120\n`;
  assert.deepEqual(crashPlaces(firefox, 'depth-mine'), ['estimate (depth-mine.js:14:11)', 'depth-mine.js:20:3']);
  const webkit = `estimate@${own}:14:11\n@${own}:20:3\n@[native code]`;
  assert.deepEqual(crashPlaces(webkit, 'depth-mine'), ['estimate (depth-mine.js:14:11)', 'depth-mine.js:20:3']);
});

test('a stack that is none, endless or of somebody else gives no places', () => {
  for (const stack of [undefined, 7, {}, '', 'Error: x\n    at estimate (https://example.org/depth-mine.js:1:2)'])
    assert.deepEqual(crashPlaces(stack, 'depth-mine'), []);
  assert.deepEqual(crashPlaces(`at f (unflat-plugin/depth-other.js:14:11)`, 'depth-mine'), []);
  const endless = '    at f (unflat-plugin/depth-mine.js:14:11)\n'.repeat(100_000);
  assert.equal(crashPlaces(endless, 'depth-mine').length, 8);
  const marked = crashPlaces('at \u202egnorw\u001b[31m (unflat-plugin/depth-mine.js:14:11)', 'depth-mine');
  assert.deepEqual(marked, ['depth-mine.js:14:11']);
});

test('a plugin’s lines keep their numbers in its program', async () => {
  const text = '/*! unflat-plugin\n{}\n*/\nconst one = 1;\nexport default { one };\n';
  const program = await programOf(text, 'var unflatSandbox = {};\n', 'depth-mine');
  assert.equal(program.split('\n')[3], 'const one = 1;');
  assert.match(program, /\/\/# sourceURL=unflat-plugin\/depth-mine\.js$/);
});
