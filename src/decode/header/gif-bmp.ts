import { startsWith } from './jpeg.ts';
import { headerOf, type ImageHeader } from './types.ts';

/** GIF 87a and 89a: blocks up to the second picture or the end. */
export function readGif(bytes: Uint8Array): ImageHeader | undefined {
  if (!startsWith(bytes, 0, 'GIF87a') && !startsWith(bytes, 0, 'GIF89a')) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 13) return { ...headerOf('GIF', 0, 0), truncated: true };
  const header = headerOf('GIF', view.getUint16(6, true), view.getUint16(8, true));
  let at = 13 + colours(bytes[10]!);
  for (let frames = 0; ;) {
    const mark = bytes[at];
    if (mark === 0x3b) return header;
    if (mark === 0x21) at = skipBlocks(bytes, at + 2);
    else if (mark === 0x2c) {
      if (++frames > 1) return { ...header, animated: true };
      at = skipBlocks(bytes, at + 11 + colours(bytes[at + 9] ?? 0));
    } else return { ...header, truncated: true };
  }
}

function colours(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

function skipBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) at += bytes[at]! + 1;
  return at + 1;
}

/** Windows bitmaps, OS/2's short header included. */
export function readBmp(bytes: Uint8Array): ImageHeader | undefined {
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
