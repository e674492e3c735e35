import { isArrayName, isMapName, MAP_EXTENSIONS, UnflatError, pairFiles, photoStemOfMap } from '../../core/index.ts';
import { OTHER_3D_TYPES } from '../../orbit-viewer/index.ts';
import { looksGrey } from './looks-grey.ts';
import { strings } from '../strings.ts';

/**
 * For file dialogs: what a photo may be; HEIC by name, as a system may else convert it and drop its depth; arrays with depth
 * included, as both are picked together, and other 3D files.
 */
export const PHOTO_TYPES = `image/*,image/heic,image/heif,.heic,.heif,${OTHER_3D_TYPES},${MAP_EXTENSIONS}`;
/** For file dialogs: what a depth map may be. */
export const MAP_TYPES = `image/png,image/jpeg,image/webp,image/avif,.png,.jpg,.jpeg,.webp,.avif,${MAP_EXTENSIONS}`;

export interface ChosenFiles {
  photo: File;
  map?: File;
  /** Where several photos came: the others, in their order. */
  others?: readonly ChosenFiles[];
  /** Files that are neither a photo nor the depth map of one. */
  leftOut?: readonly File[];
}

/**
 * Tells the photo from its depth map, by name first and by colour second. Of several photos the first is chosen.
 * @param lonely the photo that waits for a map; a map alone then belongs to it.
 * @param basic the open photo, where only the built-in model gave its depth: what is a map by its name or kind belongs to it too.
 *   A grey picture does not: it may be the next photo.
 * @param open the open photo, whatever gave its depth: a map that is named after it belongs to it.
 * @throws UnflatError `unsupported`, naming the files and what to drop instead.
 */
export async function chooseFiles(files: readonly File[], lonely?: File, basic?: File, open?: File): Promise<ChosenFiles> {
  const [first, second] = files;
  if (!first) throw new UnflatError('empty-file', strings.photos.noFile);
  if (!second) return chooseOne(first, lonely, basic, open);
  const { photos, strayMaps } = pairFiles(
    files.map((file) => file.name),
    true,
  );
  const [only] = photos;
  const photo = only && files[only.photo];
  if (photo && photos.length === 1 && files.length === 2) {
    const map = files[only.map ?? -1];
    return { photo, ...(map && { map }) };
  }
  if (files.length === 2) return choosePair(first, second);
  const isOne = ({ photo }: { photo: number }): boolean => isPicture(files[photo]!);
  const chosen = photos
    .filter(isOne)
    .map(({ photo, map }): ChosenFiles => ({ photo: files[photo]!, ...(map !== undefined && { map: files[map]! }) }));
  if (!chosen.length) throw new UnflatError('unsupported', strings.photos.noPhoto(names(files)));
  const leftOut = [...strayMaps, ...photos.filter((each) => !isOne(each)).map((each) => each.photo)]
    .sort((a, b) => a - b)
    .map((index) => files[index]!);
  return several(chosen, leftOut);
}

async function chooseOne(file: File, lonely: File | undefined, basic: File | undefined, open: File | undefined): Promise<ChosenFiles> {
  if (!lonely && open && photoStemOfMap(file.name) && pairFiles([open.name, file.name]).photos[0]?.map === 1)
    return { photo: open, map: file };
  if (!lonely && basic && (isMapName(file.name) || photoStemOfMap(file.name) !== undefined)) return { photo: basic, map: file };
  if (lonely && (isMapName(file.name) || photoStemOfMap(file.name) !== undefined || (await looksGrey(file))))
    return { photo: lonely, map: file };
  if (!isArrayName(file.name)) return { photo: file };
  throw new UnflatError('unsupported', strings.photos.mapAlone(file.name));
}

/** Two files whose names say nothing: the grey one is the map. */
async function choosePair(a: File, b: File): Promise<ChosenFiles> {
  const [aIsGrey, bIsGrey] = await Promise.all([looksGrey(a), looksGrey(b)]);
  // HEIC cannot be looked at in most browsers; it is then the photo.
  if ((aIsGrey === true) !== (bIsGrey === true)) return aIsGrey ? { photo: b, map: a } : { photo: a, map: b };
  if (!aIsGrey) return several([{ photo: a }, { photo: b }], []);
  throw new UnflatError('unsupported', strings.photos.bothGrey(a.name, b.name));
}

function several([first, ...others]: readonly ChosenFiles[], leftOut: readonly File[]): ChosenFiles {
  return { ...first!, ...(others.length && { others }), ...(leftOut.length && { leftOut }) };
}

/** Photos, and 3D photos that were saved. By what the system says, else by the name; what neither knows may be one. */
function isPicture({ name, type }: File): boolean {
  return (
    type.startsWith('image/') ||
    type === 'model/gltf-binary' ||
    /\.(jpe?g|png|webp|avif|heic|heif|hif|gif|bmp|glb)$/i.test(name) ||
    (!type && !/\.\w{1,5}$/.test(name))
  );
}

/** Up to three names, and how many more. */
export function names(files: readonly Pick<File, 'name'>[]): string {
  const shown = files.slice(0, 3).map((file) => file.name);
  if (files.length === 1) return files[0]!.name;
  return files.length > 3
    ? strings.photos.andMore(shown.join(', '), files.length - 3)
    : strings.photos.and(shown.slice(0, -1).join(', '), shown.at(-1) ?? '');
}
