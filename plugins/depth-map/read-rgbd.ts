import type { Passes, Photo, Raster, Rect } from 'unflat/plugin';
import { depthOfColours, type ColourReading, type ColourWords } from './colour-reading.ts';
import { classifyColours } from './classify-colours.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';

/** Where the depth half lies. */
export type Side = 'left' | 'right' | 'top' | 'bottom';

/** How far colours may differ within a strip of one colour, of 255 levels: JPEG changes them. */
const STRIP_SPREAD = 8;
/** Widest strip between the halves, as a part of the picture's width (or height). */
const WIDEST_STRIP = 0.2;
/** Shortest side of a half beside a strip, in pixels. */
const LEAST_HALF = 16;
/** Part of the first column (or row) beside a strip that must differ from it. */
const CLEARLY_OTHER = 0.5;

/** The two halves of a picture that holds photo and depth. */
export interface Halves {
  depth: Rect;
  photo: Rect;
}

/**
 * The halves of a picture, without a strip of one colour along its middle, as depth models' demos put one there (Depth Anything: 50 white
 * columns); an odd middle row or column belongs to neither.
 */
export function halves(raster: Raster, side: Side): Halves {
  const across = side === 'left' || side === 'right';
  const strip = stripOf(raster, across);
  const width = across ? Math.floor(raster.width / 2) - strip : raster.width;
  const height = across ? raster.height : Math.floor(raster.height / 2) - strip;
  const first = { x: 0, y: 0, width, height };
  const second = { x: raster.width - width, y: raster.height - height, width, height };
  return side === 'left' || side === 'top' ? { depth: first, photo: second } : { depth: second, photo: first };
}

/** Half the width of the strip between two pictures, in pixels; 0 where one colour at the middle is part of the pictures themselves: it fades into them. */
function stripOf(raster: Raster, across: boolean): number {
  const [length, breadth] = across ? [raster.width, raster.height] : [raster.height, raster.width];
  const half = Math.floor(length / 2);
  const at = (along: number, beside: number): number => 4 * (across ? beside * raster.width + along : along * raster.width + beside);
  /** How a column (or row) differs from the strip: for what part of it, and by how many levels in the mean. */
  const differenceOf = (along: number): { share: number; mean: number } => {
    let [unlike, sum] = [0, 0];
    for (let beside = 0; beside < breadth; beside++) {
      const most = Math.max(...[0, 1, 2].map((c) => Math.abs(raster.rgba[at(along, beside) + c]! - raster.rgba[at(half, 0) + c]!)));
      sum += most;
      if (most > STRIP_SPREAD) unlike++;
    }
    return { share: unlike / breadth, mean: sum / breadth };
  };
  const beyond = (strip: number) => [differenceOf(half - 1 - strip), differenceOf(length - half + strip)] as const;
  let strip = 0;
  while (2 * strip < WIDEST_STRIP * length && half - strip > LEAST_HALF && beyond(strip).every(({ share }) => share === 0)) strip++;
  if (strip === 0) return 0;
  const [edges, inside] = [beyond(strip), beyond(strip + 1)];
  if (!inside.every(({ share }) => share > CLEARLY_OTHER)) return 0;
  // Scaling blends the strip's last column with the picture's first.
  return edges[0].mean + edges[1].mean < (inside[0].mean + inside[1].mean) / 2 ? strip + 1 : strip;
}

/**
 * Reads depth that lies beside the photo in one picture (RGBD: Looking Glass and others): in false colours by their palette, else by
 * brightness.
 * @param reading how to read colours.
 * @throws UnflatError `bad-depth` when the picture is too small to have halves.
 */
export function* readRgbd(
  photo: Photo,
  { depth, photo: crop }: Halves,
  reading: ColourReading,
  say: ColourWords,
): Passes<{ map: RawDepth; crop: Rect }> {
  const what = `The depth half of ${photo.name}`;
  if (depth.width < 1 || depth.height < 1) {
    throw badDepth(
      what,
      `the picture is ${photo.width} × ${photo.height}, too small to hold photo and depth side by side.`,
      'Choose the layout "none", or use another file.',
    );
  }
  const colours = { data: cut(photo, depth).rgba, channels: 4 as const };
  yield;
  const isByBrightness = reading === 'auto' && classifyColours(colours).kind !== 'palette';
  yield;
  return { map: yield* depthOfColours(colours, depth.width, depth.height, what, isByBrightness ? 'brightness' : reading, say), crop };
}

/** A part of a picture. */
export function cut(raster: Raster, rect: Rect): Raster {
  const rgba = new Uint8ClampedArray(rect.width * rect.height * 4);
  for (let y = 0; y < rect.height; y++) {
    const start = ((rect.y + y) * raster.width + rect.x) * 4;
    rgba.set(raster.rgba.subarray(start, start + rect.width * 4), y * rect.width * 4);
  }
  return { width: rect.width, height: rect.height, rgba };
}
