import type { InstalledPlugin } from './installed-plugin.ts';
import type { KeptPlugins } from './plugin-store.ts';

/** Plugins for this page alone: when it goes, they do. */
export class PagePlugins implements KeptPlugins {
  readonly #kept = new Map<string, InstalledPlugin>();

  async list(): Promise<readonly InstalledPlugin[]> {
    return [...this.#kept.values()];
  }

  async change(id: string, next: (kept: InstalledPlugin | undefined) => InstalledPlugin | undefined): Promise<InstalledPlugin | undefined> {
    const kept = this.#kept.get(id);
    const plugin = next(kept);
    if (plugin) this.#kept.set(id, plugin);
    else this.#kept.delete(id);
    return kept;
  }

  /** No other page has them. */
  watch(): () => void {
    return () => {};
  }
}
