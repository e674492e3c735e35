import { Damage } from './damage.ts';

/**
 * What kind of picture it is and how large, as its header says: known before it is decoded, as a small file can hold a picture that
 * no memory holds. Formats: JPEG (ITU-T T.81), PNG (W3C), WebP (RFC 9649).
 * @throws Damage where it is none of these.
 */
export function pictureSize(bytes: Uint8Array): { type: string; width: number; height: number } {
  const at = (i: number): number => bytes[i] ?? 0;
  const text = (i: number): string => String.fromCharCode(...bytes.subarray(i, i + 4));
  const big = (i: number): number => (at(i) << 8) | at(i + 1);
  if (at(0) === 0xff && at(1) === 0xd8) return { type: 'image/jpeg', ...jpegSize(bytes) };
  if (text(1) === 'PNG\r') return { type: 'image/png', width: big(16) * 65_536 + big(18), height: big(20) * 65_536 + big(22) };
  if (text(0) === 'RIFF' && text(8) === 'WEBP') return { type: 'image/webp', ...webpSize(bytes, text(12)) };
  throw new Damage('a picture in it is no JPEG, PNG or WebP');
}

function jpegSize(bytes: Uint8Array): { width: number; height: number } {
  for (let i = 2; i + 9 < bytes.length;) {
    if (bytes[i] !== 0xff) break;
    const marker = bytes[i + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { height: (bytes[i + 5]! << 8) | bytes[i + 6]!, width: (bytes[i + 7]! << 8) | bytes[i + 8]! };
    i += 2 + ((bytes[i + 2]! << 8) | bytes[i + 3]!);
  }
  throw new Damage('a picture in it is damaged');
}

function webpSize(bytes: Uint8Array, kind: string): { width: number; height: number } {
  const little = (i: number): number => (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8);
  if (kind === 'VP8X') return { width: 1 + little(24) + ((bytes[26] ?? 0) << 16), height: 1 + little(27) + ((bytes[29] ?? 0) << 16) };
  if (kind === 'VP8 ') return { width: little(26) & 0x3fff, height: little(28) & 0x3fff };
  if (kind === 'VP8L') return { width: 1 + (little(21) & 0x3fff), height: 1 + (((little(21) >> 14) | (little(23) << 2)) & 0x3fff) };
  throw new Damage('a picture in it is damaged');
}
