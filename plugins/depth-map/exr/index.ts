import type { Passes } from 'unflat/plugin';
import { viewOf } from '../bytes.ts';
import { halfToNumber } from '../half-to-number.ts';
import { inBands } from '../in-bands.ts';
import { badDepth, type RawDepth } from '../raw-depth.ts';
import { chooseChannel, type ChannelChoice } from './choose-channel.ts';
import { CHUNK_LINES, readExrParts, SAMPLE_BYTES, type ExrPart } from './read-exr-parts.ts';
import { unpackPiz } from './unpack-piz.ts';
import { unpackPxr24 } from './unpack-pxr24.ts';
import { unpackChunk } from './unpack-chunk.ts';

const SAVE_ZIP = 'Save it with ZIP compression, or as 32-bit TIFF.';
const DAMAGED = 'The file is cut off or damaged: copy or save it again.';
const NAMES = ['none', 'RLE', 'ZIPS', 'ZIP', 'PIZ', 'PXR24', 'B44', 'B44A', 'DWAA', 'DWAB'];

/**
 * Reads the depth channel of an OpenEXR file: half, float or whole numbers, scan lines or tiles, one part or many; uncompressed, RLE,
 * ZIPS, ZIP, PIZ, PXR24. A depth pass (Z) holds distances, and huge ones (Blender: 10¹⁰) are the sky.
 * @param note tells the person which channel was taken, where that is not plain.
 * @throws UnflatError `bad-depth`; sizes are checked against the file before memory is taken.
 */
export function* readExr(bytes: Uint8Array, what: string, note: (message: string) => void): Passes<RawDepth> {
  const choice = chooseChannel(readExrParts(bytes, what), what);
  const { part, meaning } = choice;
  if (choice.isWorthSaying) note(`${what}: its channel “${part.channels[choice.channel]?.name}” was read as depth.`);
  const values = yield* readChannel(bytes, choice, what);
  const { data, display } = part;
  const map = { values, width: data.width, height: data.height, what, fullScale: 1, meaning, kind: 'array' as const, step: 0 };
  for (const twin of choice.greyTwins) {
    const other = yield* readChannel(bytes, { ...choice, channel: twin }, what);
    yield;
    if (!areAlike(values, other))
      throw badDepth(what, 'it holds colours, but no depth channel.', 'Render the depth pass (Z) into it, or use a grey map.');
  }
  yield;
  const isWhole = data.left === display.left && data.top === display.top && data.width === display.width && data.height === display.height;
  return isWhole ? map : { ...map, width: display.width, height: display.height, values: placed(values, part) };
}

/** The data window in the display window: a render's region; what lies outside it is unknown. */
function placed(values: Float32Array, { data, display }: ExrPart): Float32Array {
  const out = new Float32Array(display.width * display.height).fill(NaN);
  for (let y = 0; y < display.height; y++) {
    const row = y + display.top - data.top;
    if (row < 0 || row >= data.height) continue;
    for (let x = 0; x < display.width; x++) {
      const column = x + display.left - data.left;
      if (column >= 0 && column < data.width) out[y * display.width + x] = values[row * data.width + column]!;
    }
  }
  return out;
}

/** Grey pictures differ between their channels by rounding alone. */
function areAlike(a: Float32Array, b: Float32Array): boolean {
  let unlike = 0;
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i]! - b[i]!) > 0.02 * Math.max(Math.abs(a[i]!), Math.abs(b[i]!), 0.01)) unlike++;
  return unlike <= a.length / 50;
}

