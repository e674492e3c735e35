import { BoxReader, boxesIn, type Box } from './box-reader.ts';
import { orientationOf, readProperties, type HeifProperty } from './read-properties.ts';
import type { HeifFile, HeifItem } from './types.ts';

/** Properties of one item, and pieces that one item's content lies in: cameras write about ten and one. */
const MOST_PER_ITEM = 64;
/** More items in one list are none that a camera writes. */
const MOST_ITEMS = 20_000;

/**
 * Reads the boxes of a HEIF file: HEIC, AVIF. Damage is passed over, every list has an end, and nothing is decoded.
 * @returns undefined for what is no such file, or names no primary item.
 */
export function readHeif(bytes: Uint8Array): HeifFile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let meta: Box | undefined;
  for (const box of boxesIn(view, 0, bytes.length)) {
    if (box.start === 0 && box.type !== 'ftyp') return undefined;
    if (box.type === 'meta') {
      meta = box;
      break;
    }
  }
  if (!meta) return undefined;
  const boxes = new Map<string, Box>();
  for (const box of boxesIn(view, meta.body, meta.end)) if (!boxes.has(box.type)) boxes.set(box.type, box);
  const pitm = boxes.get('pitm');
  if (!pitm) return undefined;
  const isWide = pitm.version > 0;
  const reader = new BoxReader(view, pitm);
  const primary = reader.uint(isWide ? 4 : 2);
  if (reader.isOver) return undefined;

  const items = new Map<number, HeifItem>();
  const hiddenBits = new Map<number, number>();
  for (const box of childrenOf(boxes.get('iinf'), view, (iinf) => (iinf.version > 0 ? 4 : 2))) readItem(view, box, items, hiddenBits);
  const colours = new Map<number, number[]>();
  const iprp = boxes.get('iprp');
  const nclx: number[] = [];
  if (iprp) readAssociations(bytes, view, iprp, items, colours, nclx);
  const { references, places } = readReferences(view, boxes.get('iref'));
  // Some writers say of a grid only by its tiles what its colours are.
  for (const { type, from, to } of references) {
    const [grid, tile] = [items.get(from), items.get(to[0] ?? NaN)];
    if (type !== 'dimg' || !grid || !tile) continue;
    if (!grid.colour && tile.colour) grid.colour = tile.colour;
    if (grid.bitsPerChannel === undefined && tile.bitsPerChannel !== undefined) grid.bitsPerChannel = tile.bitsPerChannel;
  }
  const idat = boxes.get('idat');
  return {
    primary,
    items,
    references,
    stereoPairs: readStereoPairs(view, boxes.get('grpl')),
    places: {
      primary: { at: pitm.body, isWide },
      hiddenBits,
      references: places,
      colours,
      nclx,
      contents: readContents(view, boxes.get('iloc')),
      ...(idat && { idat: { start: idat.body, end: idat.end } }),
    },
  };
}

function* childrenOf(parent: Box | undefined, view: DataView, skip: (parent: Box) => number = () => 0): Generator<Box> {
  if (parent) yield* boxesIn(view, parent.body + skip(parent), parent.end);
}

function readItem(view: DataView, box: Box, items: Map<number, HeifItem>, hiddenBits: Map<number, number>): void {
  if (box.type !== 'infe' || box.version < 2) return;
  const reader = new BoxReader(view, box);
  const id = reader.uint(box.version === 2 ? 2 : 4);
  reader.uint(2); // protection
  const type = reader.letters();
  if (reader.isOver || items.has(id)) return;
  const item: HeifItem = { id, type, orientation: 1 };
  if (type === 'mime') {
    reader.text(); // name
    item.contentType = reader.text();
  }
  items.set(id, item);
  hiddenBits.set(id, box.body - 1);
}

