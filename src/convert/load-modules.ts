import type { Plugin } from 'unflat/plugin';
import type { PluginTable } from '../pipeline/index.ts';

/** What a worker asks the page's own plugins by. @param modules absolute addresses by id. */
export function loadModules(modules: Readonly<Record<string, string>>): PluginTable {
  return Object.fromEntries(Object.entries(modules).map(([id, href]) => [id, () => import(href) as Promise<{ default: Plugin }>]));
}
