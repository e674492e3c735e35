import { accessSync, constants, existsSync, lstatSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError, type CliErrorCode } from './cli-error.ts';
import { diskWords } from './disk-words.ts';
import { isOwnFile } from './is-own-file.ts';
import { isSameFile } from './plan-photos.ts';

/** Longest name, in bytes, that file systems commonly take. */
const LONGEST_NAME = 255;

/** What a run may not touch. */
export interface Guard {
  /** All files that the person named. */
  named: readonly string[];
  /** Whether files of others may be replaced. */
  overwrite: boolean;
}

/** Why this file may not be written, for people; undefined where it may. */
export function whyNotWritten(path: string, { named, overwrite }: Guard): string | undefined {
  if (!existsSync(path))
    return isLink(path) ? `${path} is a link that leads nowhere; remove it, or choose another folder with --out.` : undefined;
  const input = named.find((each) => isSameFile(each, path));
  if (input !== undefined) return `${path} is one of the files you named, and is not replaced; choose another folder with --out.`;
  if (statSync(path).isDirectory()) return `${path} is a folder; rename it, or choose another folder with --out.`;
  if (overwrite || isOwnFile(path)) return undefined;
  return `${path} is there already and was not written by Unflat; choose another folder with --out, or replace it with --overwrite.`;
}

/** Why none of these files can be written: the first reason, and which others cannot; undefined where all can. @param paths in one folder or below it. */
export function whyNoTargets(out: string, paths: readonly string[], guard: Guard): { code: CliErrorCode; error: string } | undefined {
  const file = firstFileOn(out);
  if (file !== undefined)
    return { code: 'io', error: `--out ${out}: ${file === out ? 'is' : `${file} is`} a file, not a folder; choose a folder.` };
  const locked = paths.length === 0 ? undefined : lockedFolderOn(out);
  if (locked !== undefined)
    return { code: 'io', error: `${locked.folder} cannot be written to: ${locked.reason}; choose another folder with --out.` };
  const long = paths.find((path) => Buffer.byteLength(basename(path)) > LONGEST_NAME);
  if (long !== undefined) return { code: 'io', error: `${basename(long)} is too long a name for a file; rename the photo.` };
  const refused = paths.flatMap((path) => {
    const error = whyNotWritten(path, guard);
    return error === undefined ? [] : [{ path, error }];
  });
  const [first, ...others] = refused;
  if (!first) return undefined;
  const more = others.length ? ` The same goes for ${others.map(({ path }) => basename(path)).join(', ')}.` : '';
  return { code: 'would-replace', error: `${first.error}${more}` };
}

/** What is meant as the name of the file to be written: there is no such option, as a photo gives several. @throws UsageError. */
export function checkOut(out: string | undefined): void {
  if (out === undefined || !WRITTEN.test(out) || existsSync(out)) return;
  throw new UsageError(
    `--out ${out} names a folder, not a file: the files are called after the photo (x_depth.png, x.ply). Write --out . for this folder, --out ${out}/ if it is meant as one, or --outputs depth --out - > ${basename(out)} for one file.`,
  );
}

/** What files that are written, or converted, end with. */
const WRITTEN = /\.(?:png|jpe?g|webp|ply|glb|html|mp4|webm|json)$/i;

/** The part of a folder's path that is a file. */
function firstFileOn(folder: string): string | undefined {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(path)) return statSync(path).isDirectory() ? undefined : path;
    if (dirname(path) === path) return undefined;
  }
}

/** The folder in which the first new file or folder would be made, where that is not allowed. */
function lockedFolderOn(folder: string): { folder: string; reason: string } | undefined {
  const there = existsSync(folder) || dirname(folder) === folder;
  if (!there) return lockedFolderOn(dirname(folder));
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return { folder, reason: diskWords(error) };
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false; // there is nothing, or no way to it, which is told when it is written
  }
}

/** Where the files of a photo may go. @param suffixes of the products that are asked for. @param views names of the views' files. */
export function targetsOf(out: string, name: string, suffixes: readonly string[], views: readonly string[]): string[] {
  return [...suffixes.map((suffix) => join(out, name + suffix)), ...views.map((view) => join(out, `${name}_views`, view))];
}
