import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { UsedPlugin } from '../automation/index.ts';
import { isLink, readPluginModels, sizeWords } from '../core/index.ts';
import { download } from '../download/index.ts';
import { CliError } from './cli-error.ts';
import type { ModelsFolder } from './models-folder.ts';

/**
 * Sees that the models that a plugin brings lie in the models folder: held by the plugin's file, beside it, or downloaded, which goes on
 * where an earlier try stopped.
 * @param say told what is downloaded, for people.
 * @throws UnflatError `bad-model` for a file that is not what the manifest says; `download-failed`; CliError `io`; `signal.reason` when stopped.
 */
export async function fetchPluginModels(
  { manifest, models }: UsedPlugin,
  from: string,
  folder: ModelsFolder,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (models.length === 0) return;
  const here = await folder.list();
  const isHere = models.every(({ id, files }) =>
    here.some(
      ({ row, state }) =>
        row.id === id && state === 'ready' && files.every(({ sha256 }) => row.files.some((file) => file.sha256 === sha256)),
    ),
  );
  if (isHere) return;
  const bytes = await readPluginModels(manifest.label, manifest.models, async (file) => {
    const { path, url, base64, sizeBytes } = file;
    if (base64 !== undefined) return Buffer.from(base64, 'base64');
    if (url === undefined && !isLink(from)) return readBeside(path, from);
    say(`${manifest.label} downloads its model ${path} (${sizeWords(sizeBytes)})`);
    const row = models.find(({ files }) => files.some((each) => each.path === path))!;
    const part = await folder.partOf(row.id, path);
    await download({ ...file, url: url ?? new URL(path, from).href }, part, { label: manifest.label, signal });
    await part.finish();
    return readFile(part.path);
  });
  for (const row of models) await folder.keep(row, (path) => bytes.get(path) ?? new Uint8Array());
}

/** A model's file that lies in the folder of the plugin's. */
async function readBeside(path: string, from: string): Promise<Uint8Array> {
  return readFile(join(dirname(from), path)).catch((cause: unknown) => {
    throw new CliError(
      'io',
      `The plugin’s model ${path} cannot be read beside it, in ${dirname(from)}. Put it there, or say a url for it in the manifest.`,
      { cause },
    );
  });
}
