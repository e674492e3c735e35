import { allowedHosts } from './allowed-hosts.ts';
import type { BrowserPage } from './browser-page.ts';
import { CliError } from './cli-error.ts';
import type { FileExchange } from './file-exchange.ts';
import { PluginsFolder } from './plugins-folder.ts';
import { fetchPluginModels } from './fetch-plugin-models.ts';
import type { ModelsFolder } from './models-folder.ts';
import { readPluginFile } from './read-plugin-file.ts';

/** What names a plugin of each kind. */
const FLAGS = { depth: '--depth', inpaint: '--inpaint', output: '--outputs' } as const;

/** What plugins of a run are started with. */
export interface PluginsOfRun {
  page: BrowserPage;
  /** Asks hosts for them. */
  exchange: FileExchange;
  /** What `--plugin` says: a later one takes the place of one of the same id. */
  named: readonly string[] | undefined;
  /** Whether those may reach the hosts that they name. */
  allowHosts: boolean;
  models: ModelsFolder;
  /** Told what is downloaded, for people. */
  say(line: string): void;
  signal: AbortSignal;
  /** Ids that the command line names: plugins of this run that are not among them are warned of. Default: no warning. */
  wanted?: readonly string[];
}

/**
 * Starts the plugins that were added, and those of this run, in sandboxes of the page.
 * @returns warnings, for people: plugins that were added and cannot be used are left out.
 * @throws UsageError and CliError where one that was named cannot be used.
 */
export async function startPlugins({
  page,
  exchange,
  named = [],
  allowHosts,
  models,
  say,
  signal,
  wanted,
}: PluginsOfRun): Promise<string[]> {
  const folder = new PluginsFolder();
  const added = await folder.list();
  const given = await Promise.all(named.map((from) => readPluginFile(from, '--plugin', signal)));
  const files = [...added, ...given];
  if (files.length === 0) return folder.warnings;
  added.forEach(({ hosts }) => exchange.allow(hosts));
  given.forEach((file, i) => exchange.allow(allowedHosts(file, allowHosts, () => undefined, `--plugin ${named[i]}`)));
  const warnings: string[] = [];
  for (const [i, used] of (await page.usePlugins(files)).entries()) {
    if (!('error' in used)) {
      await fetchPluginModels(used, files[i]!.from, models, say, signal);
      const ids = used.manifest.kind === 'output' ? used.products : [used.manifest.id, ...used.models.map(({ id }) => id)];
      if (wanted && i >= added.length && !ids.some((id) => wanted.includes(id)))
        warnings.push(`--plugin ${named[i - added.length]} is not used: add ${FLAGS[used.manifest.kind]} ${ids.join(',')}.`);
      continue;
    }
    if (i >= added.length) throw new CliError('bad-plugin', `--plugin ${named[i - added.length]}: ${used.error}`);
    warnings.push(`${used.from} is not used: ${used.error}`);
  }
  return [...folder.warnings, ...warnings];
}
