import type { BrowserPage } from './browser-page.ts';
import { CliError } from './cli-error.ts';
import { PluginsFolder } from './plugins-folder.ts';
import { fetchPluginModels } from './fetch-plugin-models.ts';
import type { ModelsFolder } from './models-folder.ts';
import { readPluginFile } from './read-plugin-file.ts';

/**
 * Starts the plugins that were added, and those of this run, in sandboxes of the page.
 * @param named what `--plugin` says: a later one takes the place of one of the same id.
 * @returns warnings, for people: plugins that were added and cannot be used are left out.
 * @throws UsageError and CliError where one that was named cannot be used.
 */
export async function startPlugins(
  page: BrowserPage,
  named: readonly string[] = [],
  models: ModelsFolder,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const folder = new PluginsFolder();
  const added = await folder.list();
  const given = await Promise.all(named.map((from) => readPluginFile(from, '--plugin', signal)));
  const files = [...added, ...given];
  if (files.length === 0) return folder.warnings;
  const warnings: string[] = [];
  for (const [i, used] of (await page.usePlugins(files)).entries()) {
    if (!('error' in used)) {
      await fetchPluginModels(used, files[i]!.from, models, say, signal);
      continue;
    }
    if (i >= added.length) throw new CliError('bad-plugin', `--plugin ${named[i - added.length]}: ${used.error}`);
    warnings.push(`${used.from} is not used: ${used.error}`);
  }
  return [...folder.warnings, ...warnings];
}
