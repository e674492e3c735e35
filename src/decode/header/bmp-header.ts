import { startsWith } from './jpeg-header.ts';
import { headerOf, type ImageHeader } from './image-header.ts';

/** Windows bitmaps, OS/2's short header included. */
export function bmpHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (!startsWith(bytes, 0, 'BM') || bytes.length < 34) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const infoSize = view.getUint32(14, true);
  if (infoSize !== 12 && (infoSize < 40 || infoSize > 256)) return undefined;
  const short = infoSize === 12;
  const width = Math.max(0, short ? view.getUint16(18, true) : view.getInt32(18, true));
  const height = short ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  const bits = short ? view.getUint16(24, true) : view.getUint16(28, true);
  const header = headerOf('BMP', width, height);
  // Compressed bitmaps may be shorter than their pixels.
  const raw = short || view.getUint32(30, true) === 0;
  header.truncated = raw && view.getUint32(10, true) + Math.ceil((width * bits) / 32) * 4 * height > bytes.length;
  return header;
}
