import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { plugins } from '../../plugins/index.ts';
import { bundled } from '../../plugins/bundled.ts';
import { bundledOutputs } from '../../plugins/bundled-outputs.ts';
import { OWN_MODEL_PLUGINS } from '../../plugins/own-model-plugins.ts';
import { root } from '../../src/cli/prepare.mjs';

/** Lines that hold the id by itself: not as a part of a model's id, nor of the name of a file of our own. */
function linesNaming(id: string, text: string): string[] {
  const word = new RegExp(`plugins/${id}(?![\\w-])|(?<![\\w./-])${id}(?![\\w-]|\\.ts)`);
  return text.split('\n').filter((line) => word.test(line));
}

test('no file of the program names a plugin: they say themselves what they are for', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true })
    .map((name) => `src/${String(name).replaceAll('\\', '/')}`)
    .filter((file) => /\.(ts|mjs|html|json)$/.test(file));
  const named = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return Object.keys(plugins).flatMap((id) => linesNaming(id, text).map((line) => `${file}: ${line.trim()}`));
  });
  assert.deepEqual(named, []);
  assert.deepEqual(linesNaming('depth-map', "x = 'depth-map'; // a\nimport a from '../plugins/depth-map/index.ts'").length, 2);
});

test('each line of the list loads the plugin that it names, and so do those that are loaded at once', async () => {
  assert.ok(Object.keys(plugins).length >= 11);
  for (const [id, load] of Object.entries({ ...plugins })) assert.equal((await load()).default.id, id);
  for (const [id, load] of Object.entries({ ...bundled, ...bundledOutputs }))
    assert.equal((await load()).default, (await plugins[id]!()).default, id);
});

test('the program finds what it needs a plugin for: files of depth, filling in without a model, models of one’s own', async () => {
  const all = await Promise.all(Object.values(plugins).map(async (load) => (await load()).default));
  assert.equal(all.filter((plugin) => plugin.kind === 'depth' && plugin.readsDepthFiles && !plugin.needsModel).length, 1);
  assert.equal(all.filter((plugin) => plugin.kind === 'inpaint' && !plugin.needsModel).length, 1);
  for (const [gives, id] of Object.entries(OWN_MODEL_PLUGINS)) {
    const plugin = all.find((each) => each.id === id);
    assert.equal(plugin?.kind, gives === 'inpaint' ? 'inpaint' : 'depth');
    assert.equal(plugin && 'needsModel' in plugin && plugin.needsModel, true, id);
  }
});
