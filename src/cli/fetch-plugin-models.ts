import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { UsedPlugin } from '../automation/index.ts';
import { readPluginModels, sizeWords } from '../core/index.ts';
import type { PluginModelFile } from '../plugin-api/index.ts';
import { CliError } from './cli-error.ts';
import type { ModelsFolder } from './models-folder.ts';
import { readBody } from './read-body.ts';
import { isAddress } from './read-plugin-file.ts';

/**
 * Sees that the models that a plugin brings lie in the models folder: held by the plugin's file, beside it, or downloaded.
 * @param say told what is downloaded, for people.
 * @throws UnflatError `bad-model` for a file that is not what the manifest says; CliError `download-failed`; `signal.reason` when stopped.
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
  const bytes = await readPluginModels(manifest.label, manifest.models, (file) => {
    if (file.base64 === undefined && (file.url !== undefined || isAddress(from)))
      say(`${manifest.label} downloads its model ${file.path} (${sizeWords(file.sizeBytes)})`);
    return bytesOf(file, from, signal);
  });
  for (const row of models) await folder.keep(row, (path) => bytes.get(path) ?? new Uint8Array());
}

async function bytesOf({ path, url, base64, sizeBytes }: PluginModelFile, from: string, signal: AbortSignal): Promise<Uint8Array> {
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  try {
    if (url === undefined && !isAddress(from)) return await readFile(join(dirname(from), path));
    const response = await fetch(new URL(url ?? path, url === undefined ? from : undefined), { signal, credentials: 'omit' });
    return await readBody(response, sizeBytes);
  } catch (cause) {
    signal.throwIfAborted();
    throw new CliError(
      'download-failed',
      `The model ${path} could not be had (${cause instanceof Error ? cause.message : String(cause)}).`,
      {
        cause,
      },
    );
  }
}
