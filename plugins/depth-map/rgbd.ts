import type { Photo, Raster, Rect } from 'unflat/plugin';
import { levelsOf } from './picture.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';

/** Where the depth half lies. */
export type Side = 'left' | 'right' | 'top' | 'bottom';

/** The halves of a picture that holds photo and depth; an odd middle row or column belongs to neither. */
export function halves(raster: Raster, side: Side): { depth: Rect; photo: Rect } {
  const across = side === 'left' || side === 'right';
  const width = across ? Math.floor(raster.width / 2) : raster.width;
  const height = across ? raster.height : Math.floor(raster.height / 2);
  const first = { x: 0, y: 0, width, height };
  const second = { x: raster.width - width, y: raster.height - height, width, height };
  return side === 'left' || side === 'top' ? { depth: first, photo: second } : { depth: second, photo: first };
}

/**
 * Reads depth that lies beside the photo in one picture (RGBD: Looking Glass and others), white = near.
 * @throws UnflatError `bad-depth` when the picture is too small to have halves.
 */
export function readRgbd(photo: Photo, side: Side): { map: RawDepth; crop: Rect } {
  const { depth, photo: crop } = halves(photo, side);
  const what = `The depth half of ${photo.name}`;
  if (depth.width < 1 || depth.height < 1) {
    throw badDepth(what, `the picture is ${photo.width} × ${photo.height}, too small to hold photo and depth side by side.`, 'Choose the layout "none", or bring another file.');
  }
  const map = levelsOf({ ...cut(photo, depth), width: depth.width, height: depth.height }, what);
  return { map: { ...map, meaning: 'near-high' }, crop };
}

function cut(raster: Raster, rect: Rect): Raster {
  const rgba = new Uint8ClampedArray(rect.width * rect.height * 4);
  for (let y = 0; y < rect.height; y++) {
    const start = ((rect.y + y) * raster.width + rect.x) * 4;
    rgba.set(raster.rgba.subarray(start, start + rect.width * 4), y * rect.width * 4);
  }
  return { width: rect.width, height: rect.height, rgba };
}
