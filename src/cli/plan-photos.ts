import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { isArrayName, isMapName, pairFiles, photoStemOfMap } from '../core/index.ts';
import { UsageError } from './cli-error.ts';
import { headOf, isFolder, isRead, photoOfMap, picturesIn, unreadMap, type Unreadable } from './folder-contents.ts';
import { didYouMean } from './nearest.ts';
import type { CliOptions } from './parse-command-line.ts';
import { isOwnDepth, isOwnFile } from './is-own-file.ts';
import { STDIN } from './read-stdin.ts';

/** One photo with all that is known before the browser sees it. */
export interface PhotoPlan {
  /** As the person wrote it; what lies in a folder, with that folder. */
  input: string;
  /** Its name without extension: the NAME of all its files. */
  name: string;
  /** Folder of its files. */
  out: string;
  /** The depth map's file. */
  map?: string;
  /** The photo itself, where it came from stdin. */
  bytes?: Uint8Array;
  /** Why it cannot be read. */
  unreadable?: Unreadable;
}

/** What is to be done, and what was named but is not used. */
export interface Plan {
  photos: PhotoPlan[];
  /** Lines for people: files left out, and why. */
  notes: { input: string; text: string }[];
  /** Files that were named, are not used, and are not ours to replace. */
  leftOut: string[];
}

/** A 3D photo, also one of ours, is opened like any other photo. */
const SCENE = /\.glb$/i;

/** A photo's files are called so when it comes from stdin. */
const STDIN_NAME = 'stdin';

/**
 * Gives each photo its map and its folder. A map is known by its name, as in the app (`x_depth.png`, `x-depth.png`, `depth_x.png`, `x.npy`).
 * A folder stands for the pictures in it. Pictures that an earlier run wrote are left out, so that a second run of `unflat *.png` does
 * what the first one did.
 * @param depthIsFile whether `options.depth` names a file.
 * @throws UsageError where two photos would write the same files, or many share one map.
 */
export function planPhotos(options: CliOptions, depthIsFile: boolean): Plan {
  const notes: Plan['notes'] = [];
  const leftOut: string[] = [];
  const { files, empty, named } = gather(options.photos, notes);
  const { photos, maps, strays } = pairs(files, named);
  if (options.depth === undefined)
    notes.push(
      ...mapsBeside(
        photos.filter((photo) => named.has(photo) && !maps.has(photo)),
        files,
      ),
    );
  if (options.depth !== undefined) {
    for (const [photo, map] of maps) {
      if (isSameFile(map, options.depth)) continue;
      notes.push({
        input: map,
        text: `is the depth map of ${photo} by its name, but --depth says where the depth comes from: it is left out`,
      });
      leftOut.push(map);
    }
    maps.clear();
  }
  for (const map of strays) notes.push({ input: map, text: `${whyStray(map, photos, maps)}: it is left out` });
  leftOut.push(...strays);
  for (const [photo, map] of maps) {
    const isNamedAfterIt = photoOfMap(map, [basename(photo)]) !== undefined || stem(map).toLowerCase() === stem(photo).toLowerCase();
    if (!isNamedAfterIt)
      notes.push({ input: map, text: `was taken as the depth map of ${basename(photo)}, the only photo; if it is not, leave it out` });
  }
  for (const photo of photos) {
    const isNamedAsMap = photo !== STDIN && photoStemOfMap(photo) !== undefined && !maps.has(photo) && !depthIsFile;
    if (isNamedAsMap)
      notes.push({ input: photo, text: 'is named like a depth map, but no photo was given along with it: it is opened as a photo' });
  }
  if (photos.length === 0 && empty.length === 0) throw new UsageError(noPhoto(options.photos));
  if (depthIsFile && photos.length > 1) {
    throw new UsageError(
      `--depth ${options.depth} is one map for ${photos.length} photos. Convert them one by one, or name each map like its photo (x.jpg, x_depth.png) and leave --depth out.`,
    );
  }
  const plans = photos.map((input): PhotoPlan => {
    if (input === STDIN) return { input, name: STDIN_NAME, out: resolve(options.out ?? '.'), ...(depthIsFile && { map: options.depth! }) };
    const map = depthIsFile ? options.depth : maps.get(input);
    const unreadable = whyUnreadable(input) ?? (map === undefined ? undefined : whyUnreadable(map));
    const out = resolve(options.out ?? dirname(input));
    return { input, name: stem(input), out, ...(map !== undefined && { map }), ...(unreadable !== undefined && { unreadable }) };
  });
  settleClashes(plans, notes);
  const refused = empty.map(({ input, ...unreadable }): PhotoPlan => ({
    input,
    name: basename(input),
    out: resolve(options.out ?? input),
    unreadable,
  }));
  return { photos: [...plans, ...refused], notes, leftOut };
}

