import type { Plugin } from 'unflat/plugin';

/** Plugins that are loaded already, by their ids, as `plugins` has those that are not. */
export function inTable(...loaded: readonly Plugin[]): Record<string, () => Promise<{ default: Plugin }>> {
  return Object.fromEntries(loaded.map((plugin) => [plugin.id, async () => ({ default: plugin })]));
}
