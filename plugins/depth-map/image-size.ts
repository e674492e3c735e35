import { hasAscii, viewOf } from './bytes.ts';
import { parseJpeg } from './parse-jpeg.ts';

/** Size a picture's header claims, where it is a PNG, JPEG, WebP, GIF or BMP; found without decoding. */
export function imageSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const view = viewOf(bytes);
  if (bytes.length < 30) return undefined;
  if (hasAscii(bytes, 1, 'PNG')) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (hasAscii(bytes, 0, 'GIF8')) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (hasAscii(bytes, 0, 'BM')) return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
  if (hasAscii(bytes, 0, 'RIFF') && hasAscii(bytes, 8, 'WEBP')) return webpSize(bytes, view);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    const jpeg = parseJpeg(bytes, 0, { headersOnly: true });
    return jpeg?.width && jpeg.height ? { width: jpeg.width, height: jpeg.height } : undefined;
  }
  return undefined;
}

function webpSize(bytes: Uint8Array, view: DataView): { width: number; height: number } | undefined {
  if (hasAscii(bytes, 12, 'VP8X')) {
    return { width: 1 + (view.getUint32(24, true) & 0xffffff), height: 1 + (view.getUint32(26, true) >>> 8) };
  }
  if (hasAscii(bytes, 12, 'VP8L')) {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}
