/** Which files of a list belong together, by their places in the list. */
export interface FilePairs {
  /** Photos in the list's order, each with its depth map where one was found. */
  photos: { photo: number; map?: number }[];
  /** Depth maps that belong to no photo of the list. */
  strayMaps: number[];
}

/** Files that hold numbers, so never a photo. */
const ARRAY = /\.(npy|npz|pfm|exr|pgm)$/i;
/** No photo that is opened here, but cameras and scanners write photos so, too: beside a photo it is a map, alone it is named for what it is. */
const TIFF = /\.tiff?$/i;

/** Whether a file holds numbers by its name, so that it is never a photo. */
export function isArrayName(name: string): boolean {
  return ARRAY.test(name);
}

/** Whether a file is a depth map by its kind where a photo is at hand: an array or a TIFF. */
export function isMapName(name: string): boolean {
  return ARRAY.test(name) || TIFF.test(name);
}

/** The kinds that `isMapName` knows, for file dialogs. */
export const MAP_EXTENSIONS = '.npy,.npz,.pfm,.exr,.pgm,.tif,.tiff';

const WORD = '(?:depth[-_ ]?map|depth|disparity|disp|dmap|inv[-_ ]?depth)';
/** `x_depth.png`, `x-disparity8.png`, `x.depth.png`, `x depth (1).png`, `x_depth_colored.png`. */
const AFTER = new RegExp(
  `^(.*?)[-_. ]+${WORD}[-_ ]?(?:8|16|32)?(?:[-_ ]?(?:u8|u16|f32|bit|rgb|bw|raw|colou?r(?:ed)?|gr[ae]y(?:scale)?))?(?: ?\\(\\d+\\))?$`,
  'i',
);
/** `depth_x.png`. */
const BEFORE = new RegExp(`^${WORD}(?:8|16)?[-_. ]+(.+)$`, 'i');
/** `x-dpt_beit_large_512.png`, as MiDaS' own program calls them after its models. */
const BY_MIDAS = /^(.+)-(?:dpt|midas|openvino_midas)_[a-z0-9_]+$/;
/** `x_pred.npy`, as Marigold's own program calls its arrays. */
const PREDICTION = /[-_]pred$/;
/** Kinds of photos, where a map is named after the photo with its extension (`x.jpg_depth.png`). */
const PHOTO_KIND = /\.(?:jpe?g|png|webp|avif|hei[cf]|gif|bmp)$/;
/** `depth.png`, `disparity16.png`. */
const ALONE = new RegExp(`^${WORD}[-_ ]?(?:8|16|32)?$`, 'i');

interface Named {
  index: number;
  /** Lower-case name without extension. */
  stem: string;
}

function stemOf(name: string): string {
  return name
    .replace(/^.*[\\/]/, '')
    .replace(/\.[^.]*$/, '')
    .toLowerCase();
}

/**
 * The stem of the photo that a depth map's name speaks of: `x` for `x_depth.png`, `depth_x.png`, `x.jpg_depth.png`, `x.npy`; '' for
 * `depth.png`; undefined for names that speak of no depth.
 */
export function photoStemOfMap(name: string): string | undefined {
  const stem = stemOf(name);
  if (ALONE.test(stem)) return '';
  const named = AFTER.exec(stem)?.[1] ?? BEFORE.exec(stem)?.[1] ?? BY_MIDAS.exec(stem)?.[1];
  return (named ?? (ARRAY.test(name) ? stem.replace(PREDICTION, '') : undefined))?.replace(PHOTO_KIND, '');
}

/**
 * Sorts files into photos and their depth maps by name, as `x.jpg` with `x_depth.png`, `x-disparity.png`,
 * `x.depth.png`, `depth_x.png`, `x.npy`, `x.exr` or `x.tif` (case aside); `depth.png` or an array of another name goes with the
 * only photo. A map named like a photo's depth whose photo is not there stays a stray map: two photos and one map are
 * never mixed up. Of several maps for one photo the first in the list counts; the others are strays.
 * @param areChosen the person named just these files, one by one: a photo and one map then go together, however the map is named.
 *   Default false.
 */
export function pairFiles(names: readonly string[], areChosen = false): FilePairs {
  const photos: Named[] = [];
  let maps: Named[] = [];
  const hasPhoto = names.some((name) => !TIFF.test(name) && photoStemOfMap(name) === undefined);
  names.forEach((name, index) => {
    const stem = photoStemOfMap(name) ?? (hasPhoto && TIFF.test(name) ? stemOf(name) : undefined);
    if (stem === undefined) photos.push({ index, stem: stemOf(name) });
    else maps.push({ index, stem });
  });

  const takeAsPhotos = (chosen: readonly Named[]): void => {
    for (const { index } of chosen) photos.push({ index, stem: stemOf(names[index] ?? '') });
    photos.sort((a, b) => a.index - b.index);
    maps = maps.filter((map) => !chosen.includes(map));
  };
  // `depth_charge.jpg` with a `depth_charge_depth.png` is a photo, too, unless there is a `charge.jpg`.
  const isPhoto = (stem: string): boolean => photos.some((photo) => photo.stem === stem);
  takeAsPhotos(
    maps.filter(({ index, stem }) => {
      const own = stemOf(names[index] ?? '');
      return !isMapName(names[index] ?? '') && !isPhoto(stem) && maps.some((other) => other.index !== index && other.stem === own);
    }),
  );
  // A lone `ocean-depth.jpg` is a photo with a telling name.
  if (photos.length === 0) takeAsPhotos(maps.filter(({ index }) => !ARRAY.test(names[index] ?? '')));

  const taken = new Map<number, number>();
  const strays: Named[] = [];
  for (const map of maps) {
    const photo = photos.find(({ stem, index }) => stem === map.stem && !taken.has(index));
    if (photo) taken.set(photo.index, map.index);
    else strays.push(map);
  }
  const only = photos.length === 1 ? photos[0] : undefined;
  const isPair = areChosen && names.length === 2;
  const loose = strays.find(({ stem, index }) => isPair || stem === '' || isMapName(names[index] ?? ''));
  if (only && loose && !taken.has(only.index)) {
    taken.set(only.index, loose.index);
    strays.splice(strays.indexOf(loose), 1);
  }
  return {
    photos: photos.map(({ index }) => {
      const map = taken.get(index);
      return map === undefined ? { photo: index } : { photo: index, map };
    }),
    strayMaps: strays.map(({ index }) => index),
  };
}
