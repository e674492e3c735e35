import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UsageError, parseCommandLine, type CliOptions } from '../../src/cli/options.ts';
import { planPhotos } from '../../src/cli/plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-options-'));
for (const name of ['a.jpg', 'a_depth.png', 'b.jpg', 'b.png']) writeFileSync(join(folder, name), 'x');
writeFileSync(join(folder, 'empty.jpg'), '');
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

function parsed(...argv: string[]): CliOptions {
  const options = parseCommandLine(argv);
  assert.ok(typeof options === 'object' && 'photos' in options);
  return options;
}

test('reads every option', () => {
  const options = parsed('a.jpg', '--depth', 'd.png', '--out', 'o', '--outputs', 'ply, depth,ply', '--longer-side', '640', '--inpaint', 'inpaint-classic', '--cameras', 'c.json', '--json');
  assert.deepEqual(options, {
    photos: ['a.jpg'],
    depth: 'd.png',
    out: 'o',
    outputs: ['ply', 'depth'],
    longerSide: 640,
    inpaint: 'inpaint-classic',
    cameras: 'c.json',
    json: true,
  });
});

test('outputs can be none', () => {
  assert.deepEqual(parsed('a.jpg', '--outputs', 'none').outputs, []);
  assert.deepEqual(parsed('a.jpg', '--outputs', '').outputs, []);
});

for (const [what, argv, message] of [
  ['no photo', ['--json'], /No photo given/],
  ['an unknown option', ['a.jpg', '--colour', 'red'], /^There is no option --colour\. unflat --help/],
  ['a mistyped option', ['a.jpg', '--output', 'depth'], /^There is no option --output; did you mean --outputs\?/],
  ['an option that is hardly begun', ['a.jpg', '-o', 'out'], /^There is no option -o\. unflat --help/],
  ['a value that is missing', ['a.jpg', '--out'], /--out/],
  ['an empty value', ['a.jpg', '--out', ''], /--out is empty/],
  ['a working resolution that is too small', ['a.jpg', '--longer-side', '8'], /256 to 4096, got 8/],
  ['a working resolution in words', ['a.jpg', '--longer-side', 'big'], /256 to 4096, got big/],
  ['a pattern without a match', [at('*.heic')], /matches no file/],
] as const) {
  test(`says what is wrong with ${what}`, () => {
    assert.throws(
      () => parseCommandLine([...argv]),
      (error: unknown) => error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}

test('expands patterns where the shell does not', () => {
  assert.deepEqual(parsed(at('*.jpg')).photos, ['a.jpg', 'b.jpg', 'empty.jpg'].map(at));
});

test('takes x_depth for the map of x when both are named', () => {
  const plans = planPhotos(parsed(at('a.jpg'), at('a_depth.png'), '--out', 'o'), false);
  assert.deepEqual(plans.map(({ input, map }) => [input, map]), [[at('a.jpg'), at('a_depth.png')]]);
});

test('refuses one map for two photos', () => {
  assert.throws(() => planPhotos(parsed(at('a.jpg'), at('b.jpg'), '--depth', at('a_depth.png')), true), /one map for 2 photos/);
});

test('refuses two photos that would write the same files', () => {
  assert.throws(() => planPhotos(parsed(at('b.jpg'), at('b.png')), false), /would both be written/);
});

test('knows an empty and a missing photo before a browser starts', () => {
  const plans = planPhotos(parsed(at('empty.jpg'), at('missing.jpg'), at('a.jpg')), false);
  assert.match(plans[0]?.unreadable ?? '', /empty\.jpg: is empty/);
  assert.match(plans[1]?.unreadable ?? '', /missing\.jpg: does not exist/);
  assert.equal(plans[2]?.unreadable, undefined);
});
