import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readManifest, type PluginManifest } from '../plugin-api/index.ts';
import { CliError, UsageError } from './cli-error.ts';
import { diskWords } from './disk-words.ts';
import { didYouMean } from './nearest.ts';
import type { PluginFile } from './read-plugin-file.ts';

/** A plugin that was added. */
export interface FolderPlugin extends PluginFile {
  manifest: PluginManifest;
  /** Hosts that the person allowed it to reach. */
  hosts: readonly string[];
  /** Its file in the folder. */
  path: string;
}

/** What lies beside a plugin's file. */
interface Note {
  from: string;
  sha256: string;
  /** Hosts that the person allowed; absent: none. */
  hosts?: readonly string[];
}

/** Where plugins lie when nobody says otherwise: the system's folder for a person's own data. */
export function defaultPluginsFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  if (env['UNFLAT_PLUGINS']) return resolve(env['UNFLAT_PLUGINS']);
  const home = homedir();
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'unflat', 'plugins');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'unflat', 'plugins');
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'unflat', 'plugins');
}

/** Plugins in a folder: `<id>.js`, the file as it came, and `<id>.json`, where it came from. None of their code runs here. */
export class PluginsFolder {
  readonly path: string;
  /** What was left out, and why, for people. */
  readonly warnings: string[] = [];

  constructor(path = defaultPluginsFolder()) {
    this.path = path;
  }

  /** By id. What is damaged is left out, with a warning. */
  async list(): Promise<FolderPlugin[]> {
    this.warnings.length = 0;
    const names = (await readdir(this.path).catch(() => [])).filter((name) => name.endsWith('.js')).sort();
    const found = await Promise.all(names.map((name) => this.#read(name)));
    return found.filter((plugin) => plugin !== undefined);
  }

  async #read(name: string): Promise<FolderPlugin | undefined> {
    const path = join(this.path, name);
    try {
      const bytes = await readFile(path);
      const { from, sha256, hosts = [] } = JSON.parse(await readFile(`${path}on`, 'utf8')) as Note;
      const manifest = readManifest(bytes.toString(), name);
      if (hashOf(bytes) !== sha256 || `${manifest.id}.js` !== name) throw new Error('it was changed since it was added');
      return { manifest, bytes, from, hosts, path };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.warnings.push(`${path} is left out: ${why}. Remove it (unflat plugins remove ${name.slice(0, -3)}) or add it again.`);
      return undefined;
    }
  }

  /** Keeps it in the place of one of the same id. @throws CliError `io` where it cannot be written. */
  async add({ manifest: { id }, bytes, from, hosts }: Omit<FolderPlugin, 'path'>): Promise<void> {
    const path = join(this.path, `${id}.js`);
    try {
      await mkdir(this.path, { recursive: true });
      for (const [name, content] of [
        [path, bytes],
        [`${path}on`, JSON.stringify({ from, sha256: hashOf(bytes), hosts } satisfies Note)],
      ] as const) {
        await writeFile(`${name}.part`, content);
        await rename(`${name}.part`, name);
      }
    } catch (cause) {
      throw new CliError('io', `${path} could not be written: ${diskWords(cause)}, or set UNFLAT_PLUGINS to another folder.`, { cause });
    }
  }

  /** @throws UsageError where there is none of that id. */
  async remove(id: string): Promise<void> {
    const ids = (await readdir(this.path).catch(() => [])).filter((name) => name.endsWith('.js')).map((name) => name.slice(0, -3));
    if (!ids.includes(id))
      throw new UsageError(`There is no plugin ${id} in ${this.path}; there is ${ids.join(', ') || 'none'}.${didYouMean(id, ids)}`);
    for (const end of ['.js', '.json']) await rm(join(this.path, `${id}${end}`), { force: true });
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
