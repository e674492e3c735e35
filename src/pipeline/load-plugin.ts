import { UnflatError } from '../core/index.ts';
import { API_VERSION, type Environment, type Output, type Plugin } from 'unflat/plugin';
import { detectEnvironment } from './detect-environment.ts';
import type { PluginInfo, PluginTable } from './types.ts';

/** An id starts with its plugin's kind, so a kind can be listed without loading the others. */
const PREFIX: Record<Plugin['kind'], string> = { depth: 'depth-', inpaint: 'inpaint-', output: 'output-' };

/** Ids of one kind, in the table's order. */
export function pluginIds(table: PluginTable, kind: Plugin['kind']): string[] {
  return Object.keys(table).filter((id) => id.startsWith(PREFIX[kind]));
}

/**
 * Loads one plugin and sees that it is what its id says.
 * @throws UnflatError `bad-plugin` when there is none of that id or kind, or it cannot be loaded; `unsupported` when it cannot run here.
 */
export async function loadPlugin<K extends Plugin['kind']>(table: PluginTable, kind: K, id: string): Promise<Extract<Plugin, { kind: K }>> {
  const plugin = await load(table, kind, id);
  const supported = plugin.supports(await detectEnvironment());
  if (supported !== true) throw new UnflatError('unsupported', `${plugin.label} cannot run here: ${supported}`);
  return plugin;
}

async function load<K extends Plugin['kind']>(table: PluginTable, kind: K, id: string): Promise<Extract<Plugin, { kind: K }>> {
  const entry = Object.hasOwn(table, id) ? table[id] : undefined;
  if (!entry) {
    throw new UnflatError(
      'bad-plugin',
      `There is no plugin “${id}”; choose one of ${pluginIds(table, kind).join(', ') || 'none (there are none)'}.`,
    );
  }
  let plugin: Plugin;
  try {
    plugin = (await entry()).default;
  } catch (cause) {
    throw new UnflatError('bad-plugin', `The plugin “${id}” could not be loaded; reload the page, or check the connection.`, { cause });
  }
  const { apiVersion }: { apiVersion: unknown } = plugin;
  if (apiVersion !== API_VERSION) {
    throw new UnflatError(
      'bad-plugin',
      `The plugin “${id}” was written for version ${String(apiVersion)} of the plugin contract; this is version ${API_VERSION}. Get a newer one.`,
    );
  }
  if (!isKind(plugin, kind))
    throw new UnflatError('bad-plugin', `The plugin “${id}” is of the kind “${plugin.kind}”, not “${kind}”; choose another one.`);
  return plugin;
}

function isKind<K extends Plugin['kind']>(plugin: Plugin, kind: K): plugin is Extract<Plugin, { kind: K }> {
  return plugin.kind === kind;
}

/** Describes the plugins of one kind, or of all; loads only the modules of that kind. */
export async function listPlugins(table: PluginTable, kind?: Plugin['kind']): Promise<PluginInfo[]> {
  const kinds = kind ? [kind] : (Object.keys(PREFIX) as Plugin['kind'][]);
  const environment = await detectEnvironment();
  const wanted = kinds.flatMap((each) => pluginIds(table, each).map((id) => ({ id, kind: each })));
  return Promise.all(wanted.map(({ id, kind: each }) => describe(table, each, id, environment)));
}

/** A plugin that cannot be loaded is listed with the reason, so that the others stay in use. */
async function describe(table: PluginTable, kind: Plugin['kind'], id: string, environment: Environment): Promise<PluginInfo> {
  try {
    const plugin: Plugin = await load(table, kind, id);
    const products = plugin.kind === 'output' ? plugin.products : [];
    const needsModel = plugin.kind !== 'output' && plugin.needsModel === true;
    const readsDepthFiles = plugin.kind === 'depth' && plugin.readsDepthFiles === true;
    const needs = (plugin.kind === 'output' && plugin.needs) || 'scene';
    const { label, about = '', options } = plugin;
    const group = plugin.kind === 'output' ? plugin.group : undefined;
    const supported = plugin.supports(environment);
    return { id, kind, label, about, options, products, needs, needsModel, readsDepthFiles, supported, ...(group && { group }) };
  } catch (error) {
    if (!(error instanceof UnflatError)) throw error;
    const nothing = { about: '', options: [], products: [], needs: 'scene', needsModel: false, readsDepthFiles: false } as const;
    return { id, kind, label: id, ...nothing, supported: error.message };
  }
}

/**
 * The output that writes `product`.
 * @throws UnflatError `bad-plugin` when none does; `unsupported` when it cannot run here.
 */
export async function outputFor(table: PluginTable, product: string): Promise<Output> {
  const listed = await listPlugins(table, 'output');
  const wanted = product === 'glb' ? 'photo3d' : product; // its name before version 0.2
  const found = listed.find((output) => output.products.some(({ id }) => id === wanted));
  if (found) return loadPlugin(table, 'output', found.id);
  const all = listed.flatMap((output) => output.products.map(({ id }) => id));
  throw new UnflatError('bad-plugin', `Nothing here writes “${product}”; choose one of ${all.join(', ') || 'none (there are none)'}.`);
}
