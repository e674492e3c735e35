/** What a plugin's file asks for, beside the installed one of its id. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PluginManifest } from '../../../src/plugin-api/index.ts';
import { PagePlugins, PluginHost, type InstalledPlugin } from '../../../src/plugin-host/index.ts';

const model = { path: 'evil.example.org', url: 'https://models.example.org/a.onnx', sizeBytes: 3, sha256: 'a'.repeat(64) };
const manifest: PluginManifest = {
  id: 'depth-mine',
  version: '1.0.0',
  kind: 'depth',
  label: 'Mine',
  author: 'A. Stranger',
  licence: 'MIT',
  apiVersion: 1,
  hosts: [],
  models: [model, { ...model, path: 'file' }],
  sees: ['photo'],
};

async function offered(changes: Partial<PluginManifest>): Promise<{ gains: string[]; losses: string[] }> {
  const installed = { manifest, isEnabled: true, models: [], products: [] } as unknown as InstalledPlugin;
  const store = new PagePlugins();
  await store.change(manifest.id, () => installed);
  const host = new PluginHost({
    taken: async () => ({ ids: [], products: [], models: [], labels: [] }),
    environment: () => Promise.reject(new Error('not asked')),
    store,
    models: { parseRow: () => assert.fail('no code runs') },
    ask: () => assert.fail('nobody is asked'),
  });
  const text = `/*! unflat-plugin\n${JSON.stringify({ ...manifest, ...changes })}\n*/\nexport default {};\n`;
  const { gains, losses } = await host.offer(new TextEncoder().encode(text), 'mine.js');
  const words = (wishes: typeof gains): string[] => wishes.map(({ kind, name }) => `${kind} ${name}`);
  return { gains: words(gains), losses: words(losses) };
}

test('a host or a sight is new although a model was called like it', async () => {
  assert.deepEqual(await offered({ version: '2.0.0' }), { gains: [], losses: [] });
  assert.deepEqual(await offered({ hosts: ['evil.example.org'], sees: ['photo', 'file'] }), {
    gains: ['sight file', 'host evil.example.org'],
    losses: [],
  });
  assert.deepEqual(await offered({ models: [model] }), { gains: [], losses: ['model file'] });
});

test('a file whose model cannot be downloaded from where it says is refused', async () => {
  await assert.rejects(offered({ models: [{ ...model, url: 'https://xn--a.org/x.onnx' }] }), {
    message: 'mine.js names an address for its model evil.example.org that is none; ask its author for a corrected file.',
  });
});

test('another file under the name of a model is said', async () => {
  const other = { ...model, sha256: 'b'.repeat(64) };
  assert.deepEqual(await offered({ models: [other, { ...model, path: 'file' }] }), { gains: ['model evil.example.org'], losses: [] });
});
