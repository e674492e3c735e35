import { hasAscii, viewOf } from './bytes.ts';
import { turnUpright } from './orient.ts';
import { byteMap } from './raw-bytes.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';

const END = 'DepthEn\0';
const HEADER_LENGTH = 64;

/** The header's fourth byte as an EXIF orientation. */
const ORIENTATIONS: Readonly<Record<number, number>> = { 0x10: 1, 0x11: 8, 0x12: 3, 0x13: 6 };

/**
 * Finds the map in the trailer of a Huawei or Honor wide-aperture photo: a 64-byte header (orientation at 3, width and
 * height at 12 and 14), one byte a sample, its rows bottom-up, dark = near; the file ends with the block's length and
 * `DepthEn`. The map comes back upright.
 * @throws UnflatError `bad-depth` when the trailer is there but lies about its size.
 */
export function findHuawei(bytes: Uint8Array, name: string): RawDepth | undefined {
  const lengthAt = bytes.length - END.length - 4;
  if (lengthAt < HEADER_LENGTH || !hasAscii(bytes, bytes.length - END.length, END)) return undefined;
  const what = `The depth inside ${name} (Huawei)`;
  const view = viewOf(bytes);
  const start = lengthAt - view.getUint32(lengthAt, true);
  if (start < 0 || start + HEADER_LENGTH > lengthAt) {
    throw badDepth(what, 'its trailer lies about its length.', 'Bring the original file, or a depth map of its own.');
  }
  const width = view.getUint16(start + 12, true);
  const height = view.getUint16(start + 14, true);
  const map = byteMap(bytes.subarray(start + HEADER_LENGTH, lengthAt), width, height, 'near-low', what);
  const rightWayUp = turnUpright(map, 4);
  return turnUpright(rightWayUp, ORIENTATIONS[bytes[start + 3] ?? 0] ?? 1);
}
