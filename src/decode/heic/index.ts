export { coloursOf, type Colours } from './colours.ts';
export { setHeicDecoder } from './load-decoder.ts';
export { hdrWarning, openHeic } from './open-heic.ts';
export type { Pixels } from './decode-heic.ts';