function* readChannel(bytes: Uint8Array, { part, channel }: ChannelChoice, what: string): Passes<Float32Array> {
  const { data, channels, compression, tile, chunks } = part;
  const pixelBytes = channels.reduce((sum, { type }) => sum + (SAMPLE_BYTES[type] ?? 4), 0);
  const before = channels.slice(0, channel).reduce((sum, { type }) => sum + (SAMPLE_BYTES[type] ?? 4), 0);
  const type = channels[channel]?.type ?? 2;
  checkReadable(part, what);
  const view = viewOf(bytes);
  const head = tile ? 20 : 8;
  const across = tile ? Math.ceil(data.width / tile.width) : 1;
  const blockWidth = tile?.width ?? data.width;
  const blockLines = tile?.height ?? CHUNK_LINES[compression] ?? 1;
  if (chunks.length < across * Math.ceil(data.height / blockLines))
    throw badDepth(what, 'damaged OpenEXR file: parts of the picture are missing.', DAMAGED);
  checkBytes(bytes, chunks, head, part, pixelBytes, what);
  const values = new Float32Array(data.width * data.height).fill(NaN);
  for (const at of chunks) {
    yield;
    const [left, top] = tile
      ? [view.getInt32(at, true) * tile.width, view.getInt32(at + 4, true) * tile.height]
      : [0, view.getInt32(at, true) - data.top];
    const size = view.getUint32(at + head - 4, true);
    const packed = bytes.subarray(at + head, at + head + size);
    if (left < 0 || top < 0 || left >= data.width || top >= data.height || packed.length < size)
      throw badDepth(what, 'damaged OpenEXR file: parts of the picture lie outside it.', DAMAGED);
    const [columns, lines] = [Math.min(blockWidth, data.width - left), Math.min(blockLines, data.height - top)];
    const chunk = yield* unpack(packed, part, columns, lines, pixelBytes, what);
    yield* inBands(lines, columns, (from, to) => {
      for (let y = from; y < to; y++) {
        const target = (top + y) * data.width + left;
        readRow(chunk, y * columns * pixelBytes + before * columns, type, values.subarray(target, target + columns));
      }
    });
  }
  return values;
}

function readRow(chunk: DataView, at: number, type: number, row: Float32Array): void {
  for (let x = 0; x < row.length; x++) {
    row[x] =
      type === 1
        ? halfToNumber(chunk.getUint16(at + 2 * x, true))
        : type === 2
          ? chunk.getFloat32(at + 4 * x, true)
          : chunk.getUint32(at + 4 * x, true);
  }
}

function* unpack(
  packed: Uint8Array,
  { compression, channels }: ExrPart,
  columns: number,
  lines: number,
  pixelBytes: number,
  what: string,
): Passes<DataView> {
  const size = columns * lines * pixelBytes;
  // What does not get smaller is stored as it is.
  if (compression === 0 || packed.length >= size) {
    if (packed.length < size) throw badDepth(what, 'damaged OpenEXR file: its picture data ends early.', DAMAGED);
    return viewOf(packed);
  }
  let chunk: Uint8Array | undefined;
  try {
    chunk =
      compression === 4
        ? yield* unpackPiz(packed, channels, columns, lines)
        : compression === 5
          ? yield* unpackPxr24(packed, channels, columns, lines)
          : yield* unpackChunk(packed, compression, size);
  } catch (error) {
    throw badDepth(what, `damaged OpenEXR file (${error instanceof Error ? error.message : String(error)}).`, DAMAGED, error);
  }
  if (!chunk) throw badDepth(what, 'damaged OpenEXR file: its picture data ends early.', DAMAGED);
  return viewOf(chunk);
}

function checkReadable({ problem, compression }: ExrPart, what: string): void {
  if (problem !== undefined) throw badDepth(what, `${problem}.`, SAVE_ZIP);
  if (compression > 5) throw badDepth(what, `OpenEXR files compressed with ${NAMES[compression]} are not read.`, SAVE_ZIP);
}

/** A small file must not become endless work: its chunks may neither lie about their places nor be read again and again. */
function checkBytes(
  bytes: Uint8Array,
  chunks: readonly number[],
  head: number,
  { data, compression }: ExrPart,
  pixelBytes: number,
  what: string,
): void {
  const view = viewOf(bytes);
  let total = 0;
  for (const at of chunks) {
    if (at + head > bytes.length) throw badDepth(what, 'damaged OpenEXR file: it ends early.', DAMAGED);
    total += view.getUint32(at + head - 4, true);
  }
  const ratio = compression === 0 ? 1 : compression === 1 ? 64 : compression === 4 ? 4000 : 1100;
  if (total > bytes.length || total * ratio < data.width * data.height * pixelBytes) {
    throw badDepth(what, `its header claims ${data.width} × ${data.height} samples, which its ${bytes.length} bytes cannot hold.`, DAMAGED);
  }
}
