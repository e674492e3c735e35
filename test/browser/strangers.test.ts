/** Authors outside: what `unflat plugins new` makes and the packages in test/strangers are built and tested with the packed package alone. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import { readManifest } from '../../src/plugin-api/index.ts';
import { installPacked, link } from '../helpers/packed.ts';

const { folder, installed } = installPacked();
link(folder, ['esbuild', 'typescript', '@esbuild']);

/** The runner of these tests tells its children so, and they would report to it instead of to their reader. */
const { NODE_TEST_CONTEXT: _runner, ...env } = process.env;
const node = (at: string, ...args: string[]): string => execFileSync(process.execPath, args, { cwd: at, encoding: 'utf8', env });

/** Builds a package, runs its tests and checks its types. @returns the plugin's file. */
function proved(at: string, id: string): string {
  node(at, 'build.mjs');
  const said = node(at, '--test');
  assert.match(said, /# fail 0/);
  assert.ok(Number(/# pass (\d+)/.exec(said)?.[1]) >= 7, said);
  node(at, join(root, 'node_modules/typescript/bin/tsc'));
  return readFileSync(join(at, 'dist', `${id}.js`), 'utf8');
}

for (const kind of ['depth', 'inpaint', 'output']) {
  test(`a new ${kind} plugin is built, typed and passes its tests as it is made`, () => {
    node(folder, join(installed, 'src/cli/unflat.mjs'), 'plugins', 'new', 'mine', '--kind', kind);
    proved(join(folder, `${kind}-mine`), `${kind}-mine`);
    assert.throws(() => node(folder, join(installed, 'src/cli/unflat.mjs'), 'plugins', 'new', `${kind}-mine`), /is there already/);
  });
}

const ids = readdirSync(join(root, 'test/strangers')).filter((name) => /^(depth|inpaint|output)-/.test(name));
for (const id of ids) {
  test(`the stranger’s plugin ${id} is built, typed and passes its tests`, () => {
    cpSync(join(root, 'test/strangers', id), join(folder, id), { recursive: true });
    const { id: said, kind } = readManifest(proved(join(folder, id), id));
    assert.deepEqual([said, kind], [id, id.split('-')[0]]);
  });
}
