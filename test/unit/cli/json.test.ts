import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { main } from '../../../src/cli/index.ts';
import type { RunReport } from '../../../src/cli/run-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-json-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
for (const name of ['a.jpg', 'b.jpg', 'x_depth.npy', 'no.json']) writeFileSync(at(name), 'x');
writeFileSync(at('empty.jpg'), '');

/** Runs the command line in this process. @returns its status, what it wrote to stdout, and to stderr. */
async function run(context: TestContext, ...argv: string[]) {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    const write = process[name].write.bind(process[name]);
    // The test runner writes there, too.
    context.mock.method(process[name], 'write', (text: unknown, ...rest: []) => {
      if (typeof text !== 'string') return write(text as string, ...rest);
      said[name] += text;
      for (const done of rest as unknown[]) if (typeof done === 'function') (done as () => void)();
      return true;
    });
  }
  try {
    return { status: await main(argv), ...said, said };
  } finally {
    context.mock.restoreAll();
  }
}

const FATAL: readonly (readonly [what: string, argv: string[], status: number, code: string])[] = [
  ['no photo', ['--json'], 2, 'usage'],
  ['an unknown option', ['a.jpg', '--json', '--colour'], 2, 'usage'],
  ['a map alone', [at('x_depth.npy'), '--json'], 2, 'usage'],
  ['one map for two photos', [at('a.jpg'), at('b.jpg'), '--depth', at('x_depth.npy'), '--json'], 2, 'usage'],
  ['a camera file that is none', [at('a.jpg'), '--cameras', at('no.json'), '--json'], 2, 'usage'],
  ['a model as depth map', [at('a.jpg'), '--depth', 'nothing.onnx', '--models', at('a.jpg'), '--json'], 2, 'usage'],
  ['a file as folder of models', [at('a.jpg'), '--models', at('a.jpg'), '--json'], 2, 'usage'],
  ['stdout for two things', [at('a.jpg'), '--outputs', 'depth', '--out', '-', '--json'], 2, 'usage'],
  ['a file as --out', [at('a.jpg'), '--out', at('one.png'), '--json'], 2, 'usage'],
  ['a mistyped command', ['models', 'lsit', '--json'], 2, 'usage'],
  ['a model that does not exist', ['models', 'fetch', 'nope', '--models', folder, '--json'], 1, 'no-model'],
  ['a file of a model that does not exist', ['models', 'add', 'nope.onnx', '--models', folder, '--json'], 2, 'usage'],
  ['a file that is no model', ['models', 'add', at('a.jpg'), '--models', folder, '--json'], 1, 'bad-model'],
];

for (const [what, argv, status, code] of FATAL) {
  test(`--json reports ${what}`, async (context) => {
    const { said, ...ended } = await run(context, ...argv);
    const report = JSON.parse(said.stdout) as RunReport & { models?: unknown[] };
    assert.deepEqual([ended.status, report.schemaVersion, report.ok, report.code, report.warnings], [status, 1, false, code, []]);
    assert.deepEqual(argv[0] === 'models' ? report.models : report.photos, []);
    assert.equal(said.stderr, `${report.error}\n`, 'one line, and no notes beside it');
  });
}

test('--json gives every photo that cannot be read its code', async (context) => {
  const { said, status } = await run(context, at('empty.jpg'), at('missing.jpg'), '--out', at('out'), '--json', '--quiet');
  const report = JSON.parse(said.stdout) as RunReport;
  assert.deepEqual([status, report.ok, report.schemaVersion, report.code], [1, false, 1, undefined]);
  assert.deepEqual(
    report.photos.map(({ ok, code, warnings }) => [ok, code, warnings]),
    [
      [false, 'empty-file', []],
      [false, 'not-found', []],
    ],
  );
});

test('behind -- stands the name of a file', async (context) => {
  const { said, status } = await run(context, '--', '--json');
  assert.deepEqual([status, said.stdout], [1, '']);
  assert.match(said.stderr, /^--json: does not exist/);
});
