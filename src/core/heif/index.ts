export { boxesIn } from './box-reader.ts';
export { readHeif } from './read-heif.ts';
export type { HeifColour, HeifFile, HeifItem, HeifPlaces } from './types.ts';
export { heifItemBytes, shownHeifItem, withHeifPrimary, withHeifSrgb } from './shown-heif-item.ts';
