import { latin1, viewOf } from '../bytes.ts';
import { badDepth, checkSize } from '../raw-depth.ts';

export interface ExrChannel {
  name: string;
  /** 0 whole numbers of 32 bits, 1 half, 2 float. */
  type: number;
}

export interface ExrBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** One image of an OpenEXR file. */
export interface ExrPart {
  channels: ExrChannel[];
  /** 0 none, 1 RLE, 2 ZIPS, 3 ZIP, 4 PIZ, 5 PXR24, 6 B44, 7 B44A, 8 DWAA, 9 DWAB. */
  compression: number;
  /** Where the pixels lie. */
  data: ExrBox;
  /** What is shown; pixels outside `data` are unknown. */
  display: ExrBox;
  /** Of a tile; undefined for scan lines. */
  tile?: { width: number; height: number };
  /** Why it is not read, where it is not. */
  problem?: string;
  /** Places of its chunks in the file, where their coordinates stand. */
  chunks: number[];
}

const DAMAGED = 'The file is cut off or damaged: copy or save it again.';
/** Scan lines in a chunk, by compression. */
export const CHUNK_LINES = [1, 1, 1, 16, 32, 16, 32, 32, 32, 256] as const;
const MAX_CHUNKS = 2 ** 18;
const MAX_PARTS = 64;
const MAX_CHANNELS = 1024;
/** Bytes of one sample, by type. */
export const SAMPLE_BYTES = [4, 2, 4] as const;

/** @throws UnflatError `bad-depth` for a damaged file; nothing larger than the file is made. */
export function readExrParts(bytes: Uint8Array, what: string): ExrPart[] {
  try {
    return readParts(bytes, what);
  } catch (error) {
    if (error instanceof RangeError) throw badDepth(what, 'damaged OpenEXR file: it ends early.', DAMAGED, error);
    throw error;
  }
}

function readParts(bytes: Uint8Array, what: string): ExrPart[] {
  const view = viewOf(bytes);
  const flags = view.getUint32(4, true);
  const isMultiPart = (flags & 0x1000) !== 0;
  const attributes: Map<string, Uint8Array>[] = [];
  let at = 8;
  do {
    const { found, end } = readAttributes(bytes, at);
    at = end;
    if (found.size === 0 && isMultiPart) break;
    attributes.push(found);
  } while (isMultiPart && attributes.length < MAX_PARTS);

  return attributes.map((found) => {
    const part = describe(found, flags, what);
    const count = chunkCount(part);
    if (count > MAX_CHUNKS) throw badDepth(what, 'its tiles are too many or too small.', 'Save it in scan lines.');
    const stored = isMultiPart ? viewOf(found.get('chunkCount') ?? new Uint8Array(4)).getInt32(0, true) : count;
    if (stored < 0 || at + 8 * stored > bytes.length)
      throw badDepth(what, 'damaged OpenEXR file: its table of contents is cut off.', DAMAGED);
    if (part.problem === undefined) {
      for (let i = 0; i < Math.min(count, stored); i++)
        part.chunks.push(view.getUint32(at + 8 * i, true) + view.getUint32(at + 8 * i + 4, true) * 2 ** 32 + (isMultiPart ? 4 : 0));
    }
    at += 8 * stored;
    return part;
  });
}

/** Name, type, size and value of each attribute, up to an empty name. */
function readAttributes(bytes: Uint8Array, start: number): { found: Map<string, Uint8Array>; end: number } {
  const view = viewOf(bytes);
  const found = new Map<string, Uint8Array>();
  let at = start;
  for (;;) {
    const name = readName(bytes, at);
    at += name.length + 1;
    if (name === '') return { found, end: at };
    at += readName(bytes, at).length + 1;
    const size = view.getUint32(at, true);
    at += 4;
    if (at + size > bytes.length) throw new RangeError('an attribute ends beyond the file');
    found.set(name, bytes.subarray(at, at + size));
    at += size;
  }
}

function readName(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(0, start);
  if (end < 0 || end - start > 255) throw new RangeError('a name has no end');
  return latin1(bytes, start, end);
}

function describe(found: ReadonlyMap<string, Uint8Array>, flags: number, what: string): ExrPart {
  const need = (name: string): Uint8Array => {
    const value = found.get(name);
    if (!value) throw badDepth(what, `damaged OpenEXR file: its header has no ${name}.`, DAMAGED);
    return value;
  };
  const data = readBox(need('dataWindow'), what);
  const display = found.has('displayWindow') ? readBox(need('displayWindow'), what) : data;
  const compression = need('compression')[0] ?? 0;
  const kind = latin1(found.get('type') ?? new Uint8Array(), 0, 32).replace(/\0.*$/s, '');
  const isTiled = kind === '' ? (flags & 0x200) !== 0 : kind === 'tiledimage';
  const part: ExrPart = { channels: [], compression, data, display, chunks: [] };
  const channels = need('channels');
  const view = viewOf(channels);
  let problem =
    (flags & 0x800) !== 0 || kind.startsWith('deep')
      ? 'deep images are not read'
      : compression >= CHUNK_LINES.length
        ? 'its compression is unknown'
        : undefined;
  for (let at = 0; channels[at] !== 0 && part.channels.length < MAX_CHANNELS; at += 16) {
    const name = readName(channels, at);
    at += name.length + 1;
    const type = view.getInt32(at, true);
    if (view.getInt32(at + 8, true) !== 1 || view.getInt32(at + 12, true) !== 1) problem ??= 'channels of different sizes are not read';
    if (type < 0 || type > 2) problem ??= 'a channel is of an unknown type';
    part.channels.push({ name, type });
  }
  if (isTiled) {
    const tiles = viewOf(need('tiles'));
    part.tile = { width: tiles.getUint32(0, true), height: tiles.getUint32(4, true) };
    if (part.tile.width < 1 || part.tile.height < 1 || part.tile.width > 65_536 || part.tile.height > 65_536)
      throw badDepth(what, 'damaged OpenEXR file: its tiles have no size.', DAMAGED);
    if ((tiles.getUint8(8) & 15) !== 0) problem ??= 'tiles in several resolutions are not read';
  }
  return { ...part, ...(problem !== undefined && { problem }) };
}

function readBox(bytes: Uint8Array, what: string): ExrBox {
  const view = viewOf(bytes);
  const [left, top, right, bottom] = [0, 4, 8, 12].map((at) => view.getInt32(at, true)) as [number, number, number, number];
  const box = { left, top, width: right - left + 1, height: bottom - top + 1 };
  checkSize(what, box.width, box.height);
  return box;
}

function chunkCount({ data, tile, compression }: ExrPart): number {
  if (tile) return Math.ceil(data.width / tile.width) * Math.ceil(data.height / tile.height);
  return Math.ceil(data.height / (CHUNK_LINES[compression] ?? 1));
}
