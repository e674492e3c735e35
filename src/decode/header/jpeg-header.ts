import { readExif } from '../../core/index.ts';
import { headerOf, type ImageHeader } from './image-header.ts';

const EXIF_MARK = 'Exif\0\0';

/** JPEG (ITU T.81): segments up to the first scan. */
export function jpegHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) return undefined;
  const header = headerOf('JPEG', 0, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // fill byte
      continue;
    }
    if (marker === 0xd9) break;
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) break;
    if (isFrame(marker) && length >= 8) {
      header.bitsPerChannel = bytes[at + 4]!;
      header.height = view.getUint16(at + 5);
      header.width = view.getUint16(at + 7);
      header.cmyk = bytes[at + 9] === 4;
    } else if (marker === 0xe1 && startsWith(bytes, at + 4, EXIF_MARK)) {
      Object.assign(header, readExif(bytes.subarray(at + 10, end)));
    } else if (marker === 0xda) {
      header.truncated = !hasEnd(bytes, end);
      return header;
    }
    at = end;
  }
  header.truncated = true;
  return header;
}

/** SOF0..SOF15 without the tables (DHT, JPG, DAC) among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (let i = bytes.indexOf(0xff, from); i >= 0; i = bytes.indexOf(0xff, i + 1)) if (bytes[i + 1] === 0xd9) return true;
  return false;
}

export function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
