import { startsWith } from './jpeg.ts';
import { headerOf, type ImageHeader } from './types.ts';

const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx'];
/** Boxes that lie on the way to a picture's size. */
const CONTAINERS: Record<string, number> = { meta: 4, iprp: 0, ipco: 0 };

/** AVIF and HEIC (ISO 23008-12): the largest picture's size is taken for the file's. */
export function readBmff(bytes: Uint8Array): ImageHeader | undefined {
  if (!startsWith(bytes, 4, 'ftyp')) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(bytes.length, view.getUint32(0));
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) brands.push(String.fromCharCode(...bytes.subarray(at, at + 4)));
  const avif = brands.includes('avif') || brands.includes('avis');
  if (!avif && !brands.some((brand) => HEIC_BRANDS.includes(brand)) && brands[0] !== 'mif1') return undefined;
  const header = headerOf(avif ? 'AVIF' : 'HEIC', 0, 0);
  header.animated = brands[0] === 'avis';
  walk(view, 0, bytes.length, header, 0);
  return header;
}

function walk(view: DataView, from: number, end: number, header: ImageHeader, depth: number): void {
  for (let at = from; at + 8 <= end; ) {
    let size = view.getUint32(at);
    let body = at + 8;
    if (size === 1 && at + 16 <= end) {
      size = Number(view.getBigUint64(at + 8));
      body += 8;
    } else if (size === 0) size = end - at;
    if (size < body - at) return;
    const next = at + size;
    if (next > end && depth === 0) header.truncated = true;
    const type = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5), view.getUint8(at + 6), view.getUint8(at + 7));
    const skip = CONTAINERS[type];
    if (skip !== undefined && depth < 4) walk(view, body + skip, Math.min(next, end), header, depth + 1);
    if (type === 'ispe' && body + 12 <= end) {
      const width = view.getUint32(body + 4);
      const height = view.getUint32(body + 8);
      if (width * height > header.width * header.height) Object.assign(header, { width, height });
    }
    at = next;
  }
}
