import type { ModelRow } from '../core/index.ts';
import { pluginIds } from './load-plugin.ts';
import type { PluginTable } from './types.ts';

/** The rows that plugins bring themselves, for the models of the page. A plugin that cannot be loaded has none. */
export async function pluginModels(table: PluginTable): Promise<ModelRow[]> {
  const ids = [...pluginIds(table, 'depth'), ...pluginIds(table, 'inpaint')];
  const loaded = await Promise.all(ids.map(async (id) => table[id]?.().catch(() => undefined)));
  return loaded.flatMap((module) => (module && module.default.kind !== 'output' ? [...(module.default.models ?? [])] : []));
}
