import { viewOf } from './bytes.ts';
import { appData, type JpegPicture } from './parse-jpeg.ts';

const APP2 = 0xe2;
const ENTRIES = 0xb002;
const MAX_ENTRIES = 64;

/** A further picture of a Multi-Picture Format file. */
export interface MpfEntry {
  /** Where it begins in the file. */
  start: number;
  /** What it is, CIPA DC-007's type code: the lower 24 bits of the entry's attribute. 0 = not said. */
  type: number;
}

/**
 * The further pictures that a Multi-Picture Format file (CIPA DC-007: MPO, iPhones, Ultra HDR) lists. Offsets are relative to the
 * MPF segment's byte-order mark, except the first picture's, which is 0.
 */
export function mpfEntries(bytes: Uint8Array, picture: JpegPicture): MpfEntry[] {
  const tiff = appData(bytes, picture, 'MPF\0', APP2)[0];
  if (!tiff || tiff.length < 14) return [];
  const base = tiff.byteOffset - bytes.byteOffset;
  const view = viewOf(tiff);
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return [];
  const fields = view.getUint16(directory, little);
  for (let i = 0; i < fields; i++) {
    const field = directory + 2 + i * 12;
    if (field + 12 > tiff.length) return [];
    if (view.getUint16(field, little) !== ENTRIES) continue;
    const count = Math.min(Math.floor(view.getUint32(field + 4, little) / 16), MAX_ENTRIES);
    const first = view.getUint32(field + 8, little);
    const entries: MpfEntry[] = [];
    for (let entry = 1; entry < count; entry++) {
      const at = first + entry * 16;
      if (at + 16 > tiff.length) break;
      const offset = view.getUint32(at + 8, little);
      if (offset > 0 && base + offset < bytes.length) entries.push({ start: base + offset, type: view.getUint32(at, little) & 0xffffff });
    }
    return entries;
  }
  return [];
}
