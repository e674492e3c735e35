import { closeSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { beginsAsPicture, fileKind, isArrayName, isMapName, isSystemFile, photoStemOfMap } from '../core/index.ts';
import type { CliErrorCode } from './cli-error.ts';
import { isOwnFile } from './is-own-file.ts';

/** Pictures by their names; maps in other files are known by `isMapName`. */
const PICTURE = /\.(?:jpe?g|jpe|jfif|png|webp|avif|heic|heif|hif|gif|bmp)$/i;
/** So many bytes of a file tell its kind. */
const HEAD_BYTES = 4096;
/** So many names of a kind are shown. */
const SHOWN = 3;

/** Why something cannot be read. */
export interface Unreadable {
  code: CliErrorCode;
  /** One line for people. */
  error: string;
}

/** What a folder gives. */
export interface FolderContents {
  /** Paths of its photos and depth maps, sorted by name. */
  files: string[];
  /** Sentences for people: what was left aside, and why. */
  notes: string[];
}

/**
 * The pictures in a folder: not those in its folders, nor hidden ones and what a system keeps there, nor what earlier runs wrote.
 * @returns also what to know of the others; or why there is no photo.
 */
export function picturesIn(folder: string): FolderContents | (Unreadable & Pick<FolderContents, 'notes'>) {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    return {
      code: 'io',
      error: `${folder}: cannot be opened (${(error as NodeJS.ErrnoException).code ?? String(error)}); check its permissions.`,
      notes: [],
    };
  }
  const all = names
    .filter((name) => !name.startsWith('.') && !isSystemFile(name))
    .sort(new Intl.Collator('en', { numeric: true }).compare)
    .map((name) => entryOf(inFolder(folder, name)));
  const photos = all.filter(({ kind }) => kind === 'photo').map(({ path }) => basename(path));
  const isMap = (path: string): boolean => isArrayName(path) || photoStemOfMap(path) !== undefined || isNamedAs(photos, path);
  const files = all.filter(({ kind, path }) => kind === 'photo' || (kind === 'map' && isMap(path))).map(({ path }) => path);
  const others = all
    .filter(({ path }) => !files.includes(path))
    .map((entry): Entry => (entry.kind === 'map' ? { ...entry, kind: TIFF } : entry));
  const lost = lostMaps(others, photos);
  const notes = [...lost.map(({ text }) => text), ...leftOut(others.filter(({ path }) => !lost.some((map) => map.path === path)))];
  if (files.some((path) => !isMapName(path))) return { files, notes };
  return {
    code: 'not-found',
    error: `${folder}: there is no photo in this folder (JPEG, PNG, WebP, AVIF, HEIC); folders in it are not searched, name them as well.`,
    notes,
  };
}

/** Whether a file is a picture or holds numbers that are read, by its name. */
export function isRead(path: string): boolean {
  return PICTURE.test(path) || isMapName(path);
}

interface Entry {
  path: string;
  /** `photo` or `map`, else why it is neither, for people. */
  kind: string;
}

const TIFF = 'TIFF: read as a depth map only, of the photo of its name';
const OWN = 'written by earlier runs';

function entryOf(path: string): Entry {
  if (isFolder(path)) return { path, kind: 'folder, not searched' };
  if (isOwnFile(path)) return { path, kind: OWN };
  if (PICTURE.test(path)) return { path, kind: 'photo' };
  if (isMapName(path)) return { path, kind: 'map' };
  const bytes = headOf(path);
  if (bytes === undefined) return { path, kind: 'cannot be read' };
  if (bytes.length === 0) return { path, kind: 'empty file' };
  // Downloads and some cameras leave the extension out; another one was given on purpose.
  if (beginsAsPicture(bytes))
    return { path, kind: extname(path) === '' ? 'photo' : 'picture without a picture’s extension; name it to convert it' };
  const kind = fileKind(bytes, path);
  return { path, kind: kind.name.replace(/^an? /, '') };
}

/** Whether a photo has this file's name but for the extension. */
function isNamedAs(photos: readonly string[], path: string): boolean {
  return photos.some((photo) => stemOf(photo) === stemOf(path));
}

/** Maps by their names, of photos that are here, in files that are not read: they would be missed. */
function lostMaps(others: readonly Entry[], photos: readonly string[]): { path: string; text: string }[] {
  return others.flatMap(({ path, kind }) => {
    const photo = kind === OWN || isFolder(path) ? undefined : photoOfMap(path, photos);
    return photo === undefined ? [] : [{ path, text: unreadMap(path, photo) }];
  });
}

/** The photo whose depth map this is by its name; `depth.png` goes with the only photo. @param photos names. */
export function photoOfMap(map: string, photos: readonly string[]): string | undefined {
  const stem = photoStemOfMap(map);
  if (stem === '') return photos.length === 1 ? photos[0] : undefined;
  return stem === undefined ? undefined : photos.find((photo) => stemOf(photo) === stem);
}

function stemOf(name: string): string {
  return basename(name, extname(name)).toLowerCase();
}

/** Says that a photo's map, by its name, is in a file that is not read, and what to do. */
export function unreadMap(path: string, photo: string): string {
  const { name, asMap } = fileKind(headOf(path) ?? new Uint8Array(), path);
  return `${basename(path)} is named as the depth map of ${photo}, but is ${name}, which is not read, so it is not used. ${asMap}`;
}

/** One sentence for all files, those of a kind together. */
function leftOut(others: readonly Entry[]): string[] {
  if (others.length === 0) return [];
  const parts = [...new Set(others.map(({ kind }) => kind))].map((kind) => {
    const names = others.filter((entry) => entry.kind === kind).map(({ path }) => basename(path));
    return `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''} (${kind})`;
  });
  return [`left out: ${parts.join('; ')}`];
}

/** Whether there is a folder at this path, links followed. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // why not is told later
  }
}

/** A file's path; never `-`, which stands for stdin. */
export function inFolder(folder: string, name: string): string {
  const path = join(folder, name);
  return path === '-' ? './-' : path;
}

/** A file's first bytes; undefined where it cannot be read or is no file. */
export function headOf(path: string): Uint8Array | undefined {
  let file: number | undefined;
  try {
    // To open a pipe would wait for its writer.
    if (!statSync(path).isFile()) return undefined;
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, HEAD_BYTES, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
