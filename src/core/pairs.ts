/** Which files of a list belong together, by their places in the list. */
export interface FilePairs {
  /** Photos in the list's order, each with its depth map where one was found. */
  photos: { photo: number; map?: number }[];
  /** Depth maps that belong to no photo of the list. */
  strayMaps: number[];
}

/** Files that hold numbers, so never a photo. */
const ARRAY = /\.(npy|pfm)$/i;
const WORD = '(?:depth[-_ ]?map|depth|disparity|disp|dmap|inv[-_ ]?depth)';
/** `x_depth.png`, `x-disparity8.png`, `x.depth.png`, `x depth (1).png`. */
const AFTER = new RegExp(`^(.*?)[-_. ]+${WORD}[-_ ]?(?:8|16|32)?(?:[-_ ]?(?:u8|u16|f32|bit|rgb))?(?: ?\\(\\d+\\))?$`, 'i');
/** `depth_x.png`. */
const BEFORE = new RegExp(`^${WORD}(?:8|16)?[-_. ]+(.+)$`, 'i');
/** `depth.png`, `disparity16.png`. */
const ALONE = new RegExp(`^${WORD}[-_ ]?(?:8|16|32)?$`, 'i');

interface Named {
  index: number;
  /** Lower-case name without extension. */
  stem: string;
}

function stemOf(name: string): string {
  return name.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '').toLowerCase();
}

/**
 * The stem of the photo that a depth map's name speaks of: `x` for `x_depth.png`, `depth_x.png`, `x.npy`; '' for
 * `depth.png`; undefined for names that speak of no depth.
 */
export function photoStemOfMap(name: string): string | undefined {
  const stem = stemOf(name);
  if (ALONE.test(stem)) return '';
  const named = AFTER.exec(stem)?.[1] ?? BEFORE.exec(stem)?.[1];
  return named ?? (ARRAY.test(name) ? stem : undefined);
}

/**
 * Sorts files into photos and their depth maps by name, as `x.jpg` with `x_depth.png`, `x-disparity.png`,
 * `x.depth.png`, `depth_x.png`, `x.npy` or `x.pfm` (case aside); `depth.png` or an array of another name goes with the
 * only photo. A map named like a photo's depth whose photo is not there stays a stray map: two photos and one map are
 * never mixed up. Of several maps for one photo the first in the list counts; the others are strays.
 */
export function pairFiles(names: readonly string[]): FilePairs {
  const photos: Named[] = [];
  const maps: Named[] = [];
  names.forEach((name, index) => {
    const stem = photoStemOfMap(name);
    if (stem === undefined) photos.push({ index, stem: stemOf(name) });
    else maps.push({ index, stem });
  });

  // A lone `ocean-depth.jpg` is a photo with a telling name.
  if (photos.length === 0) {
    const pictures = maps.filter(({ index }) => !ARRAY.test(names[index] ?? ''));
    for (const { index } of pictures) photos.push({ index, stem: stemOf(names[index] ?? '') });
    maps.splice(0, maps.length, ...maps.filter((map) => !pictures.includes(map)));
  }

  const taken = new Map<number, number>();
  const strays: Named[] = [];
  for (const map of maps) {
    const photo = photos.find(({ stem, index }) => stem === map.stem && !taken.has(index));
    if (photo) taken.set(photo.index, map.index);
    else strays.push(map);
  }
  const only = photos.length === 1 ? photos[0] : undefined;
  const loose = strays.find(({ stem, index }) => stem === '' || ARRAY.test(names[index] ?? ''));
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
