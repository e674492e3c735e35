import { UnflatError, pairFiles, photoStemOfMap } from '../../core/index.ts';
import { looksGrey } from './looks-grey.ts';

/** For file dialogs: what a photo may be, arrays with depth included, as both are picked together. */
export const PHOTO_TYPES = 'image/*,.npy,.pfm';
/** For file dialogs: what a depth map may be. */
export const MAP_TYPES = 'image/png,image/jpeg,image/webp,.png,.jpg,.jpeg,.webp,.npy,.pfm';

export interface ChosenFiles {
  photo: File;
  map?: File;
}

/**
 * Tells the photo from its depth map, by name first and by colour second.
 * @param lonely the photo that waits for a map; a map alone then belongs to it.
 * @param basic the open photo, where only the built-in network gave its depth: what is a map by its name or kind belongs to it too.
 *   A grey picture does not: it may be the next photo.
 * @throws UnflatError `unsupported`, naming the files and what to drop instead.
 */
export async function chooseFiles(files: readonly File[], lonely?: File, basic?: File): Promise<ChosenFiles> {
  const [first, second] = files;
  if (!first) throw new UnflatError('empty-file', 'There was no file in that. Drop a photo, or a photo with its depth map.');
  if (!second) return chooseOne(first, lonely, basic);
  const { photos, strayMaps } = pairFiles(files.map((file) => file.name));
  const [only] = photos;
  const photo = only && files[only.photo];
  if (photo && photos.length === 1 && files.length === 2) {
    const map = files[only.map ?? strayMaps[0] ?? -1];
    return { photo, ...(map && { map }) };
  }
  if (files.length === 2) return choosePair(first, second);
  throw tooMany(files, photos.map((pair) => files[pair.photo]).filter((file) => file !== undefined));
}

async function chooseOne(file: File, lonely: File | undefined, basic: File | undefined): Promise<ChosenFiles> {
  if (!lonely && basic && (isArray(file) || photoStemOfMap(file.name) !== undefined)) return { photo: basic, map: file };
  if (lonely && (isArray(file) || photoStemOfMap(file.name) !== undefined || (await looksGrey(file)))) return { photo: lonely, map: file };
  if (!isArray(file)) return { photo: file };
  throw new UnflatError('unsupported', `${file.name} is a depth map without its photo. Drop it together with the photo, or open the photo first.`);
}

/** Two files whose names say nothing: the grey one is the map. */
async function choosePair(a: File, b: File): Promise<ChosenFiles> {
  const [aIsGrey, bIsGrey] = await Promise.all([looksGrey(a), looksGrey(b)]);
  if (aIsGrey !== bIsGrey && aIsGrey !== undefined && bIsGrey !== undefined) return aIsGrey ? { photo: b, map: a } : { photo: a, map: b };
  const both = aIsGrey && bIsGrey ? 'Both are grey, so it is not clear which is the map.' : 'Neither looks like a depth map.';
  throw new UnflatError('unsupported', `${a.name} and ${b.name}: ${both} Drop one photo with its depth map, named like the photo with “_depth” added.`);
}

function tooMany(files: readonly File[], photos: readonly File[]): UnflatError {
  const all =
    photos.length > 1 && photos.length < files.length
      ? `${names(photos)} are all photos, and a depth map belongs to one of them`
      : `${names(files)} are too many at once`;
  return new UnflatError('unsupported', `${all}. Drop one photo, or one photo with its depth map.`);
}

function names(files: readonly File[]): string {
  const shown = files.slice(0, 3).map((file) => file.name);
  return files.length > 3 ? `${shown.join(', ')} and ${files.length - 3} more` : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}

function isArray(file: File): boolean {
  return /\.(npy|pfm)$/i.test(file.name);
}
