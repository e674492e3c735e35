import type { PluginContext } from 'unflat/plugin';
import { containerItems, itemStarts, type ContainerItem } from './container-items.ts';
import { BRING_ORIGINAL, rangeFormat, withRange } from './find-gdepth.ts';
import { isPng } from './read-png-header.ts';
import type { JpegPicture } from './parse-jpeg.ts';
import { readPicture } from './read-picture.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';
import { findAll, properties, type Xmp } from './xmp.ts';
import type { XmlNode } from './parse-xml.ts';

const DEPTH_MAP = 'http://ns.google.com/photos/dd/1.0/depthmap/';

/** The properties of the depth map among the profiles' elements; segmentation maps are passed over. */
function depthMapOf(document: XmlNode): Map<string, string> | undefined {
  const elements = findAll(
    document,
    (node) => node.name === 'DepthMap' || node.attributes.some((a) => a.namespace === DEPTH_MAP && a.name === 'Format'),
  );
  for (const element of elements) {
    const values = properties(element, DEPTH_MAP);
    if (values.size > 0 && (values.get('ItemSemantic') ?? 'depth').toLowerCase() === 'depth') return values;
  }
  return undefined;
}

function beginsPicture(bytes: Uint8Array): boolean {
  return isPng(bytes) || (bytes[0] === 0xff && bytes[1] === 0xd8);
}

function cutItem(bytes: Uint8Array, primaryEnd: number, items: readonly ContainerItem[], index: number): Uint8Array | undefined {
  const length = items[index]?.length ?? NaN;
  if (!(length > 0) || length > bytes.length) return undefined;
  for (const start of itemStarts(items, index, primaryEnd, bytes.length)) {
    if (start + length > bytes.length) continue;
    const data = bytes.subarray(start, start + length);
    if (beginsPicture(data)) return data;
  }
  return undefined;
}

/**
 * Finds the map of a Dynamic Depth 1.0 photo (Pixels and other Android phones): XMP describes it, its picture
 * follows the photo's in the same file. Both spellings of the container are read.
 * @throws UnflatError `bad-depth` when the photo announces depth that is not there.
 */
export function findDynamicDepth(
  bytes: Uint8Array,
  picture: JpegPicture,
  xmp: Xmp,
  name: string,
): { what: string; read(context: PluginContext): Promise<RawDepth> } | undefined {
  const values = xmp.documents.map(depthMapOf).find(Boolean);
  const items = containerItems(xmp);
  const uri = values?.get('DepthURI');
  let index = uri ? items.findIndex((item) => item.uri === uri) : -1;
  if (index < 0) index = items.findIndex((item) => item.semantic === 'depth');
  if (!values && index < 0) return undefined;
  const what = `The depth inside ${name} (Dynamic Depth)`;
  const data = index < 0 || picture.end === undefined ? undefined : cutItem(bytes, picture.end, items, index);
  if (!data) throw badDepth(what, `the photo announces it, but ${xmp.damage ?? 'it is not in the file'}.`, BRING_ORIGINAL);
  return {
    what,
    async read(context) {
      return withRange(await readPicture(data, what, context), rangeFormat(values ?? new Map()), (message) => context.warn(message));
    },
  };
}
