/** Authors outside: what `unflat plugins new` makes and the packages in test/strangers are built and tested with the packed package alone. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import { testBrowser } from '../helpers/browser.ts';
import { installPacked, link } from '../helpers/packed.ts';
import { sandboxServer } from '../helpers/sandbox-page.ts';

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

declare function contract(text: string): Promise<{ passed: string[]; failed: string[] }>;
declare function estimates(text: string): Promise<{ keptBytes: number | undefined; left: number; right: number; keptAfter: number }>;
declare function renders(): Promise<string>;
declare function works(text: string): Promise<{ kind: string; files: { suffix: string; text: string }[]; hasInput: boolean }>;

test('the strangers’ plugins pass their tests, and work in the sandbox', async (t) => {
  const server = await sandboxServer('strangers-page.ts');
  const context = await (await testBrowser()).newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'works' in globalThis);
  assert.equal(await page.evaluate(() => renders()), '8x4 100, 8x4 150, refused', 'an output has frames rendered');
  const ids = readdirSync(join(root, 'test/strangers')).filter((name) => /^(depth|inpaint|output)-/.test(name));
  assert.equal(ids.length, 4);
  for (const id of ids) {
    cpSync(join(root, 'test/strangers', id), join(folder, id), { recursive: true });
    const text = proved(join(folder, id), id);
    if (id === 'depth-warmth') {
      const { keptBytes, left, right, keptAfter } = await page.evaluate((file) => estimates(file), text);
      assert.deepEqual([keptBytes, keptAfter, left > 0.9, right < 0.1], [212, 0, true, true], 'its model comes, runs and goes with it');
      continue;
    }
    const { passed, failed } = await page.evaluate((file) => contract(file), text);
    assert.deepEqual([failed, passed.length >= 6], [[], true], 'the contract, through the sandbox');
    const { kind, files, hasInput } = await page.evaluate((file) => works(file), text);
    assert.equal(id.split('-')[0], kind);
    assert.ok(hasInput, 'what is handed to a plugin stays with who handed it over');
    if (kind !== 'output') continue;
    const [obj, mtl, bmp] = files;
    assert.match(obj?.text ?? '', /^mtllib street\.mtl\nusemtl photo\nv /);
    assert.ok((obj?.text.match(/^f /gm)?.length ?? 0) > 10);
    assert.match(mtl?.text ?? '', /map_Kd street\.bmp/);
    assert.ok(bmp?.text.startsWith('BM'));
  }
});
