import { createStore, del, entries, set, type UseStore } from 'idb-keyval';
import type { InstalledPlugin } from './installed-plugin.ts';

/** As it lies there; those of earlier versions say less. */
type StoredPlugin = Omit<InstalledPlugin, 'models' | 'needsFrames'> &
  Partial<Pick<InstalledPlugin, 'models' | 'needsFrames'>> & { installedAt: number };

/** Plugins that a person installed, in this browser: they work offline. */
export class PluginStore {
  #store: UseStore | undefined;

  /** In the order in which they were installed. A browser that keeps nothing has none. */
  async list(): Promise<InstalledPlugin[]> {
    try {
      const found = await entries<string, StoredPlugin>(this.#open());
      return found
        .map(([, plugin]) => ({ ...plugin, models: plugin.models ?? [], needsFrames: plugin.needsFrames ?? false }))
        .sort((a, b) => a.installedAt - b.installedAt);
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
