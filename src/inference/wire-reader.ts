/** Reads protobuf's wire format from a file of any length, a window at a time. */

/** One field of a message. */
export interface Field {
  number: number;
  /** 0 = number, 2 = bytes; others are skipped. */
  wire: number;
  /** The number of wire type 0. */
  value: number;
  /** Where the bytes of wire type 2 lie. */
  start: number;
  end: number;
}

/** The file is not what it should be: cut off, or something else altogether. */
export class ProtobufError extends Error {}

const WINDOW = 65536;
/** More fields than any model has; ends the walk through hostile files. */
const MOST_FIELDS = 4_000_000;
const LONGEST_TEXT = 4096;

export class WireReader {
  readonly size: number;
  readonly #blob: Blob;
  #window = new Uint8Array();
  #from = 0;
  #fields = 0;

  constructor(blob: Blob) {
    this.#blob = blob;
    this.size = blob.size;
  }

  /** The bytes from `at` on: at least `length` of them, or what the file has. */
  async bytes(at: number, length: number): Promise<Uint8Array> {
    if (at < this.#from || at + length > this.#from + this.#window.length) {
      this.#window = new Uint8Array(await this.#blob.slice(at, at + Math.max(length, WINDOW)).arrayBuffer());
      this.#from = at;
    }
    return this.#window.subarray(at - this.#from);
  }

  async text({ start, end }: Field): Promise<string> {
    const length = Math.min(LONGEST_TEXT, end - start);
    return new TextDecoder().decode((await this.bytes(start, length)).subarray(0, length));
  }

  /** The fields of the message that lies there, one after another; contents are not read. */
  async *fields(start: number, end: number): AsyncGenerator<Field> {
    for (let at = start; at < end;) {
      if (++this.#fields > MOST_FIELDS) throw new ProtobufError('It has too many fields.');
      const bytes = await this.bytes(at, Math.min(20, end - at));
      const key = varint(bytes, 0);
      const wire = key.value & 7;
      const field: Field = { number: Math.floor(key.value / 8), wire, value: 0, start: at + key.length, end: at + key.length };
      if (field.number === 0) throw new ProtobufError('It has a field without a number.');
      if (wire === 0) {
        const { value, length } = varint(bytes, key.length);
        field.value = value;
        field.end += length;
      } else if (wire === 2) {
        const { value, length } = varint(bytes, key.length);
        field.start += length;
        field.end = field.start + value;
      } else if (wire === 1 || wire === 5) {
        field.end += wire === 1 ? 8 : 4;
      } else {
        throw new ProtobufError(`It has a field of the unknown kind ${wire}.`);
      }
      if (field.end > end) throw new ProtobufError('It is cut off.');
      yield field;
      at = field.end;
    }
  }
}

/** A number of up to 64 bits, as a double: large ones lose their last digits, negative ones come out large. */
function varint(bytes: Uint8Array, at: number): { value: number; length: number } {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new ProtobufError('It is cut off.');
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, length: i + 1 };
  }
  throw new ProtobufError('It has a number without an end.');
}
