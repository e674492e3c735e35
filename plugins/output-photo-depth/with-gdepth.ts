import { guidOf, withXmp, xmpPacket } from './with-xmp.ts';

/** Bytes that are turned into letters at once: more arguments are not taken. */
const CHUNK = 0x8000;

/**
 * Puts a depth map into a JPEG as Google's cameras did: GDepth, its data in extended XMP.
 * @param depth PNG, grey, linear in inverse distance, black = near. @param near, far in metres.
 */
export function withGDepth(jpeg: Uint8Array, depth: Uint8Array, near: number, far: number): Uint8Array<ArrayBuffer> {
  const namespace = ' xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/"';
  const extension = xmpPacket(`${namespace} GDepth:Data="${base64(depth)}"/>`);
  const about = `GDepth:Format="RangeInverse" GDepth:Near="${near}" GDepth:Far="${far}" GDepth:Units="m" GDepth:Mime="image/png"`;
  const link = `xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="${guidOf(extension)}"`;
  return withXmp(jpeg, xmpPacket(`${namespace} ${link} ${about}/>`), extension);
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(text);
}
