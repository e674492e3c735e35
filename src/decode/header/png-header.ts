import { readExif } from '../../core/index.ts';
import { startsWith } from './jpeg-header.ts';
import { headerOf, type ImageHeader } from './image-header.ts';

/** PNG and APNG: the chunks from IHDR to IEND, without their contents. */
export function pngHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (!startsWith(bytes, 0, '\x89PNG\r\n\x1a\n')) return undefined;
  const header = headerOf('PNG', 0, 0);
  header.truncated = true;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const body = at + 8;
    if (body + length + 4 > bytes.length && !startsWith(bytes, at + 4, 'IHDR')) break;
    if (startsWith(bytes, at + 4, 'IHDR') && body + 13 <= bytes.length) {
      header.width = view.getUint32(body);
      header.height = view.getUint32(body + 4);
      header.bitsPerChannel = Math.max(8, bytes[body + 8]!);
    } else if (startsWith(bytes, at + 4, 'acTL') && length >= 4) header.animated = view.getUint32(body) > 1;
    else if (startsWith(bytes, at + 4, 'cICP') && length >= 2) header.cicp = { primaries: bytes[body]!, transfer: bytes[body + 1]! };
    else if (startsWith(bytes, at + 4, 'eXIf')) Object.assign(header, readExif(bytes.subarray(body, body + length)));
    else if (startsWith(bytes, at + 4, 'IEND')) {
      header.truncated = false;
      break;
    }
    at = body + length + 4;
  }
  return header;
}

/** A copy of a PNG without the chunks of these types. */
export function withoutChunks(bytes: Uint8Array, types: readonly string[]): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = new Uint8Array(bytes.length);
  kept.set(bytes.subarray(0, 8));
  let to = 8;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = Math.min(bytes.length, at + 12 + view.getUint32(at));
    const isKept = !types.some((type) => startsWith(bytes, at + 4, type));
    if (isKept) kept.set(bytes.subarray(at, end), to);
    if (isKept) to += end - at;
    at = end;
  }
  return kept.subarray(0, to);
}
