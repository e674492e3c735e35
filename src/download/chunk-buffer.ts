/** Makes chunks of one size of pieces of any size. */
export class ChunkBuffer {
  readonly #size: number;
  #chunk: Uint8Array<ArrayBuffer>;
  #filled = 0;

  constructor(size: number) {
    this.#size = size;
    this.#chunk = new Uint8Array(size);
  }

  /** @returns the chunks that are full now; each is a buffer of its own. */
  *add(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + this.#size - this.#filled);
      this.#chunk.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === this.#size) yield this.rest();
    }
  }

  /** What is left over, and starts afresh. */
  rest(): Uint8Array<ArrayBuffer> {
    const full = this.#chunk.subarray(0, this.#filled);
    if (this.#filled > 0) this.#chunk = new Uint8Array(this.#size);
    this.#filled = 0;
    return full;
  }
}
