import { startsWith } from './jpeg-header.ts';
import { headerOf, type ImageHeader } from './image-header.ts';

/** GIF 87a and 89a: blocks up to the second picture or the end. */
export function gifHeader(bytes: Uint8Array): ImageHeader | undefined {
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
