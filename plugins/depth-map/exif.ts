import { viewOf } from './bytes.ts';
import { appData, type JpegPicture } from './jpeg.ts';

const ORIENTATION = 0x0112;

/**
 * EXIF orientation of a JPEG, 1..8 (1 = upright, 6 = turn 90° clockwise to see it upright);
 * undefined where the file does not say. Values outside 1..8 count as not said.
 */
export function exifOrientation(bytes: Uint8Array, picture: JpegPicture): number | undefined {
  const tiff = appData(bytes, picture, 'Exif\0\0')[0];
  if (!tiff || tiff.length < 14) return undefined;
  const view = viewOf(tiff);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return undefined;
  const count = view.getUint16(directory, little);
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + i * 12;
    if (entry + 12 > tiff.length) return undefined;
    if (view.getUint16(entry, little) !== ORIENTATION) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}
