import type { HeifFile, HeifItem } from './types.ts';

/** The image that is shown: of a stereo pair the left eye, else the primary item. */
export function shownHeifItem({ primary, items, stereoPairs }: HeifFile): HeifItem | undefined {
  const pair = stereoPairs.find((each) => each.includes(primary));
  return items.get(pair?.[0] ?? primary) ?? items.get(primary);
}

/**
 * The content of an item that is no image: EXIF, XMP.
 * @param mostBytes more are not read.
 * @returns undefined where it lies outside the file, is larger or not there.
 */
export function heifItemBytes(bytes: Uint8Array, { places }: HeifFile, id: number, mostBytes: number): Uint8Array | undefined {
  const content = places.contents.get(id);
  const region = content?.method === 0 ? { start: 0, end: bytes.length } : content?.method === 1 ? places.idat : undefined;
  if (!content || !region) return undefined;
  const pieces: Uint8Array[] = [];
  let total = 0;
  for (const { offset, length } of content.extents) {
    const start = region.start + offset;
    // A length of 0 means all the rest.
    const end = length === 0 ? region.end : start + length;
    total += end - start;
    if (start > region.end || end > region.end || total > mostBytes) return undefined;
    pieces.push(bytes.subarray(start, end));
  }
  const joined = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/**
 * A copy of the file that opens with another of its images: no decoder needs to know more than the primary item. There the image is
 * neither hidden nor auxiliary.
 * @param options.rawValues its numbers count, as in a depth map: no colour profile applies.
 * @returns undefined where the file's primary item cannot name that id.
 */
export function withHeifPrimary(bytes: Uint8Array, { places }: HeifFile, id: number, { rawValues = false } = {}): Uint8Array | undefined {
  const { primary, hiddenBits, references, colours } = places;
  if (!primary.isWide && id > 0xffff) return undefined;
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (primary.isWide) view.setUint32(primary.at, id);
  else view.setUint16(primary.at, id);
  const hidden = hiddenBits.get(id);
  if (hidden !== undefined) copy[hidden]! &= 0xfe;
  const ignored = [
    ...references.filter(({ type, from }) => from === id && type === 'auxl').map(({ at }) => at),
    ...(rawValues ? (colours.get(id) ?? []) : []),
  ];
  // Boxes of this type are to be passed over; their place in the lists stays.
  for (const at of ignored) copy.set([0x66, 0x72, 0x65, 0x65], at);
  return copy;
}

/** A copy of the file whose images all say that their numbers are sRGB: decoders then hand them out as they are. */
export function withHeifSrgb(bytes: Uint8Array, { places }: HeifFile): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (const at of places.nclx) {
    view.setUint16(at, 1);
    view.setUint16(at + 2, 13);
  }
  return copy;
}
