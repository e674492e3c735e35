import { createStore, entries, promisifyRequest, type UseStore } from 'idb-keyval';
import type { InstalledPlugin } from './installed-plugin.ts';

/** As it lies there; those of earlier versions say less. */
type StoredPlugin = Omit<InstalledPlugin, 'models' | 'needsFrames'> &
  Partial<Pick<InstalledPlugin, 'models' | 'needsFrames'>> & { installedAt: number };

/** Where installed plugins are kept. Several pages may share it. */
export interface KeptPlugins {
  /** In the order in which they were installed; undefined where they cannot be read. */
  list(): Promise<readonly InstalledPlugin[] | undefined>;
  /**
   * Puts something in the place of what is kept under an id, in one step: no other page writes between.
   * @param next gets what is kept; gives what is to be kept, undefined for nothing. What it throws ends the change.
   * @returns what was kept before.
   */
  change(id: string, next: (kept: InstalledPlugin | undefined) => InstalledPlugin | undefined): Promise<InstalledPlugin | undefined>;
  /** @param onChange told when another page changed something. @returns what ends it. */
  watch(onChange: () => void): () => void;
}

const NAME = 'unflat-plugins';

/** Plugins that a person installed, in this browser: they work offline, and all pages of the app have the same. */
export class PluginStore implements KeptPlugins {
  #store: UseStore | undefined;
  #channel: BroadcastChannel | undefined;

  async list(): Promise<readonly InstalledPlugin[] | undefined> {
    try {
      const found = await entries<string, StoredPlugin>(this.#open());
      return found.sort(([, a], [, b]) => a.installedAt - b.installedAt).map(([, plugin]) => pluginOf(plugin));
    } catch {
      return undefined;
    }
  }

  async change(id: string, next: (kept: InstalledPlugin | undefined) => InstalledPlugin | undefined): Promise<InstalledPlugin | undefined> {
    const before = await this.#open()('readwrite', (store) => {
      const reading = store.get(id) as IDBRequest<StoredPlugin | undefined>;
      return new Promise<InstalledPlugin | undefined>((resolve, reject) => {
        reading.onerror = () => reject(reading.error ?? new Error('The record cannot be read.'));
        reading.onsuccess = () => {
          const stored = reading.result;
          const kept = stored && pluginOf(stored);
          try {
            const plugin = next(kept);
            if (plugin) store.put({ ...plugin, installedAt: stored?.installedAt ?? Date.now() } satisfies StoredPlugin, id);
            else store.delete(id);
          } catch (error) {
            return reject(error);
          }
          promisifyRequest(store.transaction).then(() => resolve(kept), reject);
        };
      });
    });
    this.#shared()?.postMessage(id);
    return before;
  }

  watch(onChange: () => void): () => void {
    const channel = this.#shared();
    // A page that was put aside whole, and comes back, heard of nothing.
    const onShow = ({ persisted }: PageTransitionEvent): void => void (persisted && onChange());
    channel?.addEventListener('message', onChange);
    addEventListener('pageshow', onShow);
    return () => {
      removeEventListener('pageshow', onShow);
      channel?.close();
      this.#channel = undefined;
    };
  }

  #open(): UseStore {
    return (this.#store ??= createStore(NAME, 'records'));
  }

  #shared(): BroadcastChannel | undefined {
    return (this.#channel ??= 'BroadcastChannel' in globalThis ? new BroadcastChannel(NAME) : undefined);
  }
}

function pluginOf({ installedAt: _installedAt, ...plugin }: StoredPlugin): InstalledPlugin {
  return { ...plugin, models: plugin.models ?? [], needsFrames: plugin.needsFrames ?? false };
}