function readAssociations(
  bytes: Uint8Array,
  view: DataView,
  iprp: Box,
  items: Map<number, HeifItem>,
  colours: Map<number, number[]>,
  nclx: number[],
): void {
  let properties: HeifProperty[] = [];
  for (const box of boxesIn(view, iprp.body, iprp.end)) {
    if (box.type === 'ipco') {
      properties = readProperties(bytes, view, box);
      nclx.push(...properties.flatMap(({ nclxAt }) => nclxAt ?? []));
    }
    if (box.type !== 'ipma') continue;
    const reader = new BoxReader(view, box);
    const count = Math.min(reader.uint(4), MOST_ITEMS);
    for (let i = 0; i < count && !reader.isOver; i++) {
      const item = items.get(reader.uint(box.version > 0 ? 4 : 2));
      const own: HeifProperty[] = [];
      for (let left = reader.uint(1); left > 0 && !reader.isOver; left--) {
        const isLong = (box.flags & 1) === 1;
        const word = reader.uint(isLong ? 2 : 1);
        const isEssential = word >= (isLong ? 0x8000 : 0x80);
        const property = properties[(word & (isLong ? 0x7fff : 0x7f)) - 1];
        if (!property || !item || own.length >= MOST_PER_ITEM) continue;
        own.push(property);
        if (property.box.type !== 'colr' || isEssential) continue;
        const known = colours.get(item.id) ?? [];
        if (known.push(property.box.start + 4) <= MOST_PER_ITEM) colours.set(item.id, known);
      }
      if (item) describe(item, own);
    }
  }
}

function describe(item: HeifItem, properties: readonly HeifProperty[]): void {
  item.orientation = orientationOf(properties);
  for (const { size, bitsPerChannel, colour, auxiliary } of properties) {
    if (size) Object.assign(item, size);
    if (bitsPerChannel !== undefined) item.bitsPerChannel = bitsPerChannel;
    // A profile says more than the numbers beside it.
    if (colour && item.colour?.kind !== 'icc') item.colour = colour;
    if (auxiliary) Object.assign(item, { auxiliaryType: auxiliary.type, auxiliaryData: auxiliary.data });
  }
}

function readReferences(
  view: DataView,
  iref: Box | undefined,
): { references: HeifFile['references']; places: HeifFile['places']['references'] } {
  const references: { type: string; from: number; to: number[] }[] = [];
  const places: { at: number; type: string; from: number }[] = [];
  const bytes = (iref?.version ?? 0) > 0 ? 4 : 2;
  for (const box of childrenOf(iref, view)) {
    const reader = new BoxReader(view, box);
    const from = reader.uint(bytes);
    const to: number[] = [];
    for (let left = reader.uint(2); left > 0 && !reader.isOver; left--) to.push(reader.uint(bytes));
    if (reader.isOver) continue;
    references.push({ type: box.type, from, to });
    places.push({ at: box.start + 4, type: box.type, from });
  }
  return { references, places };
}

/** Entity groups `ster` hold two items, the left eye first. */
function readStereoPairs(view: DataView, grpl: Box | undefined): [number, number][] {
  const pairs: [number, number][] = [];
  for (const box of childrenOf(grpl, view)) {
    if (box.type !== 'ster') continue;
    const reader = new BoxReader(view, box);
    reader.uint(4); // the group's own id
    const count = reader.uint(4);
    const pair: [number, number] = [reader.uint(4), reader.uint(4)];
    if (count === 2 && !reader.isOver) pairs.push(pair);
  }
  return pairs;
}

function readContents(view: DataView, iloc: Box | undefined): HeifFile['places']['contents'] {
  const contents = new Map<number, { method: number; extents: { offset: number; length: number }[] }>();
  if (!iloc) return contents;
  const { version } = iloc;
  const reader = new BoxReader(view, iloc);
  const [sizes, more] = [reader.uint(1), reader.uint(1)];
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = [sizes >> 4, sizes & 15, more >> 4, version > 0 ? more & 15 : 0];
  if ([offsetBytes, lengthBytes, baseBytes, indexBytes].some((bytes) => ![0, 4, 8].includes(bytes))) return contents;
  const count = Math.min(reader.uint(version < 2 ? 2 : 4), MOST_ITEMS);
  for (let i = 0; i < count && !reader.isOver; i++) {
    const id = reader.uint(version < 2 ? 2 : 4);
    const method = version > 0 ? reader.uint(2) & 15 : 0;
    reader.uint(2); // data reference
    const base = reader.uint(baseBytes);
    const extents: { offset: number; length: number }[] = [];
    for (let left = reader.uint(2); left > 0 && !reader.isOver; left--) {
      reader.uint(indexBytes);
      const [offset, length] = [base + reader.uint(offsetBytes), reader.uint(lengthBytes)];
      if (extents.length < MOST_PER_ITEM) extents.push({ offset, length });
      // Extents without a size of their own would be counted on and on.
      if (offsetBytes + lengthBytes + indexBytes === 0) break;
    }
    if (!reader.isOver) contents.set(id, { method, extents });
  }
  return contents;
}
