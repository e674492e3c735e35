import type { OutputFile } from '../plugin-api/index.ts';
import { answerError } from './answer-error.ts';
import { asRecord } from './as-record.ts';

const MOST_FILE_BYTES = 2 ** 31;

/** @throws UnflatError `bad-plugin` that names the plugin and what is wrong. */
export function checkFile(value: unknown, suffixes: readonly string[] | undefined, label: string): OutputFile {
  const { suffix, bytes } = asRecord(value);
  if (
    typeof suffix !== 'string' ||
    suffix.length > 40 ||
    !/^[_a-z0-9-]*\.[a-z0-9]+$/.test(suffix) ||
    (suffixes && !suffixes.includes(suffix))
  )
    throw answerError(label, 'a file with a suffix that it did not announce');
  if (!(bytes instanceof ArrayBuffer) || bytes.byteLength === 0 || bytes.byteLength > MOST_FILE_BYTES)
    throw answerError(label, 'no file, or an empty one');
  return { suffix, blob: new Blob([bytes]) };
}
