import { plugins } from '../../plugins/index.ts';
import type { PluginManifest } from '../plugin-api/index.ts';
import type { ModelRow } from '../core/index.ts';
import { parseRow } from '../inference/index.ts';
import { PagePlugins, PluginHost, type PluginWish, type Reach } from '../plugin-host/index.ts';
import { detectEnvironment, takenBy } from '../pipeline/index.ts';

/** A plugin's file for this page. */
export interface PluginText {
  text: string;
  /** Its address or path. */
  from: string;
}

/** A plugin that this page can use now. */
export interface UsedPlugin {
  manifest: PluginManifest;
  /** Ids of what an output writes. */
  products: string[];
  /** Rows of the models that it brings. */
  models: readonly ModelRow[];
  /** Version of the one of the same id that came before it in the list. */
  replaces?: string;
  /** What it may do and that one may not; see `PluginOffer`. */
  gains: PluginWish[];
  losses: PluginWish[];
}

/** Why a plugin cannot be used, for people. */
export interface RefusedPlugin {
  from: string;
  error: string;
}

/**
 * The sandboxes of this page. What the command line hands over is what its person named; nothing is kept here.
 * @param ask asks a host that the person allowed.
 */
export function pageHost(ask: Reach): PluginHost {
  return new PluginHost({
    taken: () => takenBy(plugins),
    environment: detectEnvironment,
    ask,
    // The command line itself fetches and keeps them.
    models: { parseRow },
    store: new PagePlugins(),
  });
}

/** Starts each in turn; a later one of the same id takes the place of an earlier. */
export async function usePlugins(host: PluginHost, files: readonly PluginText[]): Promise<(UsedPlugin | RefusedPlugin)[]> {
  const all: (UsedPlugin | RefusedPlugin)[] = [];
  for (const { text, from } of files) {
    try {
      const offer = await host.offer(new TextEncoder().encode(text), from);
      const { manifest, products, models } = await host.install(offer);
      all.push({
        manifest,
        models,
        products: products.map(({ id }) => id),
        ...(offer.installed && { replaces: offer.installed.manifest.version }),
        gains: offer.gains,
        losses: offer.losses,
      });
    } catch (error) {
      all.push({ from, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return all;
}
