import type { Plugin } from 'unflat/plugin';
import { UnflatError } from '../core/index.ts';

/** A plugin of the page. */
export interface PagePlugin {
  id: string;
  kind: Plugin['kind'];
  /** Its module's address, absolute. */
  href: string;
  plugin: Plugin;
}

/**
 * Loads plugins by their addresses.
 * @throws UnflatError `bad-plugin` naming the address that holds none; `signal.reason` when cancelled.
 */
export async function loadPlugins(addresses: readonly (string | URL)[] = [], signal?: AbortSignal): Promise<PagePlugin[]> {
  const loaded = await Promise.all(addresses.map((address) => load(address)));
  signal?.throwIfAborted();
  return loaded;
}

async function load(address: string | URL): Promise<PagePlugin> {
  let href = String(address);
  let plugin: Partial<Plugin> | undefined;
  try {
    href = new URL(address, document.baseURI).href;
    plugin = ((await import(/* webpackIgnore: true */ /* @vite-ignore */ href)) as { default?: Partial<Plugin> }).default;
  } catch (cause) {
    throw new UnflatError(
      'bad-plugin',
      `The plugin at ${href} cannot be loaded (${cause instanceof Error ? cause.message : String(cause)}). Check the address; what it imports must be addresses, too.`,
      { cause },
    );
  }
  const { id, kind } = plugin ?? {};
  // The registry goes by this, too.
  if (id === undefined || kind === undefined || !id.startsWith(`${kind}-`)) {
    throw new UnflatError(
      'bad-plugin',
      `The module at ${href} is no plugin: its default export must come from defineDepthSource, defineInpainter or defineOutput, and its id start with its kind (depth-, inpaint-, output-).`,
    );
  }
  return { id, kind, href, plugin: plugin as Plugin };
}

/** Their addresses by id, for a `Converter`. */
export function addressesOf(plugins: readonly PagePlugin[]): Readonly<Record<string, string>> {
  return Object.fromEntries(plugins.map(({ id, href }) => [id, href]));
}
