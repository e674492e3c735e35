import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plugins } from '../../plugins/index.ts';
import { bundled } from '../../plugins/bundled.ts';
import { bundledOutputs } from '../../plugins/bundled-outputs.ts';
import { OWN_MODEL_PLUGINS } from '../../plugins/own-model-plugins.ts';

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
