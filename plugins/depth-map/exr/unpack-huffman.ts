import type { Passes } from 'unflat/plugin';

/** Values that are unpacked in one pass. */
const PASS_VALUES = 2 ** 16;
/** Symbols: all values of 16 bits, and one that means a run. */
const SYMBOLS = 65_537;
const LONGEST = 58;
/** Lengths from here on stand for runs of unused symbols: of 2 to 5, and of 6 and more, whose number follows in eight bits. */
const SHORT_RUN = 59;
const LONG_RUN = 63;

/** Reads bits from bytes, the most significant first; zeros after the end. */
class BitReader {
  #held = 0;
  #bits = 0;
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** @param count up to 16. */
  read(count: number): number {
    while (this.#bits < count) {
      this.#held = ((this.#held & 0xffff) << 8) | (this.#bytes[this.at++] ?? 0);
      this.#bits += 8;
    }
    this.#bits -= count;
    return (this.#held >> this.#bits) & ((1 << count) - 1);
  }
}

/** The codes of a canonical Huffman code in which longer codes are smaller numbers. */
interface Codes {
  /** By length: its smallest code, how many there are, and where their symbols begin in `symbols`. */
  first: Int32Array;
  count: Int32Array;
  start: Int32Array;
  symbols: Int32Array;
}

/**
 * Unpacks OpenEXR's Huffman code: a table of code lengths, then the codes. The last symbol repeats the value before it.
 * @param packed from its header of 20 bytes on.
 * @param out filled with 16-bit values.
 * @throws Error when the data is damaged or ends early.
 */
export function* unpackHuffman(packed: Uint8Array, out: Uint16Array): Passes<void> {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const [from, run, bits] = [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(12, true)];
  if (from >= SYMBOLS || run >= SYMBOLS || from > run) throw new Error('its table of codes is damaged');
  const table = new BitReader(packed, 20);
  const codes = orderCodes(readLengths(table, from, run, packed.length));
  const end = table.at * 8 + bits;
  if (end > packed.length * 8) throw new Error('its codes end early');

  const reader = new BitReader(packed, table.at);
  let length = 0;
  let used = 0;
  const unpack = (until: number): void => {
    while (length < until && used < bits) {
      let [code, size] = [0, 0];
      do {
        code = (code << 1) | reader.read(1);
        size++;
        // Codes of this length and shorter ones are the larger numbers: one above all of them is none.
        if (size > LONGEST || code >= codes.first[size]! + codes.count[size]!) throw new Error('it holds an unknown code');
      } while (code < codes.first[size]! || codes.count[size] === 0);
      used += size;
      const symbol = codes.symbols[codes.start[size]! + code - codes.first[size]!]!;
      if (symbol !== run) {
        out[length++] = symbol;
        continue;
      }
      used += 8;
      const again = reader.read(8);
      if (length === 0 || length + again > out.length) throw new Error('it holds a run that does not fit');
      out.fill(out[length - 1]!, length, (length += again));
    }
  };
  while (length < out.length && used < bits) {
    unpack(Math.min(out.length, length + PASS_VALUES));
    yield;
  }
  if (length < out.length) throw new Error('its codes end early');
}

/** Lengths of all symbols' codes, in six bits each; they end on a whole byte. */
function readLengths(table: BitReader, from: number, to: number, limit: number): Uint8Array {
  const lengths = new Uint8Array(SYMBOLS);
  for (let symbol = from; symbol <= to; symbol++) {
    if (table.at > limit) throw new Error('its table of codes ends early');
    const length = table.read(6);
    if (length < SHORT_RUN) lengths[symbol] = length;
    else symbol += (length === LONG_RUN ? table.read(8) + 6 : length - SHORT_RUN + 2) - 1;
  }
  return lengths;
}

function orderCodes(lengths: Uint8Array): Codes {
  const count = new Int32Array(LONGEST + 1);
  for (const length of lengths) count[length]!++;
  count[0] = 0;
  const first = new Int32Array(LONGEST + 1);
  const start = new Int32Array(LONGEST + 1);
  for (let length = LONGEST, code = 0, at = 0; length > 0; length--) {
    first[length] = code;
    start[length] = at;
    at += count[length]!;
    code = (code + count[length]!) >> 1;
  }
  const next = start.slice();
  const symbols = new Int32Array(SYMBOLS);
  lengths.forEach((length, symbol) => {
    if (length > 0) symbols[next[length]!++] = symbol;
  });
  return { first, count, start, symbols };
}
