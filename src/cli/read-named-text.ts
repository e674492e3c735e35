import { readFileSync, statSync } from 'node:fs';
import { UsageError } from './cli-error.ts';

/** A camera path with a view for every frame of an hour takes a part of it. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * The text of a file that the person named, of 64 MiB at most.
 * @param option on the command line, as `--path`.
 * @throws UsageError naming the file, why it cannot be read and what to do.
 */
export function readNamedText(path: string, option: string): string {
  const refuse = (why: string, cause?: unknown): never => {
    throw new UsageError(`${path}: ${why}; check the path given to ${option}.`, { cause });
  };
  try {
    const stats = statSync(path);
    // A device or a pipe may never end.
    if (stats.isDirectory()) return refuse('is a folder');
    if (!stats.isFile()) return refuse('is no file');
    if (stats.size > MOST_BYTES) return refuse('is far too large to be one');
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    return refuse(
      isMissing ? 'does not exist' : `cannot be read (${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)})`,
      cause,
    );
  }
}
