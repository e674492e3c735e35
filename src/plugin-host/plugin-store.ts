import { createStore, del, entries, set, type UseStore } from 'idb-keyval';
import type { InstalledPlugin } from './installed-plugin.ts';

/** Plugins that a person installed, in this browser: they work offline. */
export class PluginStore {
  #store: UseStore | undefined;

  /** In the order in which they were installed. A browser that keeps nothing has none. */
  async list(): Promise<InstalledPlugin[]> {
    try {
      const found = await entries<string, InstalledPlugin & { installedAt: number }>(this.#open());
      return found.map(([, plugin]) => plugin).sort((a, b) => a.installedAt - b.installedAt);
    } catch {
      return [];
    }
  }

  async put(plugin: InstalledPlugin & { installedAt?: number }): Promise<void> {
    await set(plugin.manifest.id, { ...plugin, installedAt: plugin.installedAt ?? Date.now() }, this.#open());
  }

  async remove(id: string): Promise<void> {
    await del(id, this.#open());
  }

  #open(): UseStore {
    return (this.#store ??= createStore('unflat-plugins', 'records'));
  }
}
