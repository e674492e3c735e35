import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readManifest, type PluginManifest } from '../plugin-api/index.ts';
import { CliError, UsageError } from './cli-error.ts';
import { diskWords } from './disk-words.ts';
import { didYouMean } from './nearest.ts';
import { readBounded } from './read-bounded.ts';
import { MOST_PLUGIN_BYTES, type PluginFile } from './read-plugin-file.ts';

/** A plugin that was added. */
export interface FolderPlugin extends PluginFile {
  manifest: PluginManifest;
  /** Hosts that the person allowed it to reach. */
  hosts: readonly string[];
  /** Its file in the folder. */
  path: string;
}

/** Longest note beside a plugin's file, in bytes. */
const MOST_NOTE_BYTES = 2 ** 20;

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
    const names = await this.#names().catch((error: unknown) => {
      this.warnings.push(`Plugins are left out: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    });
    const found: FolderPlugin[] = [];
    // In turn, so that warnings have an order.
    for (const name of names) {
      const plugin = await this.#read(name);
      if (plugin) found.push(plugin);
    }
    return found;
  }

  /** Of files of plugins. @throws CliError `io` where the folder cannot be read; one that is not there has none. */
  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.path)).filter((name) => name.endsWith('.js')).sort();
    } catch (cause) {
      const { code = '' } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return [];
      const why = code === 'ENOTDIR' ? 'is a file or lies in one' : `cannot be read (${code})`;
      throw new CliError('io', `the folder of plugins, ${this.path}, ${why}. Set UNFLAT_PLUGINS to another folder.`, { cause });
    }
  }

  async #read(name: string): Promise<FolderPlugin | undefined> {
    const path = join(this.path, name);
    const id = name.slice(0, -'.js'.length);
    const leaveOut = (why: string, todo = `Remove it (unflat plugins remove ${id}) or add it again.`): undefined => {
      this.warnings.push(`${path} is left out: ${why}. ${todo}`);
    };
    const bytes = await readBounded(path, MOST_PLUGIN_BYTES);
    if (bytes === 'is a folder') return leaveOut('it is a folder, and no plugin', 'Move it elsewhere.');
    const note = await readBounded(`${path}on`, MOST_NOTE_BYTES);
    if (typeof bytes === 'string') return leaveOut(`it ${bytes}`);
    if (typeof note === 'string') return leaveOut(`${id}.json, which says where it came from, ${note}`);
    try {
      const { from, sha256, hosts = [] } = JSON.parse(Buffer.from(note).toString()) as Note;
      const manifest = readManifest(Buffer.from(bytes).toString(), name);
      if (hashOf(bytes) !== sha256 || manifest.id !== id) return leaveOut('it was changed since it was added');
      return { manifest, bytes, from, hosts, path };
    } catch (error) {
      return leaveOut((error instanceof Error ? error.message : String(error)).replace(/\.$/, ''));
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
      for (const name of [path, `${path}on`]) await rm(`${name}.part`, { force: true }).catch(() => {});
      throw new CliError('io', `${path} could not be written: ${diskWords(cause)}, or set UNFLAT_PLUGINS to another folder.`, { cause });
    }
  }

  /** @throws UsageError where there is none of that id; CliError `io` where it cannot be removed. */
  async remove(id: string): Promise<void> {
    const ids = (await this.#names()).map((name) => name.slice(0, -'.js'.length));
    if (!ids.includes(id))
      throw new UsageError(`There is no plugin ${id} in ${this.path}; there is ${ids.join(', ') || 'none'}.${didYouMean(id, ids)}`);
    const path = join(this.path, `${id}.js`);
    // A folder of that name is nobody's plugin; what is in it stays.
    if ((await stat(path).catch(() => undefined))?.isDirectory())
      throw new UsageError(`${path} is a folder, and no plugin. Move it elsewhere.`);
    try {
      for (const end of ['.js', '.json']) await rm(join(this.path, `${id}${end}`), { force: true });
    } catch (cause) {
      throw new CliError('io', `${path} could not be removed: ${diskWords(cause)}.`, { cause });
    }
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
