import { hasAscii } from '../bytes.ts';

/** Whether the bytes begin as an OpenEXR file does. */
export function isExr(bytes: Uint8Array): boolean {
  return hasAscii(bytes, 0, '\x76\x2f\x31\x01');
}
