import { hasAscii } from '../bytes.ts';

/** Whether the bytes begin as a TIFF does, BigTIFF included. */
export function isTiff(bytes: Uint8Array): boolean {
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((mark) => hasAscii(bytes, 0, mark));
}
