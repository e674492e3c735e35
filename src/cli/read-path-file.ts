import { readCameraPath } from '../plugin-api/index.ts';
import { UsageError } from './cli-error.ts';
import { readNamedText } from './read-named-text.ts';

/** The text of a camera path's file. @throws UsageError naming the file, what is wrong and what to do. */
export function readPathFile(path: string): string {
  const text = readNamedText(path, '--path');
  try {
    readCameraPath(text, path);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  return text;
}
