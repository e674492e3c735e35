export { coloursOf, type HeicColours } from './colours-of.ts';
export { setHeicDecoder } from './load-heic-decoder.ts';
export { hdrWarning, openHeic } from './open-heic.ts';
export type { Pixels } from './lib-heif-decoder.ts';
