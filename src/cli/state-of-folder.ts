import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What no source is, or what a build writes. */
const SKIPPED = /^(?:node_modules|dist|\..*)$|\.tsbuildinfo$/;

/** A text that changes whenever a file below the folder is changed, comes or goes; packages and what is built do not count. */
export async function stateOfFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const parts = await Promise.all(
    entries
      .filter(({ name }) => !SKIPPED.test(name))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return `${entry.name}/${await stateOfFolder(path)}`;
        const { mtimeMs, size } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: 0, size: 0 };
        return `${entry.name} ${mtimeMs} ${size}`;
      }),
  );
  return parts.sort().join('\n');
}
