import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from './cli-error.ts';
import { isFreeFolder } from './is-free-folder.ts';
import { ownReference } from './own-reference.ts';
import { root } from './prepare.mjs';
import { pluginTemplate, type PluginKind } from './plugin-template.ts';

/**
 * Makes a folder with a plugin that works, and its tests.
 * @param name id of the plugin, which is also the name of its folder.
 * @param version of this program.
 * @returns what to do next, for people.
 * @throws UsageError where the folder is there already and not empty, or a plugin of Unflat has that id.
 */
export async function newPlugin(name: string, kind: PluginKind, version: string): Promise<string> {
  if (existsSync(join(root, 'plugins', name))) throw new UsageError(`Unflat has a plugin ${name} of its own. Choose another name.`);
  const folder = resolve(name);
  if (!(await isFreeFolder(folder)))
    throw new UsageError(`${name} is there already and not empty. Choose another name, or another folder to run this in.`);
  const { reference, isPublished } = ownReference(root, version);
  for (const [path, text] of Object.entries(pluginTemplate(name, kind, reference))) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  }
  const local = isPublished
    ? ''
    : `\nIts package.json takes Unflat from this copy, ${reference}, as it does not come from npm. Before you give the folder to others, write "^${version}" there.\n`;
  return `${name} is a plugin that works. Next:\n\n  cd ${name}\n  npm install\n  npm test\n\nThen change src/index.ts. What it may do: manifest.json; how it is written: node_modules/unflat/plugins/README.md.\n${local}`;
}
