import { readFileSync } from 'node:fs';
import { UsageError } from './cli-error.ts';

/** The text of a file that the person named. @param option on the command line, as `--path`. @throws UsageError naming the file, why it cannot be read and what to do. */
export function readNamedText(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? 'does not exist' : `cannot be read (${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)})`;
    throw new UsageError(`${path}: ${why}; check the path given to ${option}.`, { cause });
  }
}
