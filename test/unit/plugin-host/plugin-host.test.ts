/** Two pages of the app, which share what is kept: what one does holds on the other, and no stale record comes back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PluginManifest } from '../../../src/plugin-api/index.ts';
import { PluginHost, type InstalledPlugin, type KeptPlugins } from '../../../src/plugin-host/index.ts';

const manifest: PluginManifest = {
  id: 'depth-mine',
  version: '1.0.0',
  kind: 'depth',
  label: 'Mine',
  author: 'A. Stranger',
  licence: 'MIT',
  apiVersion: 1,
  hosts: [],
  models: [],
  sees: ['photo'],
};
const first = { manifest, sha256: 'first', isEnabled: true, models: [], products: [] } as unknown as InstalledPlugin;
const second: InstalledPlugin = { ...first, manifest: { ...manifest, version: '2.0.0' }, sha256: 'second' };

/** What all pages see; each is told of what the others do only when the test says so. */
class SharedPlugins {
  readonly kept = new Map<string, InstalledPlugin>([[manifest.id, first]]);
  readonly watchers = new Set<() => void>();

  page(): KeptPlugins {
    return {
      list: async () => [...this.kept.values()],
      change: async (id, next) => {
        const kept = this.kept.get(id);
        const plugin = next(kept);
        if (plugin) this.kept.set(id, plugin);
        else this.kept.delete(id);
        return kept;
      },
      watch: (onChange) => {
        this.watchers.add(onChange);
        return () => this.watchers.delete(onChange);
      },
    };
  }

  async tellAll(): Promise<void> {
    this.watchers.forEach((told) => told());
    await new Promise((done) => setTimeout(done));
  }
}

async function hostAt(shared: SharedPlugins): Promise<PluginHost> {
  const host = new PluginHost({
    taken: async () => ({ ids: [], products: [], models: [], labels: [] }),
    environment: () => Promise.reject(new Error('not asked')),
    store: shared.page(),
  });
  await host.load();
  return host;
}

const shown = (host: PluginHost): string[] => host.list.map(({ sha256, isEnabled }) => `${sha256} ${isEnabled}`);

test('a switch on a page that did not hear of a removal does not bring the plugin back', async () => {
  const shared = new SharedPlugins();
  const [one, other] = [await hostAt(shared), await hostAt(shared)];
  await one.remove(manifest.id);
  await other.setEnabled(manifest.id, false);
  assert.deepEqual([...shared.kept], []);
  assert.deepEqual(shown(other), []);
});

test('a switch on a page that did not hear of an update does not undo it', async () => {
  const shared = new SharedPlugins();
  const other = await hostAt(shared);
  shared.kept.set(manifest.id, second);
  await other.setEnabled(manifest.id, false);
  assert.deepEqual(shared.kept.get(manifest.id), { ...second, isEnabled: false });
  assert.deepEqual(shown(other), ['second false']);
});

test('a page follows what another one does, and is told once for each change', async () => {
  const shared = new SharedPlugins();
  const [one, other] = [await hostAt(shared), await hostAt(shared)];
  const seen: string[][] = [];
  other.addEventListener('change', () => seen.push(shown(other)));
  const { port, list } = other.connect();
  const listed: string[][] = [];
  port.onmessage = ({ data }: MessageEvent<{ list: { sha256: string }[] }>) => listed.push(data.list.map(({ sha256 }) => sha256));
  await shared.tellAll();
  await one.setEnabled(manifest.id, false);
  await shared.tellAll();
  shared.kept.set(manifest.id, second);
  await shared.tellAll();
  await shared.tellAll();
  await one.remove(manifest.id);
  await shared.tellAll();
  assert.deepEqual(seen, [['first false'], ['second true'], []]);
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(
    [list.map(({ sha256 }) => sha256), ...listed],
    [['first'], [], ['second'], []],
    'the pipeline’s worker has another list than the page',
  );
  port.close();
  one.dispose();
  other.dispose();
  assert.equal(shared.watchers.size, 0);
});

test('what was read before a removal does not show the plugin again', async () => {
  const shared = new SharedPlugins();
  const page = shared.page();
  const late: (() => void)[] = [];
  const host = new PluginHost({
    taken: () => assert.fail('nothing is installed'),
    environment: () => assert.fail('nothing is installed'),
    store: {
      ...page,
      list: async () => {
        const list = await page.list();
        if (late.length > 0) await new Promise<void>((done) => late.push(done));
        return list;
      },
    },
  });
  await host.load();
  late.push(() => {});
  await shared.tellAll();
  const slow = late.splice(0);
  await host.remove(manifest.id);
  slow.forEach((go) => go());
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(shown(host), []);
});
