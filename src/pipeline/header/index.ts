import { readBmff } from './bmff.ts';
import { readBmp, readGif } from './gif-bmp.ts';
import { readJpeg, startsWith } from './jpeg.ts';
import { readPng } from './png.ts';
import type { ImageHeader } from './types.ts';
import { readWebp } from './webp.ts';

export type { ImageHeader } from './types.ts';

/** What the bytes say of themselves, whatever the file is called; undefined for what is no picture. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  return readJpeg(bytes) ?? readPng(bytes) ?? readWebp(bytes) ?? readGif(bytes) ?? readBmff(bytes) ?? readBmp(bytes);
}

const OTHERS: readonly [offset: number, mark: string, name: string][] = [
  [0, 'II*\0', 'a TIFF or raw camera file'],
  [0, 'MM\0*', 'a TIFF or raw camera file'],
  [0, '8BPS', 'a Photoshop file'],
  [0, '%PDF', 'a PDF'],
  [0, '\x93NUMPY', 'a depth map (NPY)'],
  [0, 'Pf\n', 'a depth map (PFM)'],
  [0, 'PF\n', 'a picture of floating-point numbers (PFM)'],
  [0, '\xff\x0a', 'a JPEG XL picture'],
  [4, 'JXL ', 'a JPEG XL picture'],
  [4, 'jP  ', 'a JPEG 2000 picture'],
  [4, 'ftyp', 'a video'],
  [0, '\x1aE\xdf\xa3', 'a video'],
  [0, 'PK\x03\x04', 'a ZIP archive'],
  [0, 'ply\n', 'a PLY model'],
  [0, 'ply\r', 'a PLY model'],
  [0, 'glTF', 'a GLB model'],
];

/** Names, for people, what a file that is no picture is. */
export function nameOther(bytes: Uint8Array): string {
  const known = OTHERS.find(([offset, mark]) => startsWith(bytes, offset, mark));
  if (known) return known[2];
  const start = bytes.subarray(0, 512);
  if (/^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<svg/s.test(String.fromCharCode(...start))) return 'an SVG drawing';
  const isText = start.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
  return isText ? 'a text file' : 'no picture';
}
