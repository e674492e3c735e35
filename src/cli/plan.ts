import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { UsageError, type CliOptions } from './options.ts';

/** One photo with all that is known before the browser sees it. */
export interface PhotoPlan {
  /** As the person wrote it. */
  input: string;
  /** Its name without extension: the NAME of all its files. */
  name: string;
  /** Folder of its files. */
  out: string;
  /** The depth map's file. */
  map?: string;
  /** Why it cannot be read, for people. */
  unreadable?: string;
}

const PAIR = /^(.*)_depth$/i;

/**
 * Gives each photo its map and its folder. `x_depth.*` named along with `x.*` is the map of `x`.
 * @param depthIsFile whether `options.depth` names a file.
 * @throws UsageError where two photos would write the same files, or many share one map.
 */
export function planPhotos(options: CliOptions, depthIsFile: boolean): PhotoPlan[] {
  const maps = options.depth === undefined ? pairs(options.photos) : new Map<string, string>();
  const photos = options.photos.filter((path) => ![...maps.values()].includes(path));
  if (depthIsFile && photos.length > 1) {
    throw new UsageError(`--depth ${options.depth} is one map for ${photos.length} photos. Convert them one by one, or name each map like its photo (x.jpg, x_depth.png) and leave --depth out.`);
  }
  const plans = photos.map((input): PhotoPlan => {
    const map = depthIsFile ? options.depth : maps.get(input);
    const unreadable = whyUnreadable(input) ?? (map === undefined ? undefined : whyUnreadable(map));
    const out = resolve(options.out ?? dirname(input));
    return { input, name: stem(input), out, ...(map !== undefined && { map }), ...(unreadable !== undefined && { unreadable }) };
  });
  const taken = new Map<string, string>();
  for (const { input, name, out } of plans) {
    const key = join(out, name).toLowerCase();
    const other = taken.get(key);
    if (other !== undefined) {
      throw new UsageError(`${other} and ${input} would both be written to ${join(out, name)}.*: rename one of them, or convert them into different folders with --out.`);
    }
    taken.set(key, input);
  }
  return plans;
}

/** Maps by photo. */
function pairs(paths: readonly string[]): Map<string, string> {
  const photos = new Map(paths.map((path) => [join(dirname(path), stem(path)).toLowerCase(), path]));
  const found = new Map<string, string>();
  for (const path of paths) {
    const name = PAIR.exec(stem(path))?.[1];
    const photo = name === undefined ? undefined : photos.get(join(dirname(path), name).toLowerCase());
    if (photo !== undefined) found.set(photo, path);
  }
  return found;
}

function stem(path: string): string {
  return basename(path, extname(path));
}

function whyUnreadable(path: string): string | undefined {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return `${path}: is a folder; name the photos in it.`;
    if (stat.size === 0) return `${path}: is empty (0 bytes); copy or save the file again.`;
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return `${path}: does not exist; check its name and folder.`;
    return `${path}: cannot be opened (${code ?? String(error)}); check its permissions.`;
  }
}

/** Whether two paths are one file on the disk. */
export function isSameFile(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false; // what does not exist is no other's file
  }
}