/** Why a map is nobody's. */
function whyStray(map: string, photos: readonly string[], maps: ReadonlyMap<string, string>): string {
  const its = photos.filter((photo) => dirname(resolve(photo)) === dirname(resolve(map)));
  const other = maps.get(
    its.find(
      (photo) =>
        basename(photo) ===
        photoOfMap(
          map,
          its.map((each) => basename(each)),
        ),
    ) ?? '',
  );
  if (other !== undefined) return `is a further depth map of a photo that has ${basename(other)}`;
  if (photoStemOfMap(map) === '') return 'is a depth map by its name, but does not say of which photo (x_depth.png goes with x.jpg)';
  if (isArrayName(map)) return 'is a depth map by its kind, but no photo of its name was given along with it';
  if (isMapName(map) && photoStemOfMap(map) === undefined)
    return 'is a TIFF, which is read as a depth map only, and no photo of its name was given along with it (save it as JPEG or PNG if it is a photo)';
  return 'is named like a depth map, but its photo was not named';
}

/** Maps of photos that lie beside them and were not named: whoever has them would miss them. */
function mapsBeside(photos: readonly string[], files: readonly string[]): Plan['notes'] {
  return photos
    .filter((photo) => photo !== STDIN)
    .flatMap((photo) =>
      namesBeside(photo)
        .filter((name) => photoStemOfMap(name) !== '' && photoOfMap(name, [basename(photo)]) !== undefined)
        .map((name) => join(dirname(photo), name))
        .filter((map) => !files.some((file) => isSameFile(file, map)) && headOf(map) !== undefined && !isOwnFile(map))
        .map((map) => ({
          input: photo,
          text: isRead(map)
            ? `${basename(map)} beside it is its depth map by its name, and is not used unless it is given along with it`
            : unreadMap(map, basename(photo)),
        })),
    );
}

interface Gathered {
  /** Paths of files, each once. */
  files: string[];
  /** Those of them that were given themselves, not with their folder. */
  named: Set<string>;
  /** Folders that gave none. */
  empty: (Unreadable & { input: string })[];
}

function gather(given: readonly string[], notes: Plan['notes']): Gathered {
  const own = new Set(given.filter((path) => path !== STDIN && !SCENE.test(path) && isOwnFile(path)));
  /** What we made, among photos: `*.png` or `*` found it. */
  const isBesidePhotos = (path: string): boolean => own.has(path) && own.size < given.length;
  const files = new Map<string, string>();
  const named = new Set<string>();
  const empty: Gathered['empty'] = [];
  for (const path of given) {
    if (path !== STDIN && isFolder(path)) {
      const found = picturesIn(path);
      for (const text of found.notes) notes.push({ input: path, text });
      if ('error' in found) empty.push({ input: path, code: found.code, error: found.error });
      else for (const file of found.files) files.set(resolve(file), files.get(resolve(file)) ?? file);
    } else if (path !== STDIN && isOwnDepth(path)) {
      notes.push({ input: path, text: 'was written by an earlier run and is left out; name it with --depth to use it' });
    } else if (isBesidePhotos(path)) {
      notes.push({ input: path, text: 'was written by an earlier run and is left out; name it alone to convert it' });
    } else {
      const key = path === STDIN ? path : resolve(path);
      files.set(key, files.get(key) ?? path);
      named.add(files.get(key)!);
    }
  }
  return { files: [...files.values()], named, empty };
}

