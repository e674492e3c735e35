/** Collects bytes one by one. */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 16);
  length = 0;

  put(value: number): void {
    if (this.length === this.#bytes.length) this.#grow(2 * this.length);
    this.#bytes[this.length++] = value;
  }

  /** A number below 2²⁴ and above −2²⁴ / 2 in three bytes apart from each other: the lowest bytes of a list first, then the middle ones, then the highest. */
  putNumbers(numbers: Int32Array): void {
    const { length } = numbers;
    if (this.length + 3 * length > this.#bytes.length) this.#grow(2 * (this.length + 3 * length));
    const at = this.length;
    for (let i = 0; i < length; i++) {
      const folded = (numbers[i]! << 1) ^ (numbers[i]! >> 31);
      this.#bytes[at + i] = folded;
      this.#bytes[at + length + i] = folded >> 8;
      this.#bytes[at + 2 * length + i] = folded >> 16;
    }
    this.length += 3 * length;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }

  #grow(capacity: number): void {
    const bytes = new Uint8Array(capacity);
    bytes.set(this.#bytes.subarray(0, this.length));
    this.#bytes = bytes;
  }
}

/** Takes apart what a `ByteWriter` collected. @throws RangeError at the end of the data. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(): number {
    if (this.#at >= this.#bytes.length) throw new RangeError('the data ends too early');
    return this.#bytes[this.#at++]!;
  }

  takeBytes(count: number): Uint8Array {
    if (count > this.#bytes.length - this.#at) throw new RangeError('the data ends too early');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  takeNumbers(count: number): Int32Array {
    const bytes = this.takeBytes(3 * count);
    const numbers = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const folded = bytes[i]! | (bytes[count + i]! << 8) | (bytes[2 * count + i]! << 16);
      numbers[i] = (folded >>> 1) ^ -(folded & 1);
    }
    return numbers;
  }
}
