export { boxesIn } from './boxes.ts';
export { readHeif } from './read-heif.ts';
export type { HeifColour, HeifFile, HeifItem, HeifPlaces } from './types.ts';
export { heifItemBytes, shownHeifItem, withHeifPrimary, withHeifSrgb } from './use-heif.ts';
