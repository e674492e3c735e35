import type { Raster } from '../core/index.ts';
import { halvePhoto } from '../grid/index.ts';
import { texelsOf, type Texture } from './texture.ts';

/** The photo at its own resolution, and halved for where it is drawn smaller. */
export interface PreparedDetail {
  levels: Texture[];
  /** Pixels of the finest level a layer pixel. */
  scale: number;
}

/** Layer pixels a picture's pixel at which the detail photo begins to fade out, and from which it is not used. */
export const DETAIL_FADES = 0.7;
export const DETAIL_ENDS = 0.9;

/** @param width of the photo in layer pixels. */
export function prepareDetail(photo: Raster, width: number): PreparedDetail {
  const scale = photo.width / width;
  const levels: Texture[] = [];
  // Drawn any smaller the detail photo has faded out.
  for (let level: Raster = photo, shrunk = 1; ; level = halvePhoto(level), shrunk *= 2) {
    levels.push({ stride: level.width, rows: level.height, texels: texelsOf(level.rgba) });
    if (shrunk >= scale * DETAIL_ENDS || Math.min(level.width, level.height) < 4) return { levels, scale };
  }
}
