import { latin1, viewOf } from './bytes.ts';
import { appData, type JpegPicture } from './parse-jpeg.ts';
import { parseXml, type XmlNode } from './parse-xml.ts';

const MAIN = 'http://ns.adobe.com/xap/1.0/\0';
const EXTENSION = 'http://ns.adobe.com/xmp/extension/\0';
const NOTE = 'http://ns.adobe.com/xmp/note/';
const GUID_LENGTH = 32;
/** GUID, total length, offset. */
const PART_HEADER = GUID_LENGTH + 8;

/** The XMP of a JPEG, main packet and extension. */
export interface Xmp {
  documents: XmlNode[];
  /** Where parts of the extension are missing or lie about their place: what is wrong, for people. */
  damage?: string;
}

/** All properties of one namespace below `node`, as attributes or elements; the first of a name counts. */
export function properties(node: XmlNode, namespace: string, found = new Map<string, string>()): Map<string, string> {
  for (const attribute of node.attributes) {
    if (attribute.namespace === namespace && !found.has(attribute.name)) found.set(attribute.name, attribute.value);
  }
  if (node.namespace === namespace && node.children.length === 0 && !found.has(node.name)) found.set(node.name, node.text.trim());
  for (const child of node.children) properties(child, namespace, found);
  return found;
}

/** All elements below `node` for which `matches` holds. */
export function findAll(node: XmlNode, matches: (node: XmlNode) => boolean): XmlNode[] {
  const found = matches(node) ? [node] : [];
  for (const child of node.children) found.push(...findAll(child, matches));
  return found;
}

/**
 * Reads a JPEG's XMP. Extended XMP (Adobe XMP specification, part 3) lies in any number of APP1 segments, each with
 * GUID, total length and offset; only parts with the GUID that the main packet names are joined.
 */
export function readXmp(bytes: Uint8Array, picture: JpegPicture): Xmp {
  const text = new TextDecoder();
  const documents = appData(bytes, picture, MAIN).map((data) => parseXml(text.decode(data)));
  const parts = appData(bytes, picture, EXTENSION).filter((part) => part.length >= PART_HEADER);
  if (parts.length === 0) return { documents };

  const named = documents.map((document) => properties(document, NOTE).get('HasExtendedXMP')).find(Boolean);
  const guids = new Set(parts.map((part) => latin1(part, 0, GUID_LENGTH)));
  // An editor may have dropped the main packet; a single extension is then still unmistakable.
  const guid = named?.trim() ?? (guids.size === 1 ? [...guids][0] : undefined);
  const own = parts.filter((part) => latin1(part, 0, GUID_LENGTH) === guid);
  if (own.length === 0) return { documents, damage: 'its extended XMP belongs to another packet (the GUIDs differ)' };

  const { joined, damage } = join(own);
  if (joined) documents.push(parseXml(text.decode(joined)));
  return damage ? { documents, damage } : { documents };
}

function join(parts: readonly Uint8Array[]): { joined?: Uint8Array; damage?: string } {
  const total = viewOf(parts[0] ?? new Uint8Array(PART_HEADER)).getUint32(GUID_LENGTH);
  const given = parts.reduce((sum, part) => sum + part.length - PART_HEADER, 0);
  if (total > given) return { damage: `its extended XMP claims ${total} bytes, but holds ${given}` };
  const joined = new Uint8Array(total);
  let covered = 0;
  for (const part of parts) {
    const offset = viewOf(part).getUint32(GUID_LENGTH + 4);
    const data = part.subarray(PART_HEADER);
    if (offset + data.length > total) return { damage: 'a part of its extended XMP lies beyond its end' };
    joined.set(data, offset);
    covered += data.length;
  }
  return covered < total ? { damage: 'parts of its extended XMP are missing' } : { joined };
}
