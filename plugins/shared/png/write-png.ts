/**
 * A PNG writer: smooth samples shrink by half when each row is stored as differences (row filters), which the usual small writers leave
 * out; and it writes 16 bits, which canvases do not. Format: PNG specification, W3C, third edition.
 */

import { EventLoop, buildPngChunk, pngMark, throwIfAborted } from 'unflat/plugin';
import type { Raster } from 'unflat/plugin';

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

/** Samples of one picture; `channels` 1 is grey, 3 is red, green, blue, 4 with straight alpha. */
export interface Samples {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  /** Bits a sample. */
  bits: 8 | 16;
  /** Fills `row` (`width × channels × bits / 8` bytes, big-endian samples) with row `y`. */
  readRow(y: number, row: Uint8Array): void;
}

/** Hooks of a long write; both are called every few rows. */
export interface WriteHooks {
  /** May throw to stop the write. */
  onRows(done: number): Promise<void> | void;
}

const ROWS_A_STEP = 64;

/** A PNG file, marked as ours, written in parts of a few rows. @param content what it holds: depth, or a rendered picture. */
export async function writePng(samples: Samples, content: 'depth' | 'view', hooks: WriteHooks): Promise<Blob> {
  const data = buildPngChunk('IDAT', await compressRows(samples, hooks));
  const chunks = [headerChunk(samples), pngMark(content, [data]), data, buildPngChunk('IEND', new Uint8Array(0))];
  return new Blob([pngSignature(), ...chunks], { type: 'image/png' });
}

/** A rendered picture as a PNG; its alpha is left out. @throws the signal's reason. */
export async function pngOf(raster: Raster, signal: AbortSignal, onPart?: (done: number) => void): Promise<Blob> {
  const loop = new EventLoop();
  try {
    return await writePng(colourSamples(raster), 'view', {
      async onRows(done) {
        await loop.turn();
        throwIfAborted(signal);
        onPart?.(done / raster.height);
      },
    });
  } finally {
    loop.dispose();
  }
}

/** The colours of a raster, without its alpha. */
export function colourSamples({ width, height, rgba }: Raster): Samples {
  return {
    width,
    height,
    channels: 3,
    bits: 8,
    readRow(y, row) {
      for (let from = y * width * 4, to = 0; to < row.length; from += 4) {
        row[to++] = rgba[from]!;
        row[to++] = rgba[from + 1]!;
        row[to++] = rgba[from + 2]!;
      }
    },
  };
}

export function pngSignature(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(SIGNATURE);
}

/** The chunk IHDR. */
export function headerChunk({ width, height, channels, bits }: Samples): Uint8Array<ArrayBuffer> {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, bits);
  header.setUint8(9, channels === 1 ? 0 : channels === 3 ? 2 : 6);
  return buildPngChunk('IHDR', new Uint8Array(header.buffer));
}

/** Filtered and compressed by the platform: what IDAT chunks hold. */
export async function compressRows(samples: Samples, hooks: WriteHooks): Promise<Uint8Array> {
  const { width, height, channels, bits } = samples;
  const deflate = new CompressionStream('deflate');
  const compressed = new Response(deflate.readable).arrayBuffer();
  compressed.catch(() => undefined); // Reported by the writer's own failure.
  const writer = deflate.writable.getWriter();
  try {
    const filter = new RowFilter((width * channels * bits) / 8, (channels * bits) / 8);
    for (let from = 0; from < height; from += ROWS_A_STEP) {
      const to = Math.min(height, from + ROWS_A_STEP);
      const part = new Uint8Array((to - from) * filter.stride);
      for (let y = from; y < to; y++) {
        samples.readRow(y, filter.row);
        filter.write(part, (y - from) * filter.stride);
      }
      await writer.write(part);
      await hooks.onRows(to);
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
  return new Uint8Array(await compressed);
}

/** Stores each row by the filter (left, up or Paeth) that leaves the smallest differences. */
class RowFilter {
  readonly stride: number;
  /** The row to write; the caller fills it. */
  row: Uint8Array;
  #above: Uint8Array;
  readonly #pixel: number;
  readonly #tries: Uint8Array[];

  constructor(length: number, pixelBytes: number) {
    this.stride = length + 1;
    this.row = new Uint8Array(length);
    this.#above = new Uint8Array(length);
    this.#pixel = pixelBytes;
    this.#tries = [1, 2, 4].map((type) => new Uint8Array(length + 1).fill(type, 0, 1));
  }

  write(target: Uint8Array, offset: number): void {
    const { row, stride } = this;
    const above = this.#above;
    const pixel = this.#pixel;
    const [sub, up, paeth] = this.#tries as [Uint8Array, Uint8Array, Uint8Array];
    const cost = [0, 0, 0];
    for (let i = 0; i + 1 < stride; i++) {
      const value = row[i]!;
      const left = i < pixel ? 0 : row[i - pixel]!;
      const top = above[i]!;
      const corner = i < pixel ? 0 : above[i - pixel]!;
      const bySub = (value - left) & 255;
      const byUp = (value - top) & 255;
      const byPaeth = (value - predict(left, top, corner)) & 255;
      sub[i + 1] = bySub;
      up[i + 1] = byUp;
      paeth[i + 1] = byPaeth;
      cost[0]! += bySub < 128 ? bySub : 256 - bySub;
      cost[1]! += byUp < 128 ? byUp : 256 - byUp;
      cost[2]! += byPaeth < 128 ? byPaeth : 256 - byPaeth;
    }
    const best = cost.indexOf(Math.min(...cost));
    target.set(this.#tries[best]!, offset);
    [this.row, this.#above] = [above, row];
  }
}

function predict(left: number, top: number, corner: number): number {
  const guess = left + top - corner;
  const byLeft = Math.abs(guess - left);
  const byTop = Math.abs(guess - top);
  const byCorner = Math.abs(guess - corner);
  if (byLeft <= byTop && byLeft <= byCorner) return left;
  return byTop <= byCorner ? top : corner;
}
