/** Typed arrays behind one another behind a JSON header: `u32 header length, header, sections`, each section on a multiple of 8. */

export type Section = Uint8Array | Float32Array | Float64Array | Uint32Array;

const align = (n: number): number => (n + 7) & ~7;

export class SectionWriter {
  readonly #sections: Section[] = [];

  /** @returns the section's number, to be put into the header. */
  add(section: Section): number {
    return this.#sections.push(section) - 1;
  }

  finish(header: unknown): Uint8Array<ArrayBuffer> {
    const lengths = this.#sections.map((section) => section.byteLength);
    const text = new TextEncoder().encode(JSON.stringify({ header, lengths }));
    const size = lengths.reduce((sum, length) => sum + align(length), align(4 + text.byteLength));
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(0, text.byteLength, true);
    bytes.set(text, 4);
    let at = align(4 + text.byteLength);
    for (const { buffer, byteOffset, byteLength } of this.#sections) {
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      at += align(byteLength);
    }
    return bytes;
  }
}

/** Reads what SectionWriter wrote. @throws RangeError or SyntaxError for anything else. */
export class SectionReader {
  readonly header: unknown;
  readonly #bytes: Uint8Array;
  readonly #places: { at: number; length: number }[] = [];

  constructor(bytes: Uint8Array) {
    // Sections lie on multiples of 8 from the record's start.
    this.#bytes = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const textLength = view.getUint32(0, true);
    if (4 + textLength > bytes.byteLength) throw new RangeError('The record is cut off.');
    const { header, lengths } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + textLength))) as { header: unknown; lengths: number[] };
    this.header = header;
    let at = align(4 + textLength);
    for (const length of lengths) {
      if (at + length > bytes.byteLength) throw new RangeError('The record is cut off.');
      this.#places.push({ at, length });
      at += align(length);
    }
  }

  /** These are views into the record: copy what is to live longer or to be handed over. */
  u8(section: number): Uint8Array {
    const place = this.#places[section];
    if (!place) throw new RangeError(`The record has no section ${section}.`);
    return this.#bytes.subarray(place.at, place.at + place.length);
  }

  f32(section: number): Float32Array {
    const bytes = this.u8(section);
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }

  f64(section: number): Float64Array {
    const bytes = this.u8(section);
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  }

  u32(section: number): Uint32Array {
    const bytes = this.u8(section);
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }
}