function noPhoto(given: readonly string[]): string {
  const shown = given.length > 3 ? `${given.slice(0, 3).join(', ')} and ${given.length - 3} more` : given.join(', ');
  return `No photo given: ${shown} ${given.length === 1 ? 'is a depth map' : 'are depth maps'}. Name the photo as well.`;
}

/**
 * No two photos write the same files: of photos that differ in their extension alone (phones keep `x.heic` beside `x.jpg`) the later ones
 * are called so (`x-jpg`), with a note; others are refused.
 */
function settleClashes(plans: readonly PhotoPlan[], notes: Plan['notes']): void {
  const taken = new Map<string, string>();
  for (const plan of plans) {
    const keyOf = (name: string): string => join(plan.out, name).toLowerCase();
    const other = taken.get(keyOf(plan.name));
    if (other !== undefined) {
      const name = `${plan.name}-${extname(plan.input).slice(1).toLowerCase()}`;
      const isTwin =
        dirname(resolve(other)) === dirname(resolve(plan.input)) && extname(other).toLowerCase() !== extname(plan.input).toLowerCase();
      if (!isTwin || taken.has(keyOf(name))) {
        throw new UsageError(
          `${other} and ${plan.input} would both be written to ${join(plan.out, plan.name)}.*: rename one of them, or convert them into different folders with --out.`,
        );
      }
      notes.push({
        input: plan.input,
        text: `has the name of ${other} and is opened as a photo of its own: its files are called ${name}. If it is the depth map, name it ${plan.name}_depth${extname(plan.input)}`,
      });
      plan.name = name;
    }
    taken.set(keyOf(plan.name), plan.input);
  }
}

/** Photos, their maps by photo, and maps without one; files of one folder belong together. */
function pairs(paths: readonly string[], named: ReadonlySet<string>): { photos: string[]; maps: Map<string, string>; strays: string[] } {
  const maps = new Map<string, string>();
  const strays: string[] = [];
  const isPhoto = new Set<string>(paths.filter((path) => path === STDIN));
  const files = paths.filter((path) => path !== STDIN);
  const folderOf = (path: string): string => dirname(resolve(path));
  for (const folder of new Set(files.map(folderOf))) {
    const here = files.filter((path) => folderOf(path) === folder);
    const areChosen = here.length === files.length && here.every((path) => named.has(path));
    const found = pairFiles(
      here.map((path) => basename(path)),
      areChosen,
    );
    for (const { photo, map } of found.photos) {
      isPhoto.add(here[photo]!);
      if (map !== undefined) maps.set(here[photo]!, here[map]!);
    }
    strays.push(...found.strayMaps.map((index) => here[index]!));
  }
  return { photos: paths.filter((path) => isPhoto.has(path)), maps, strays };
}

function stem(path: string): string {
  return basename(path, extname(path));
}

function whyUnreadable(path: string): Unreadable | undefined {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return { code: 'io', error: `${path}: is a folder; name a file.` };
    if (!stat.isFile())
      return { code: 'io', error: `${path}: is no file, but a pipe or a device; write unflat - < … for a photo from a pipe.` };
    if (stat.size === 0) return { code: 'empty-file', error: `${path}: is empty (0 bytes); copy or save the file again.` };
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Names come as UTF-8; what is none in them has been replaced.
    if (code === 'ENOENT' && path.includes('\ufffd'))
      return { code: 'not-found', error: `${path}: cannot be opened, as its name is no valid UTF-8; rename it.` };
    if (/^https?:\/\//i.test(path))
      return { code: 'not-found', error: `${path}: is a web address, and nothing is downloaded here; save the photo and name its file.` };
    if (code === 'ENOENT')
      return {
        code: 'not-found',
        error: `${path}: does not exist; check its name and folder.${didYouMean(basename(path), namesBeside(path))}`,
      };
    return { code: 'io', error: `${path}: cannot be opened (${code ?? String(error)}); check its permissions.` };
  }
}

/** Names of all files in the folder of this path; none where it cannot be read. */
export function namesBeside(path: string): string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return [];
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
