/** Bits of what an animated WebP says of itself: it has several frames. */
const ANIMATED = 0x02;
/** A frame takes the place of the one before, without mixing. */
const NO_BLEND = 0x02;
/** Kinds of chunks that hold the coded picture of a still. */
const PICTURES = new Set(['VP8 ', 'VP8L', 'ALPH']);

/**
 * Puts pictures that the browser coded as WebP into one file that plays for ever. Format: WebP container specification, chunks VP8X, ANIM
 * and ANMF. A reader skips the last chunk, which says who wrote the file.
 */
export class WebpWriter {
  readonly #width: number;
  readonly #height: number;
  readonly #frames: Uint8Array<ArrayBuffer>[] = [];

  /** Size of all pictures in pixels, 1..16384. */
  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /** @param still a whole WebP file. @param ms how long it is shown. @throws TypeError where it is none. */
  add(still: Uint8Array, ms: number): void {
    const head = new Uint8Array(16);
    writeNumbers(head, 6, [this.#width - 1, this.#height - 1, ms]);
    head[15] = NO_BLEND;
    this.#frames.push(chunk('ANMF', head, ...picturesOf(still)));
  }

  finish(): Blob {
    // Background colour and number of plays: 0 is for ever.
    const animation = new Uint8Array(6);
    return fileOf(this.#width, this.#height, ANIMATED, [chunk('ANIM', animation), ...this.#frames]);
  }
}

/** A picture that the browser coded as WebP, without transparency, with what says who wrote it. @throws TypeError where it is none. */
export function withWebpMark(still: Uint8Array, width: number, height: number): Blob {
  return fileOf(width, height, 0, picturesOf(still));
}

function fileOf(width: number, height: number, flags: number, chunks: readonly Uint8Array[]): Blob {
  const header = new Uint8Array(10);
  header[0] = flags;
  writeNumbers(header, 4, [width - 1, height - 1]);
  const file = chunk('RIFF', ascii('WEBP'), chunk('VP8X', header), ...chunks, chunk('UNFL', ascii('Made by Unflat')));
  return new Blob([file], { type: 'image/webp' });
}

function picturesOf(webp: Uint8Array): Uint8Array[] {
  const view = new DataView(webp.buffer, webp.byteOffset, webp.byteLength);
  const name = (at: number): string => String.fromCharCode(...webp.subarray(at, at + 4));
  const found: Uint8Array[] = [];
  for (let at = 12; at + 8 <= webp.length;) {
    const end = at + 8 + padded(view.getUint32(at + 4, true));
    if (PICTURES.has(name(at))) found.push(webp.subarray(at, end));
    at = end;
  }
  if (name(0) !== 'RIFF' || !found.length) throw new TypeError('a frame is no WebP picture');
  return found;
}

function chunk(name: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(8 + padded(length));
  bytes.set(ascii(name));
  new DataView(bytes.buffer).setUint32(4, length, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Chunks begin at even places. */
const padded = (length: number): number => length + (length % 2);

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Numbers of 24 bits, little-endian. */
function writeNumbers(bytes: Uint8Array, at: number, values: readonly number[]): void {
  values.forEach((value, i) => bytes.set([value & 255, (value >> 8) & 255, value >> 16], at + 3 * i));
}
