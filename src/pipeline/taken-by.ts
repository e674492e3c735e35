import { listPlugins } from './load-plugin.ts';
import type { PluginTable } from './types.ts';

/** Ids of plugins, and of what those that are outputs write: no plugin that is installed may take them. */
export async function takenBy(plugins: PluginTable): Promise<{ ids: string[]; products: string[] }> {
  const outputs = await listPlugins(plugins, 'output');
  return { ids: Object.keys(plugins), products: outputs.flatMap(({ products }) => products.map(({ id }) => id)) };
}
