import { findAscii, hasAscii, viewOf } from './bytes.ts';
import { BRING_ORIGINAL } from './find-gdepth.ts';
import { turnUpright } from './turn-upright.ts';
import { byteMap } from './byte-map.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';

const END = 'DepthEn\0';
const MARK = 'edof';
const HEADER_LENGTH = 64;

/** The header's fourth byte as an EXIF orientation. */
const ORIENTATIONS: Readonly<Record<number, number>> = { 0x10: 1, 0x11: 8, 0x12: 3, 0x13: 6 };

/**
 * Finds the map in the trailer of a Huawei or Honor wide-aperture photo: a 64-byte header (orientation at 3, width and
 * height at 12 and 14), one byte a sample, its rows bottom-up, dark = near; the file ends with the block's length and
 * `DepthEn`. The map comes back upright.
 * @param photoEnd where the photo itself ends; a trailer follows it.
 * @throws UnflatError `bad-depth` when the trailer is cut off or lies about its size.
 */
export function findHuawei(bytes: Uint8Array, name: string, photoEnd: number): RawDepth | undefined {
  const what = `The depth inside ${name} (Huawei)`;
  const lengthAt = bytes.length - END.length - 4;
  if (lengthAt < HEADER_LENGTH || !hasAscii(bytes, bytes.length - END.length, END)) {
    if (!hasMark(bytes, photoEnd)) return undefined;
    throw badDepth(what, 'the trailer that holds it is cut off.', BRING_ORIGINAL);
  }
  const view = viewOf(bytes);
  const start = lengthAt - view.getUint32(lengthAt, true);
  if (start < 0 || start + HEADER_LENGTH > lengthAt) {
    throw badDepth(what, 'its trailer gives a wrong length.', BRING_ORIGINAL);
  }
  const width = view.getUint16(start + 12, true);
  const height = view.getUint16(start + 14, true);
  const map = byteMap(bytes.subarray(start + HEADER_LENGTH, lengthAt), width, height, 'near-low', what);
  const rightWayUp = turnUpright(map, 4);
  return turnUpright(rightWayUp, ORIENTATIONS[bytes[start + 3] ?? 0] ?? 1);
}

/** Before the map stands the photo without blur, then that photo's length and `edof`. */
function hasMark(bytes: Uint8Array, photoEnd: number): boolean {
  for (let at = findAscii(bytes, MARK, photoEnd + 4); at >= 0; at = findAscii(bytes, MARK, at + 1)) {
    const start = at - 4 - viewOf(bytes).getUint32(at - 4, true);
    if (start >= photoEnd && bytes[start] === 0xff && bytes[start + 1] === 0xd8) return true;
  }
  return false;
}
