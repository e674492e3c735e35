import type { ModelRow } from '../core/index.ts';
import { pluginIds } from './registry.ts';
import type { PluginTable } from './types.ts';

/** The rows that depth sources bring themselves, for the networks of the page. A source that cannot be loaded has none. */
export async function pluginModels(table: PluginTable): Promise<ModelRow[]> {
  const loaded = await Promise.all(pluginIds(table, 'depth').map((id) => table[id]?.().catch(() => undefined)));
  return loaded.flatMap((module) => (module?.default.kind === 'depth' ? [...(module.default.models ?? [])] : []));
}
