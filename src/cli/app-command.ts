import { resolve } from 'node:path';
import { copyApp } from './serve-app.mjs';
import { UsageError } from './cli-error.ts';
import { isFreeFolder } from './is-free-folder.ts';

/** What `unflat app <folder>` asks for. */
export interface AppCommand {
  /** Folder for the app's files. */
  appFolder: string;
  /** Whether the folder may hold files already. */
  overwrite: boolean;
}

/**
 * Writes the app's files into a folder, for a web server.
 * @returns what was done, for people.
 * @throws UsageError where the folder is there already and not empty.
 */
export async function runApp({ appFolder, overwrite }: AppCommand): Promise<string> {
  const folder = resolve(appFolder);
  if (!overwrite && !(await isFreeFolder(folder)))
    throw new UsageError(`${appFolder} is there already and not empty. Choose another folder, or add --overwrite.`);
  copyApp(folder);
  return `The app is in ${folder}. Any web server can serve it, in any folder.\n`;
}
