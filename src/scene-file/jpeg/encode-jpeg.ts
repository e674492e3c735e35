/**
 * A JPEG writer for textures that are to be true to their pixels. Browsers' own halve the colours' resolution, and each in its
 * own way; this one keeps it, and its error follows from one number whatever the picture. Format: ITU-T T.81, baseline; JFIF 1.02.
 */
import type { Raster, Rect } from '../../core/index.ts';
import { fdct, SCALE } from './fdct.ts';
import { huffmanTable, type HuffmanTable } from './huffman-table.ts';

const ZIGZAG = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57,
  50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);
/** Sixteen zeros in a row, and nothing more in the block. */
const ZEROS_16 = 0xf0;
const END_OF_BLOCK = 0;
/** What an error of brightness, blueness and redness squared is in red, green and blue together. */
const RGB_PART = [3, 3.26, 2.48];
/** What is added before a coefficient is cut to a whole number; one half would be rounding. */
const ROUND = 0.42;
const ROWS_A_PAUSE = 16;

/** What matters in a picture, in its pixels, and how much coarser all else may be: an integer by which its steps are larger. */
export interface FinePart {
  rect: Rect;
  coarser: number;
}

/** A file, and what it differs from its picture by. */
export interface EncodedJpeg {
  /** The whole file. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Mean over pixels and colours of the error squared, 0..255²; without that of rounding to bytes, and of the fine part alone if there is one. */
  squareError: number;
}

/**
 * Encodes a picture as JPEG, three components at full resolution; alpha is ignored.
 * @param step of the coefficients of brightness and of the colours, integers 1..255: at 3 and 3 the picture is 44.5 dB true or more, whatever it shows,
 *   at 3 and 2 it is 45.5 dB, and at twice the step 5 dB less.
 * @param pause is called every few rows of blocks with the part done, 0..1; may throw to stop.
 * @param fine default: all of it is as fine.
 */
export async function encodeJpeg(
  raster: Raster,
  step: readonly [luma: number, chroma: number],
  pause: (fraction: number) => Promise<void>,
  fine?: FinePart,
): Promise<EncodedJpeg> {
  const { width, height } = raster;
  const columns = Math.ceil(width / 8);
  const rows = Math.ceil(height / 8);
  const tokens = new Tokens();
  const coder = new BlockCoder(tokens, step);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) coder.add(raster, x * 8, y * 8, !fine || meets(fine.rect, x * 8, y * 8) ? 1 : fine.coarser);
    if (y % ROWS_A_PAUSE === 0) await pause((0.8 * y) / rows);
  }
  const tables = tokens.frequencies.map(huffmanTable);
  const bits = new BitWriter();
  bits.bytes(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0);
  step.forEach((own, k) => bits.bytes(0xff, 0xdb, 0, 67, k, ...Array.from({ length: 64 }, () => own)));
  bits.bytes(0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1);
  tables.forEach(({ counts, symbols }, k) =>
    bits.bytes(0xff, 0xc4, 0, 19 + symbols.length, ((k & 1) << 4) | (k >> 1), ...counts, ...symbols),
  );
  bits.bytes(0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0);
  tokens.write(bits, tables);
  bits.finish();
  await pause(1);
  return { bytes: bits.result(), squareError: coder.squareError / Math.max(1, coder.finePixels * 3) };
}

/** Whether a block at (x, y) holds any of it. */
const meets = (rect: Rect, x: number, y: number): boolean =>
  x + 8 > rect.x && x < rect.x + rect.width && y + 8 > rect.y && y < rect.y + rect.height;

/** Symbols of the entropy coder with their extra bits, in order, and how often each comes. Tables: luma DC, luma AC, chroma DC, chroma AC. */
class Tokens {
  readonly frequencies = [0, 1, 2, 3].map(() => new Uint32Array(256));
  /** Table (2 bits), symbol (8), extra bits (up to 12). */
  #all = new Uint32Array(1 << 16);
  #count = 0;

