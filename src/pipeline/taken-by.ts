import { loadCatalogue } from '../inference/index.ts';
import { listPlugins } from './load-plugin.ts';
import type { PluginTable } from './types.ts';

/** Ids of plugins, of what those that are outputs write, and of the catalogue's models: no plugin that is installed may take them. */
export async function takenBy(plugins: PluginTable): Promise<{ ids: string[]; products: string[]; models: string[] }> {
  const [outputs, rows] = await Promise.all([listPlugins(plugins, 'output'), loadCatalogue()]);
  return {
    ids: Object.keys(plugins),
    products: outputs.flatMap(({ products }) => products.map(({ id }) => id)),
    models: rows.map(({ id }) => id),
  };
}
