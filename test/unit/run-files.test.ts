import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import { runFiles } from '../run-files.mjs';

const folder = mkdtempSync(join(tmpdir(), 'unflat-run-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), `import { existsSync, writeFileSync } from 'node:fs';\nimport { test } from 'node:test';\n${text}`);
  return name;
};
/** Fails the first time; a test that passes, one that is skipped and one to do are beside it. */
const unlucky = (name: string): string =>
  put(
    name,
    `const isFirst: boolean = !existsSync('${name}.ran');
    writeFileSync('${name}.ran', '');
    test('beside it', () => {});
    test('skipped', { skip: true }, () => {});
    test('to do', { todo: true }, () => { throw new Error('later'); });
    test('unlucky', () => { if (isFirst) throw new Error('too much going on'); });`,
  );
const good = put('good.test.ts', `test('good', async (t) => { await t.test('part', () => {}); });`);
const bad = put('bad.test.ts', `test('bad', () => { throw new Error('bad'); });`);
const broken = put('broken.test.ts', `throw new Error('never starts');`);

async function run(files: string[], again: boolean): Promise<{ passed: boolean; counts: string; said: string }> {
  const lines: string[] = [];
  const { passed, counts } = await runFiles(files, { concurrency: 2, folder, again, say: (line) => lines.push(line) });
  return {
    passed,
    counts: Object.entries(counts)
      .flatMap(([name, count]) => (count > 0 ? [`${name} ${count}`] : []))
      .join(', '),
    said: lines
      .filter((line) => line.includes('──'))
      .join('\n')
      .trim(),
  };
}

test('a file that failed beside another is run once more by itself, which is said, and counts as it came out then', async () => {
  const name = unlucky('once.test.ts');
  const { passed, counts, said } = await run([good, name], true);
  assert.equal(passed, true);
  assert.equal(counts, 'tests 6, pass 4, skipped 1, todo 1');
  assert.equal(said, `── ${name} failed beside another file: it is run once more, by itself\n── ${name} passed by itself`);
});

test('one that fails again, or does not even start, fails the run and counts once', async () => {
  const { passed, counts, said } = await run([bad, good, broken], true);
  assert.equal(passed, false);
  assert.equal(counts, 'tests 4, pass 2, fail 2');
  assert.match(said, /bad\.test\.ts failed again by itself/);
  assert.match(said, /broken\.test\.ts failed again by itself/);
});

test('files that are run alone are not tried again', async () => {
  const { passed, counts, said } = await run([unlucky('alone.test.ts')], false);
  assert.deepEqual([passed, counts, said], [false, 'tests 4, pass 1, fail 1, skipped 1, todo 1', '']);
});
