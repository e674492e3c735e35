import type { OutputFile } from '../plugin-api/index.ts';
import { answerError, type NamedPlugin } from './answer-error.ts';
import { asRecord } from './as-record.ts';
import { isSafeSuffix } from './is-safe-suffix.ts';
import { isSuffix } from './is-suffix.ts';

const MOST_FILE_BYTES = 2 ** 31;

/** @throws UnflatError `bad-plugin` that names the plugin and what is wrong. */
export function checkFile(value: unknown, suffixes: readonly string[] | undefined, plugin: NamedPlugin): OutputFile {
  const { suffix, bytes } = asRecord(value);
  if (!isSuffix(suffix) || !isSafeSuffix(suffix) || (suffixes && !suffixes.includes(suffix)))
    throw answerError(plugin, 'a file with a suffix that it did not announce');
  if (!(bytes instanceof ArrayBuffer) || bytes.byteLength === 0 || bytes.byteLength > MOST_FILE_BYTES)
    throw answerError(plugin, 'no file, or an empty one');
  return { suffix, blob: new Blob([bytes]) };
}
