import type { RowWriter } from './write-ply.ts';

/** No vertex or triangle line is longer than this many bytes. */
const LONGEST_LINE = 80;
const SIGNIFICANT_DIGITS = 9;
const ZERO = 48;
const SPACE = 32;

/**
 * Rows as lines of text; nine digits, so that they read back as the very same floats.
 * Digits go straight into bytes: JavaScript's own number formatting takes 30 times as long.
 */
export class AsciiRows implements RowWriter {
  readonly #alpha: boolean;
  #bytes = new Uint8Array(0);
  #at = 0;

  constructor(alpha: boolean) {
    this.#alpha = alpha;
  }

  vertices(count: number, positions: Float32Array, colours: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
    this.#start(count);
    const channels = this.#alpha ? 4 : 3;
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 3; k++) {
        this.#float(positions[3 * i + k]!);
        this.#bytes[this.#at++] = SPACE;
      }
      for (let k = 0; k < channels; k++) {
        this.#integer(colours[4 * i + k]!);
        this.#bytes[this.#at++] = SPACE;
      }
      this.#endLine();
    }
    return this.#bytes.slice(0, this.#at);
  }

  triangles(count: number, indices: Uint32Array): Uint8Array<ArrayBuffer> {
    this.#start(count);
    for (let i = 0; i < 3 * count; i += 3) {
      this.#integer(3);
      for (let k = 0; k < 3; k++) {
        this.#bytes[this.#at++] = SPACE;
        this.#integer(indices[i + k]!);
      }
      this.#bytes[this.#at++] = SPACE;
      this.#endLine();
    }
    return this.#bytes.slice(0, this.#at);
  }

  #start(lines: number): void {
    this.#at = 0;
    if (this.#bytes.length < lines * LONGEST_LINE) this.#bytes = new Uint8Array(lines * LONGEST_LINE);
  }

  /** Turns the space after the last number into a line's end. */
  #endLine(): void {
    this.#bytes[this.#at - 1] = 10;
  }

  #integer(value: number): void {
    const length = value < 10 ? 1 : Math.floor(Math.log10(value) + 1e-9) + 1;
    this.#digits(value, length);
  }

  #float(value: number): void {
    let size = Math.abs(value);
    if (size === 0) {
      this.#integer(0);
      return;
    }
    const exponent = Math.floor(Math.log10(size));
    if (exponent < -7 || exponent >= SIGNIFICANT_DIGITS - 1) {
      this.#text(String(Number(value.toPrecision(SIGNIFICANT_DIGITS))));
      return;
    }
    if (value < 0) this.#bytes[this.#at++] = 45;
    let decimals = SIGNIFICANT_DIGITS - 1 - exponent;
    size = Math.round(size * 10 ** decimals);
    while (decimals > 0 && size % 10 === 0) {
      size /= 10;
      decimals--;
    }
    const scale = 10 ** decimals;
    const whole = Math.floor(size / scale);
    this.#integer(whole);
    if (decimals === 0) return;
    this.#bytes[this.#at++] = 46;
    this.#digits(size - whole * scale, decimals);
  }

  /** Writes `length` digits of a whole number, zeros in front. */
  #digits(value: number, length: number): void {
    let rest = value;
    for (let i = this.#at + length - 1; i >= this.#at; i--) {
      const tenth = Math.floor(rest / 10);
      this.#bytes[i] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.#at += length;
  }

  #text(text: string): void {
    for (let i = 0; i < text.length; i++) this.#bytes[this.#at++] = text.charCodeAt(i);
  }
}
