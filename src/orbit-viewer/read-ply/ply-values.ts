import { Fault } from '../fault.ts';
import { TYPE_BYTES, type PlyElement, type PlyHeader, type PlyType } from './ply-header.ts';

/** Takes the values of a PLY file one after the other. */
export interface PlyValues {
  next(type: PlyType): number;
  /** @throws Fault where what is left cannot hold all of an element. */
  expect(element: PlyElement): void;
}

export function plyValues(bytes: Uint8Array, { format, length }: PlyHeader): PlyValues {
  return format === 'ascii' ? new AsciiValues(bytes, length) : new BinaryValues(bytes, length, format === 'binary_little_endian');
}

/** An element whose values cannot all be in the file: it was cut off, or its header lies. */
function checkRoom({ name, count, properties }: PlyElement, leftBytes: number, bytesOf: (type: PlyType) => number): void {
  const least = properties.reduce((sum, { type, countType }) => sum + bytesOf(countType ?? type), 0);
  if (count * least <= leftBytes) return;
  const held = least ? Math.floor(leftBytes / least) : 0;
  throw new Fault(`it is cut off: it announces ${count} of “${name.slice(0, 40)}”, and holds at most ${held}`);
}

class BinaryValues implements PlyValues {
  readonly #view: DataView;
  readonly #isLittle: boolean;
  #at: number;

  constructor(bytes: Uint8Array, at: number, isLittle: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isLittle = isLittle;
    this.#at = at;
  }

  expect(element: PlyElement): void {
    checkRoom(element, this.#view.byteLength - this.#at, (type) => TYPE_BYTES[type]);
  }

  next(type: PlyType): number {
    const at = this.#at;
    const view = this.#view;
    this.#at += TYPE_BYTES[type];
    if (this.#at > view.byteLength) throw new Fault('it is cut off');
    switch (type) {
      case 'float32':
        return view.getFloat32(at, this.#isLittle);
      case 'uint8':
        return view.getUint8(at);
      case 'int32':
        return view.getInt32(at, this.#isLittle);
      case 'uint32':
        return view.getUint32(at, this.#isLittle);
      case 'float64':
        return view.getFloat64(at, this.#isLittle);
      case 'uint16':
        return view.getUint16(at, this.#isLittle);
      case 'int16':
        return view.getInt16(at, this.#isLittle);
      default:
        return view.getInt8(at);
    }
  }
}

const SPACE = 0x20;
const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;
/** Digits that a double holds exactly. */
const EXACT = 15;

class AsciiValues implements PlyValues {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  expect(element: PlyElement): void {
    // A digit and a space each; nothing need follow the last.
    checkRoom(element, this.#bytes.length - this.#at + 1, () => 2);
  }

  next(): number {
    const bytes = this.#bytes;
    const end = bytes.length;
    let at = this.#at;
    while (at < end && bytes[at]! <= SPACE) at++;
    if (at >= end) throw new Fault('it is cut off');
    const start = at;
    let isNegative = false;
    if (bytes[at] === MINUS || bytes[at] === PLUS) isNegative = bytes[at++] === MINUS;
    let value = 0;
    let digits = 0;
    let decimals = 0;
    let isAfterPoint = false;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === POINT && !isAfterPoint) isAfterPoint = true;
      else if (byte >= ZERO && byte <= ZERO + 9) {
        value = value * 10 + byte - ZERO;
        digits++;
        if (isAfterPoint) decimals++;
      } else break;
    }
    const isPlain = digits > 0 && digits <= EXACT && (at >= end || bytes[at]! <= SPACE);
    if (isPlain) {
      this.#at = at;
      if (decimals) value /= 10 ** decimals;
      return isNegative ? -value : value;
    }
    while (at < end && bytes[at]! > SPACE) at++;
    this.#at = at;
    const word = String.fromCharCode(...bytes.subarray(start, Math.min(at, start + 64)));
    const number = /^[-+]?(nan|inf|infinity)/i.test(word) ? NaN : Number(word);
    if (Number.isNaN(number) && !/^[-+]?(nan|inf)/i.test(word)) throw new Fault(`“${word.slice(0, 20)}” stands where a number should`);
    return number;
  }
}
