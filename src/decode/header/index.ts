import { bmffHeader } from './bmff-header.ts';
import { bmpHeader } from './bmp-header.ts';
import { gifHeader } from './gif-header.ts';
import { jpegHeader } from './jpeg-header.ts';
import { pngHeader, withoutChunks } from './png-header.ts';
import type { ImageHeader } from './image-header.ts';
import { webpHeader } from './webp-header.ts';

export { withoutChunks as withoutPngChunks };
export type { ImageHeader } from './image-header.ts';

/** What the bytes say of themselves, whatever the file is called; undefined for what is no picture. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  return jpegHeader(bytes) ?? pngHeader(bytes) ?? webpHeader(bytes) ?? gifHeader(bytes) ?? bmffHeader(bytes) ?? bmpHeader(bytes);
}
