import { readExif } from 'unflat/plugin';
import { hasAscii, viewOf } from './bytes.ts';
import { appData, parseJpeg, type JpegPicture } from './parse-jpeg.ts';
import { isPng, pngChunk } from './read-png-header.ts';

const MARK = 'Exif\0\0';

/**
 * EXIF orientation that a picture's file states, 1..8 (1 = upright, 6 = turn 90° clockwise to see it upright): JPEG, PNG, WebP, TIFF.
 * Undefined where the file does not say. Values outside 1..8 count as not said.
 */
export function fileOrientation(bytes: Uint8Array): number | undefined {
  if (isPng(bytes)) return orientationIn(pngChunk(bytes, 'eXIf'));
  if (hasAscii(bytes, 0, 'RIFF') && hasAscii(bytes, 8, 'WEBP')) return orientationIn(webpExif(bytes));
  if (hasAscii(bytes, 0, 'II*\0') || hasAscii(bytes, 0, 'MM\0*')) return orientationIn(bytes);
  const jpeg = parseJpeg(bytes, 0, { headersOnly: true });
  return jpeg && exifOrientation(bytes, jpeg);
}

/** EXIF orientation of one JPEG within a file, as {@link fileOrientation}. */
export function exifOrientation(bytes: Uint8Array, picture: JpegPicture): number | undefined {
  return orientationIn(appData(bytes, picture, MARK)[0]);
}

function orientationIn(tiff: Uint8Array | undefined): number | undefined {
  return tiff && readExif(tiff).orientation;
}

/** The TIFF block of a WebP's EXIF chunk; some writers keep JPEG's mark before it. */
function webpExif(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (hasAscii(bytes, at, 'EXIF'))
      return bytes.subarray(hasAscii(bytes, start, MARK) ? start + MARK.length : start, Math.min(bytes.length, start + length));
    at = start + length + (length & 1);
  }
  return undefined;
}
