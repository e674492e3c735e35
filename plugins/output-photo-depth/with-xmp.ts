import { md5 } from '@noble/hashes/legacy.js';

const MAIN = 'http://ns.adobe.com/xap/1.0/\0';
const EXTENSION = 'http://ns.adobe.com/xmp/extension/\0';
/** Most bytes of a part of an extended packet that leave room for its header in a segment of 65,533. */
const PART_BYTES = 65_000;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An XMP packet. @param attributes and content of its description: what stands behind `<rdf:Description rdf:about=""`. */
export function xmpPacket(description: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""${description}</rdf:RDF></x:xmpmeta>`;
}

/** The name by which a main packet finds its extension: MD5 in upper-case digits. Source: XMP specification, part 3, JPEG. */
export function guidOf(extension: string): string {
  return Array.from(md5(ascii(extension)), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

/** Puts packets into a JPEG, behind what says that it is JFIF. @param extension what does not fit into one segment; default none. */
export function withXmp(jpeg: Uint8Array, main: string, extension?: string): Uint8Array<ArrayBuffer> {
  const segments = [segment(ascii(MAIN), ascii(main))];
  if (extension !== undefined) {
    const bytes = ascii(extension);
    for (let offset = 0; offset < bytes.length; offset += PART_BYTES) {
      const numbers = new DataView(new ArrayBuffer(8));
      numbers.setUint32(0, bytes.length);
      numbers.setUint32(4, offset);
      const part = bytes.subarray(offset, offset + PART_BYTES);
      segments.push(segment(ascii(EXTENSION), ascii(guidOf(extension)), new Uint8Array(numbers.buffer), part));
    }
  }
  const at = jpeg[2] === 0xff && jpeg[3] === 0xe0 ? 4 + jpeg[4]! * 256 + jpeg[5]! : 2;
  return joined(jpeg.subarray(0, at), ...segments, jpeg.subarray(at));
}

function segment(...parts: readonly Uint8Array[]): Uint8Array {
  const length = 2 + parts.reduce((sum, part) => sum + part.length, 0);
  return joined(new Uint8Array([0xff, 0xe1, length >> 8, length & 255]), ...parts);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