  add(table: number, symbol: number, extra: number): void {
    if (this.#count === this.#all.length) {
      const all = new Uint32Array(2 * this.#count);
      all.set(this.#all);
      this.#all = all;
    }
    this.#all[this.#count++] = (table << 20) | (symbol << 12) | extra;
    this.frequencies[table]![symbol]!++;
  }

  write(bits: BitWriter, tables: readonly HuffmanTable[]): void {
    for (let i = 0; i < this.#count; i++) {
      const token = this.#all[i]!;
      const { code, length } = tables[token >> 20]!;
      const symbol = (token >> 12) & 255;
      bits.put(code[symbol]!, length[symbol]!);
      if ((symbol & 15) > 0) bits.put(token & 0xfff, symbol & 15);
    }
  }
}

class BlockCoder {
  readonly #tokens: Tokens;
  readonly #scales: readonly Float32Array[];
  readonly #blocks = [0, 1, 2].map(() => new Float32Array(64));
  readonly #last = [0, 0, 0];
  readonly #values = new Int32Array(64);
  readonly #steps: readonly number[];
  /** Sum over pixels of fine blocks and their three colours. */
  squareError = 0;
  finePixels = 0;

  constructor(tokens: Tokens, [luma, chroma]: readonly [number, number]) {
    this.#tokens = tokens;
    this.#steps = [luma, chroma, chroma];
    this.#scales = this.#steps.map((step) => SCALE.map((scale) => scale / step));
  }

  /** The 8×8 pixels at (x, y); beyond the picture its last pixels go on. @param coarser 1 = fine. */
  add({ width, height, rgba }: Raster, x: number, y: number, coarser: number): void {
    const [luma, blue, red] = this.#blocks as [Float32Array, Float32Array, Float32Array];
    for (let v = 0, k = 0; v < 8; v++) {
      const row = Math.min(y + v, height - 1) * width;
      for (let u = 0; u < 8; u++, k++) {
        const i = 4 * (row + Math.min(x + u, width - 1));
        const r = rgba[i]!;
        const g = rgba[i + 1]!;
        const b = rgba[i + 2]!;
        luma[k] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
        blue[k] = -0.168735892 * r - 0.331264108 * g + 0.5 * b;
        red[k] = 0.5 * r - 0.418687589 * g - 0.081312411 * b;
      }
    }
    if (coarser === 1) this.finePixels += Math.min(8, width - x) * Math.min(8, height - y);
    for (let c = 0; c < 3; c++) this.#code(c, coarser);
  }

  #code(component: number, coarser: number): void {
    const block = this.#blocks[component]!;
    const scale = this.#scales[component]!;
    const values = this.#values;
    fdct(block);
    let end = 0;
    let error = 0;
    for (let k = 0; k < 64; k++) {
      const i = ZIGZAG[k]!;
      const exact = block[i]! * scale[i]!;
      // Rounded towards zero a little: bits saved that way buy more than they cost.
      const value = k === 0 ? Math.round(exact) : coarser * Math.trunc(exact / coarser + (exact < 0 ? -ROUND : ROUND));
      values[k] = value;
      error += (exact - value) ** 2;
      if (value !== 0) end = k;
    }
    if (coarser === 1) this.squareError += error * this.#steps[component]! ** 2 * RGB_PART[component]!;
    const tokens = this.#tokens;
    const table = component === 0 ? 0 : 2;
    const difference = values[0]! - this.#last[component]!;
    this.#last[component] = values[0]!;
    const size = sizeOf(difference);
    tokens.add(table, size, extraBits(difference, size));
    let run = 0;
    for (let k = 1; k <= end; k++) {
      const value = values[k]!;
      if (value === 0) {
        run++;
        continue;
      }
      for (; run > 15; run -= 16) tokens.add(table + 1, ZEROS_16, 0);
      const bits = sizeOf(value);
      tokens.add(table + 1, (run << 4) | bits, extraBits(value, bits));
      run = 0;
    }
    if (end < 63) tokens.add(table + 1, END_OF_BLOCK, 0);
  }
}

const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));
const extraBits = (value: number, size: number): number => (value < 0 ? value - 1 : value) & ((1 << size) - 1);

class BitWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #word = 0;
  #free = 8;

  bytes(...values: readonly number[]): void {
    for (const value of values) this.#push(value);
  }

  /** The lowest `count` bits of `value`, highest first; at most 16. */
  put(value: number, count: number): void {
    let left = count;
    while (left > 0) {
      const taken = Math.min(left, this.#free);
      this.#word = (this.#word << taken) | ((value >> (left - taken)) & ((1 << taken) - 1));
      this.#free -= taken;
      left -= taken;
      if (this.#free === 0) this.#flush();
    }
  }

  finish(): void {
    if (this.#free < 8) this.put(0xff, this.#free);
    this.bytes(0xff, 0xd9);
  }

  result(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #flush(): void {
    this.#push(this.#word & 255);
    // After 0xff a zero byte tells data from a marker.
    if ((this.#word & 255) === 0xff) this.#push(0);
    this.#word = 0;
    this.#free = 8;
  }

  #push(value: number): void {
    if (this.#length === this.#bytes.length) {
      const bytes = new Uint8Array(2 * this.#length);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    this.#bytes[this.#length++] = value;
  }
}
