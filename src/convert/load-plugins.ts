import type { Plugin } from 'unflat/plugin';
import { UnflatError } from '../core/index.ts';
import type { WorkerLike } from '../worker/index.ts';
import { workerOf } from './worker-of.ts';

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
    plugin = ((await import(href)) as { default?: Partial<Plugin> }).default;
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

/** Fetches the worker's program. @returns what starts workers that draw frames. */
export async function startDrawing(): Promise<() => Worker> {
  const { default: program } = await import('unflat:convert-worker');
  return () => workerOf(`var unflatPlugins;${program}`, 'unflat-draw');
}

/** Fetches the worker's program. @returns what starts such workers, each with these plugins. */
export async function startWorker(plugins: readonly PagePlugin[]): Promise<() => WorkerLike> {
  const { default: program } = await import('unflat:convert-worker');
  const addresses = Object.fromEntries(plugins.map(({ id, href }) => [id, href]));
  return () => workerOf(`var unflatPlugins=${JSON.stringify(addresses)};${program}`, 'unflat-convert');
}
