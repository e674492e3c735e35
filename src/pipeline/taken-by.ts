import { loadCatalogue } from '../inference/index.ts';
import { listPlugins } from './load-plugin.ts';
import type { PluginTable } from './types.ts';

/** What no plugin that is installed may take: ids of plugins, of what those that are outputs write, and of the catalogue's models; and what all of them are called for people. */
export async function takenBy(plugins: PluginTable): Promise<{ ids: string[]; products: string[]; models: string[]; labels: string[] }> {
  const [all, rows] = await Promise.all([listPlugins(plugins), loadCatalogue()]);
  const products = all.flatMap((plugin) => plugin.products);
  return {
    ids: Object.keys(plugins),
    products: products.map(({ id }) => id),
    models: rows.map(({ id }) => id),
    labels: [...all, ...products, ...rows].map(({ label }) => label),
  };
}
