import { readBmff } from './bmff.ts';
import { readBmp, readGif } from './gif-bmp.ts';
import { readJpeg } from './jpeg.ts';
import { readPng, withoutChunks } from './png.ts';
import type { ImageHeader } from './types.ts';
import { readWebp } from './webp.ts';

export { withoutChunks as withoutPngChunks };
export type { ImageHeader } from './types.ts';

/** What the bytes say of themselves, whatever the file is called; undefined for what is no picture. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  return readJpeg(bytes) ?? readPng(bytes) ?? readWebp(bytes) ?? readGif(bytes) ?? readBmff(bytes) ?? readBmp(bytes);
}
