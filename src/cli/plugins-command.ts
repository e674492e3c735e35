import { allowedHosts } from './allowed-hosts.ts';
import { CliError } from './cli-error.ts';
import { fetchPluginModels } from './fetch-plugin-models.ts';
import { openModels } from './models-command.ts';
import { newPlugin } from './new-plugin.ts';
import { changeWords, pluginCard, useWords } from './plugin-card.ts';
import type { PluginKind } from './plugin-template.ts';
import { PluginsFolder, type FolderPlugin } from './plugins-folder.ts';
import { readPluginFile } from './read-plugin-file.ts';
import { servePlugin } from './serve-plugin.ts';
import type { Terminal } from './terminal.ts';
import { withPage } from './with-page.ts';

/** What `unflat plugins …` asks for. */
export type PluginsCommand = { json: boolean } & (
  | { plugins: 'new'; id: string; kind: PluginKind }
  /** `folder`: where the plugin is written. */
  | { plugins: 'dev'; folder: string }
  /** `from`: a file, or an address. */
  | { plugins: 'add'; from: string; allowHosts: boolean }
  | { plugins: 'list' }
  | { plugins: 'remove'; ids: string[] }
);

/** A plugin's entry in `--json`. */
interface PluginEntry {
  id: string;
  version: string;
  kind: string;
  label: string;
  author: string;
  licence: string;
  sees: readonly string[];
  hosts: readonly string[];
  from: string;
}

/**
 * @param version of this program.
 * @returns whether stdout took the report.
 * @throws UsageError and CliError that say what to do; `signal.reason` when stopped.
 */
export async function runPlugins(command: PluginsCommand, version: string, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const folder = new PluginsFolder();
  if (command.plugins === 'new') {
    process.stdout.write(await newPlugin(command.id, command.kind, version));
    return true;
  }
  if (command.plugins === 'dev') {
    await servePlugin(command.folder, terminal, signal);
    return true;
  }
  if (command.plugins === 'add') await add(command, folder, terminal, signal);
  if (command.plugins === 'remove')
    for (const id of command.ids) {
      await folder.remove(id);
      const models = await openModels(undefined);
      for (const { row, isOwn } of await models.list()) if (isOwn && row.plugin === id) await models.remove(row.id);
      if (!command.json) terminal.print(`${id} is removed`);
    }
  const all = await folder.list();
  if (command.json)
    return terminal.json({ schemaVersion: 1, ok: true, folder: folder.path, plugins: all.map(entryOf), warnings: folder.warnings });
  folder.warnings.forEach((warning) => terminal.fail(warning));
  if (command.plugins === 'list')
    terminal.print(
      all.length > 0
        ? [`Plugins in ${folder.path}`, ...all.map(({ manifest, from }) => pluginCard(manifest, from))].join('\n')
        : `No plugins in ${folder.path}. unflat plugins add <file or address> adds one.`,
    );
  return true;
}

/** Runs the plugin's file once, in its sandbox, and keeps it where it is what it says. */
async function add(
  { from, allowHosts }: PluginsCommand & { plugins: 'add' },
  folder: PluginsFolder,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const file = await readPluginFile(from, 'unflat plugins add', signal);
  const all = await folder.list();
  const hosts = allowedHosts(file, allowHosts, (id) => all.find(({ manifest }) => manifest.id === id), from);
  const models = await openModels(undefined);
  await withPage(models, signal, async (page) => {
    const used = (await page.usePlugins([...all, file])).at(-1);
    if (!used || 'error' in used) throw new CliError('bad-plugin', used?.error ?? `${from} could not be started.`);
    await fetchPluginModels(used, file.from, models, (line) => terminal.fail(line), signal);
    await folder.add({ ...file, manifest: used.manifest, hosts });
    const changes = changeWords(used);
    terminal.print([pluginCard(used.manifest, file.from), ...(changes === '' ? [] : [changes]), useWords(used)].join('\n'));
  });
}

function entryOf({ manifest: { id, version, kind, label, author, licence, sees, hosts }, from }: FolderPlugin): PluginEntry {
  return { id, version, kind, label, author, licence, sees, hosts, from };
}
