import { filterColours, filterWords, unfilterColours, unfilterWords } from './filter-words.ts';

/**
 * Typed arrays behind one another behind a JSON header: `u32 header length, header, sections`, each section on a multiple of 8. Numbers of
 * 32 bit and colours are rearranged so that a compressor makes little of them.
 */

export type Section = Uint8Array | Float32Array | Float64Array | Uint32Array;

/** How a section is rearranged: 0 not at all, as colours, or as 32-bit numbers in rows of so many. */
type Filter = 'rgb' | number;

const align = (n: number): number => (n + 7) & ~7;

export class SectionWriter {
  readonly #sections: (Uint8Array | Float64Array)[] = [];
  readonly #filters: Filter[] = [];

  /**
   * @param shape 'rgb' for colours, three bytes each; how many numbers make a row, for those of 32 bit, default 1.
   * @returns the section's number, to be put into the header.
   */
  add(section: Section, shape?: 'rgb' | number): number {
    const isWords = section instanceof Float32Array || section instanceof Uint32Array;
    const filter = isWords ? Number(shape ?? 1) : shape === 'rgb' ? 'rgb' : 0;
    this.#filters.push(filter);
    if (isWords)
      return this.#sections.push(filterWords(new Uint32Array(section.buffer, section.byteOffset, section.length), Number(filter))) - 1;
    return this.#sections.push(filter === 'rgb' ? filterColours(section as Uint8Array) : section) - 1;
  }

  finish(header: unknown): Uint8Array<ArrayBuffer> {
    const lengths = this.#sections.map((section) => section.byteLength);
    const text = new TextEncoder().encode(JSON.stringify({ header, lengths, filters: this.#filters }));
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
  readonly #places: { at: number; length: number; filter: Filter }[] = [];

  constructor(bytes: Uint8Array) {
    // Sections lie on multiples of 8 from the record's start.
    this.#bytes = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const textLength = view.getUint32(0, true);
    if (4 + textLength > bytes.byteLength) throw new RangeError('The record is cut off.');
    const { header, lengths, filters } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + textLength))) as {
      header: unknown;
      lengths: number[];
      filters: Filter[];
    };
    this.header = header;
    let at = align(4 + textLength);
    for (const [index, length] of lengths.entries()) {
      if (at + length > bytes.byteLength) throw new RangeError('The record is cut off.');
      this.#places.push({ at, length, filter: filters[index] ?? 0 });
      at += align(length);
    }
  }

  /** A view into the record, unless the section was rearranged: copy what is to live longer or to be handed over. */
  u8(section: number): Uint8Array {
    const { bytes, filter } = this.#section(section);
    return filter === 'rgb' ? unfilterColours(bytes) : bytes;
  }

  f32(section: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.u32(section).buffer);
  }

  f64(section: number): Float64Array {
    const { bytes } = this.#section(section);
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  }

  u32(section: number): Uint32Array<ArrayBuffer> {
    const { bytes, filter } = this.#section(section);
    if (typeof filter !== 'number' || filter < 1 || bytes.length % (4 * filter))
      throw new RangeError(`Section ${section} of the record holds no such numbers.`);
    return unfilterWords(bytes, filter);
  }

  #section(section: number): { bytes: Uint8Array; filter: Filter } {
    const place = this.#places[section];
    if (!place) throw new RangeError(`The record has no section ${section}.`);
    return { bytes: this.#bytes.subarray(place.at, place.at + place.length), filter: place.filter };
  }
}
