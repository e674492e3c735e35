/** Most corners that a quad adds. */
const CORNERS = 4;
/** Steps to a place, at most: far more than chance asks for, as the slots are half full and the hash is salted. */
const MOST_STEPS = 4096;

/** The last two different levels at each place where quads met: neighbours agree there, so most corners need not be told. */
export class CornerMemory {
  readonly #mask: number;
  /** Another one each time, so that no file can have places that all fall on one slot. What is found does not depend on it. */
  readonly #salt = Math.floor(Math.random() * 2 ** 32);
  readonly #x: Int32Array;
  readonly #y: Int32Array;
  readonly #newer: Int32Array;
  readonly #older: Int32Array;
  /** How many levels a slot has, 0..2. */
  readonly #count: Uint8Array;

  /** @param quads how many will be kept, at most. */
  constructor(quads: number) {
    // At most half full, so that a place is found in a few steps.
    const size = 2 ** Math.ceil(Math.log2(2 * CORNERS * quads + 2));
    this.#mask = size - 1;
    this.#x = new Int32Array(size);
    this.#y = new Int32Array(size);
    this.#newer = new Int32Array(size);
    this.#older = new Int32Array(size);
    this.#count = new Uint8Array(size);
  }

  /** The level kept at (x, y) that is nearest to the expected one; the expected one where there is none. */
  near(x: number, y: number, expected: number): number {
    const slot = this.#slot(x, y);
    const count = this.#count[slot]!;
    if (count === 0) return expected;
    const newer = this.#newer[slot]!;
    const older = this.#older[slot]!;
    return count === 2 && Math.abs(older - expected) < Math.abs(newer - expected) ? older : newer;
  }

  keep(x: number, y: number, level: number): void {
    const slot = this.#slot(x, y);
    if (this.#count[slot] === 0) {
      this.#x[slot] = x;
      this.#y[slot] = y;
    } else if (this.#newer[slot] === level) return;
    else this.#older[slot] = this.#newer[slot]!;
    this.#newer[slot] = level;
    if (this.#count[slot]! < 2) this.#count[slot]!++;
  }

  #slot(x: number, y: number): number {
    let slot = mixed(mixed(x ^ this.#salt) ^ y) & this.#mask;
    for (let step = 0; this.#count[slot]! > 0 && (this.#x[slot] !== x || this.#y[slot] !== y); step++) {
      if (step === MOST_STEPS) throw new RangeError('too many places fall together');
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }
}

/** Every bit of the number goes into every bit of the result (the end of MurmurHash3). */
function mixed(number: number): number {
  let h = Math.imul(number ^ (number >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}
