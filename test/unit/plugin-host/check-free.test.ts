/** Nobody is misled by a plugin that takes another's id or name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PluginManifest } from '../../../src/plugin-api/index.ts';
import { checkFree, checkFreeName, type TakenNames } from '../../../src/plugin-host/check-free.ts';
import type { PluginDescription } from '../../../src/plugin-host/check-description.ts';

const ours: TakenNames = {
  ids: ['depth-map', 'output-ply'],
  products: ['ply'],
  models: ['depth-anything-v2-small', 'lama'],
  labels: ['My own depth map', '3D model (PLY)', 'Depth Anything V2 small'],
};
const named = (id: string, label: string): PluginManifest => ({ id, label, author: 'A. Stranger' }) as PluginManifest;

function plugin(id: string, label: string, products: object[] = [], models: object[] = []): PluginDescription {
  return { manifest: named(id, label), products, models } as unknown as PluginDescription;
}

test('an id or a name of Unflat’s is refused before any code runs', () => {
  checkFreeName(named('depth-mine', 'Mine'), ours, 'mine.js');
  for (const [id, label, words] of [
    ['depth-map', 'Mine', /^mine\.js calls itself depth-map, as a plugin of Unflat does\. Ask its author to choose another id\.$/],
    ['depth-anything-v2-small', 'Mine', /^mine\.js calls itself depth-anything-v2-small, as models of Unflat’s list begin/],
    ['depth-anything', 'Mine', /as models of Unflat’s list begin/],
    ['depth-mine', 'Depth Anything V2 small', /^mine\.js calls itself “Depth Anything V2 small”, as something in Unflat is called/],
    ['depth-mine', 'Depth Аnything V2 smaII', /as something in Unflat is called/],
    ['depth-mine', '3d model - PLY', /as something in Unflat is called/],
  ] as const)
    assert.throws(() => checkFreeName(named(id, label), ours, 'mine.js'), { message: words });
  // A word that begins alike is another one.
  checkFreeName(named('depth-any', 'Mine'), ours, 'mine.js');
});

test('a file format, a model or a name of another plugin’s is refused, and both are named', () => {
  const others = [
    plugin('depth-other', 'Other', [], [{ id: 'depth-other-a', label: 'Other’s model' }]),
    plugin('output-obj', 'OBJ', [{ id: 'obj', label: 'Mesh' }]),
  ];
  checkFree(plugin('depth-mine', 'Mine', [], [{ id: 'depth-mine-a', label: 'My model' }]), ours, others);
  for (const [given, words] of [
    [
      plugin('output-mine', 'Mine', [{ id: 'ply', label: 'Mine' }]),
      /^The plugin “Mine” \(output-mine\) writes “ply”, which another one writes already/,
    ],
    [plugin('output-mine', 'Mine', [{ id: 'obj', label: 'Mine' }]), /writes “obj”/],
    [plugin('depth-mine', 'Mine', [], [{ id: 'lama', label: 'Mine' }]), /calls its model lama, as one of Unflat’s list is called/],
    [plugin('depth-mine', 'Mine', [], [{ id: 'depth-other-a', label: 'Mine' }]), /brings a model of the same id as “Other”/],
    [plugin('depth-mine', 'Mine', [], [{ id: 'depth-mine-a', label: 'My own depth map' }]), /as something in Unflat is called/],
    [plugin('depth-mine', 'OTHER'), /calls something “OTHER”, and so does “Other” \(depth-other\)\. Remove that one first/],
    [plugin('output-mine', 'Mine', [{ id: 'mine', label: 'Меsh' }]), /and so does “OBJ” \(output-obj\)/],
  ] as const)
    assert.throws(() => checkFree(given, ours, others), { message: words });
});
