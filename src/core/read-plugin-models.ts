import { sha256 } from './sha256.ts';
import { UnflatError } from './unflat-error.ts';

/** What a plugin's manifest says of a file of its model. */
interface NamedFile {
  path: string;
  sizeBytes: number;
  sha256: string;
}

/**
 * Reads the files of the models that a plugin brings, one after another, and checks each one's length and hash.
 * @param label of the plugin. @returns bytes by path.
 * @throws UnflatError `bad-model` for a file that is not what the manifest says; what `read` throws.
 */
export async function readPluginModels<T extends NamedFile>(
  label: string,
  files: readonly T[],
  read: (file: T) => Promise<Uint8Array>,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const file of files) {
    const bytes = await read(file);
    if (bytes.length !== file.sizeBytes || (await sha256(bytes)) !== file.sha256)
      throw new UnflatError(
        'bad-model',
        `The model ${file.path} of the plugin “${label}” is not the file that its manifest names (its length or SHA-256 differs). Try again, or ask its author.`,
      );
    found.set(file.path, bytes);
  }
  return found;
}
