import { readExif } from '../../core/index.ts';
import { startsWith } from './jpeg-header.ts';
import { headerOf, type ImageHeader } from './image-header.ts';

/** WebP (RFC 9649): simple, lossless and extended files. */
export function webpHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (!startsWith(bytes, 0, 'RIFF') || !startsWith(bytes, 8, 'WEBP')) return undefined;
  const header = headerOf('WebP', 0, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  header.truncated = view.getUint32(4, true) + 8 > bytes.length;
  const size = (width: number, height: number): void => {
    if (header.width === 0) Object.assign(header, { width, height });
  };
  for (let at = 12; at + 18 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    const body = at + 8;
    if (startsWith(bytes, at, 'VP8X')) {
      header.animated = (bytes[body]! & 0x02) !== 0;
      size((view.getUint32(body + 4, true) & 0xffffff) + 1, (view.getUint32(body + 6, true) >>> 8) + 1);
    } else if (startsWith(bytes, at, 'VP8L') && bytes[body] === 0x2f) {
      const bits = view.getUint32(body + 1, true);
      size((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    } else if (startsWith(bytes, at, 'VP8 ')) {
      size(view.getUint16(body + 6, true) & 0x3fff, view.getUint16(body + 8, true) & 0x3fff);
    } else if (startsWith(bytes, at, 'EXIF')) {
      // Some writers keep JPEG's mark before the block.
      const from = startsWith(bytes, body, 'Exif\0\0') ? body + 6 : body;
      Object.assign(header, readExif(bytes.subarray(from, Math.min(bytes.length, body + length))));
    }
    at = body + length + (length & 1);
  }
  return header;
}
