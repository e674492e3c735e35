/** What says inside a Photoshop file that Unflat wrote it, and that nobody has changed its layers since. Format: Adobe Photoshop File Formats Specification. */
import { crc32 } from './crc32.ts';
import { latin1Bytes, latin1Text } from './latin1-bytes.ts';

/** Image resource with XMP; a program that saves the file anew writes its own. */
const XMP = 1060;
const HEADER = 26;

/** Puts the mark into a file: XMP that names Unflat, with a checksum of layers and picture. @param psd a whole PSD file. */
export function withPsdMark(psd: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const parts = partsOf(psd);
  if (!parts) return psd;
  const text = latin1Bytes(xmpFor(parts.rest));
  // “8BIM”, the resource's number, an empty name, the length; data of an odd length are followed by a zero.
  const block = new Uint8Array(12 + text.length + (text.length % 2));
  const view = new DataView(block.buffer);
  view.setUint32(0, 0x3842_494d);
  view.setUint16(4, XMP);
  view.setUint32(8, text.length);
  block.set(text, 12);
  const out = new Uint8Array(psd.length + block.length);
  out.set(psd.subarray(0, parts.end));
  out.set(block, parts.end);
  out.set(parts.rest, parts.end + block.length);
  new DataView(out.buffer).setUint32(parts.lengthAt, parts.end - parts.lengthAt - 4 + block.length);
  return out;
}

/** Whether a Photoshop file is just as Unflat wrote it. */
export function hasPsdMark(psd: Uint8Array): boolean {
  const parts = partsOf(psd);
  if (!parts) return false;
  const resources = latin1Text(psd.subarray(parts.lengthAt, parts.end));
  return resources.includes(xmpFor(parts.rest));
}

function xmpFor(rest: Uint8Array): string {
  const sum = crc32(rest).toString(16).padStart(8, '0');
  return (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Unflat ${sum}"/></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`
  );
}

interface Parts {
  /** Where the length of all image resources stands, and where they end. */
  lengthAt: number;
  end: number;
  /** Layers and the picture for programs that know none. */
  rest: Uint8Array;
}

function partsOf(psd: Uint8Array): Parts | undefined {
  const view = new DataView(psd.buffer, psd.byteOffset, psd.byteLength);
  if (psd.length < HEADER + 8 || view.getUint32(0) !== 0x3842_5053) return undefined;
  const lengthAt = HEADER + 4 + view.getUint32(HEADER);
  if (lengthAt + 4 > psd.length) return undefined;
  const end = lengthAt + 4 + view.getUint32(lengthAt);
  return end > psd.length ? undefined : { lengthAt, end, rest: psd.subarray(end) };
}
