/** Plugins of others: installed by a person, kept on the device, run in a sandbox. */
export type { PluginDescription } from './check-description.ts';
export type { InstalledPlugin, PluginOffer, PluginWish } from './installed-plugin.ts';
export { PluginHost, type PluginHostOptions } from './plugin-host.ts';
export { PagePlugins } from './page-plugins.ts';
export type { KeptPlugins } from './plugin-store.ts';
export { modelHost, type PluginModelKeeper, type PluginModels } from './fetch-models.ts';
export type { Reach } from './reach.ts';
export type { SandboxLink } from './plugin-messages.ts';
export { connectPlugins, type SandboxedTable } from './connect-plugins.ts';
export type { SandboxBudget } from './sandbox-budget.ts';
