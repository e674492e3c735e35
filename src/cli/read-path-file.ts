import { readFileSync } from 'node:fs';
import { readCameraPath } from '../plugin-api/index.ts';
import { UsageError } from './cli-error.ts';

/** The text of a camera path's file. @throws UsageError naming the file, what is wrong and what to do. */
export function readPathFile(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(`${path}: ${isMissing ? 'does not exist' : 'cannot be read'}; check the path given to --path.`, { cause });
  }
  try {
    readCameraPath(text, path);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  return text;
}
