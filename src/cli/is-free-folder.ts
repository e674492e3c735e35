import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';

/** Whether a folder is not there yet, or is empty. A file of that name is neither. */
export async function isFreeFolder(path: string): Promise<boolean> {
  return !existsSync(path) || (await readdir(path).catch(() => ['a file'])).length === 0;
}
