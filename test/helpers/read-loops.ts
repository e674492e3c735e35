/** Reads back GIFs, animated PNGs and WebPs, by their specifications alone: no code of what wrote them. */
import { decode } from 'fast-png';
import { buildPngChunk } from '../../src/core/index.ts';

export interface ReadGif {
  width: number;
  height: number;
  loops: boolean;
  comment: string;
  frames: { rgb: Uint8Array; hundredths: number; hasOwnPalette: boolean }[];
}

/** GIF89a whose frames fill the picture. */
export function readGif(bytes: Uint8Array): ReadGif {
  const text = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (text(0, 6) !== 'GIF89a') throw new Error('no GIF89a');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  let at = 13;
  const palette = (flags: number): Uint8Array | undefined => {
    if (!(flags & 0x80)) return undefined;
    const length = 3 * 2 ** ((flags & 7) + 1);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const blocks = (): Uint8Array => {
    const parts: number[] = [];
    for (let length = bytes[at++]!; length > 0; length = bytes[at++]!) {
      parts.push(...bytes.subarray(at, at + length));
      at += length;
    }
    return Uint8Array.from(parts);
  };
  const shared = palette(bytes[10]!);
  const gif: ReadGif = { width, height, loops: false, comment: '', frames: [] };
  let hundredths = 0;
  for (;;) {
    const kind = bytes[at++];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      const label = bytes[at++];
      const data = blocks();
      if (label === 0xf9) hundredths = data[1]! + 256 * data[2]!;
      if (label === 0xfe) gif.comment = Buffer.from(data).toString('latin1');
      if (label === 0xff && Buffer.from(data).toString('latin1').startsWith('NETSCAPE2.0')) gif.loops = data[12] === 0 && data[13] === 0;
    } else if (kind === 0x2c) {
      const own = ((at += 9), palette(bytes[at - 1]!));
      const colours = own ?? shared!;
      const size = bytes[at++]!;
      const index = unpackLzw(blocks(), size, width * height);
      const rgb = new Uint8Array(3 * width * height);
      index.forEach((colour, i) => rgb.set(colours.subarray(3 * colour, 3 * colour + 3), 3 * i));
      gif.frames.push({ rgb, hundredths, hasOwnPalette: own !== undefined });
    } else throw new Error(`block ${kind} at ${at - 1}`);
  }
  if (at !== bytes.length) throw new Error('bytes after the end');
  return gif;
}

function unpackLzw(data: Uint8Array, size: number, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const clear = 1 << size;
  let table: number[][] = [];
  let width = size + 1;
  let last: number[] | undefined;
  let to = 0;
  let held = 0;
  let bits = 0;
  for (const byte of data) {
    held |= byte << bits;
    bits += 8;
    while (bits >= width) {
      const code = held & ((1 << width) - 1);
      held >>>= width;
      bits -= width;
      if (code === clear) {
        table = [...Array.from({ length: clear }, (_, i) => [i]), [], []];
        width = size + 1;
        last = undefined;
        continue;
      }
      if (code === clear + 1) return out;
      const entry: number[] = table[code] ?? [...last!, last![0]!];
      out.set(entry, to);
      to += entry.length;
      if (last && table.length < 4096) table.push([...last, entry[0]!]);
      if (table.length === 1 << width && width < 12) width++;
      last = entry;
    }
  }
  return out;
}

export interface ReadApng {
  frames: Uint8Array[];
  /** Seconds, of each frame. */
  delay: number;
  /** 0 = for ever. */
  plays: number;
}

export function readApng(bytes: Uint8Array): ReadApng {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const signature = bytes.subarray(0, 8);
  let header = new Uint8Array(0);
  const images: Uint8Array[] = [];
  let [delay, plays, count, sequence] = [0, -1, -1, 0];
  for (let at = 8; at < bytes.length; at += 12 + view.getUint32(at)) {
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    const data = bytes.subarray(at + 8, at + 8 + view.getUint32(at));
    if (type === 'IHDR') header = data.slice();
    if (type === 'acTL') [count, plays] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (type === 'fcTL' || type === 'fdAT') {
      if (view.getUint32(at + 8) !== sequence++) throw new Error('chunks out of order');
    }
    if (type === 'fcTL') delay = view.getUint16(at + 8 + 20) / view.getUint16(at + 8 + 22);
    if (type === 'IDAT') images.push(data);
    if (type === 'fdAT') images.push(data.subarray(4));
  }
  if (count !== images.length) throw new Error(`${images.length} of ${count} frames`);
  const frames = images.map((image) => {
    const png = Buffer.concat([
      signature,
      buildPngChunk('IHDR', header),
      buildPngChunk('IDAT', image),
      buildPngChunk('IEND', new Uint8Array(0)),
    ]);
    return new Uint8Array(decode(png, { checkCrc: true }).data);
  });
  return { frames, delay, plays };
}

export interface ReadWebp {
  width: number;
  height: number;
  /** 0 = for ever. */
  plays: number;
  /** How long each frame is shown. */
  ms: number[];
  /** Kind and length of each frame's picture. */
  pictures: string[];
}

/** What an animated WebP is made of; its pictures are not decoded. */
export function readWebp(bytes: Uint8Array): ReadWebp {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
  const number = (at: number): number => view.getUint16(at, true) + 65536 * bytes[at + 2]!;
  if (name(0) !== 'RIFF' || name(8) !== 'WEBP' || view.getUint32(4, true) !== bytes.length - 8) throw new Error('no WebP of that length');
  if (name(12) !== 'VP8X' || bytes[20] !== 2) throw new Error('not animated, or transparent');
  const found: ReadWebp = { width: number(24) + 1, height: number(27) + 1, plays: -1, ms: [], pictures: [] };
  for (let at = 12; at < bytes.length; at += 8 + 2 * Math.ceil(view.getUint32(at + 4, true) / 2)) {
    if (name(at) === 'ANIM') found.plays = view.getUint16(at + 12, true);
    if (name(at) !== 'ANMF') continue;
    if (number(at + 14) + 1 !== found.width || number(at + 17) + 1 !== found.height) throw new Error('a frame of another size');
    found.ms.push(number(at + 20));
    found.pictures.push(`${name(at + 24)} ${view.getUint32(at + 28, true)}`);
  }
  return found;
}
