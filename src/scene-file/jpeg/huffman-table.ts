/** A Huffman table as a JPEG's DHT segment has it, and the code of each symbol. */
export interface HuffmanTable {
  /** How many codes there are of 1…16 bits. */
  counts: Uint8Array;
  /** The symbols in the order of their codes. */
  symbols: Uint8Array;
  /** Code and its length in bits, by symbol. */
  code: Uint16Array;
  length: Uint8Array;
}

const LONGEST = 16;

/** The best table for symbols of these frequencies (256 of them): JPEG, ITU-T T.81, annex K.2. */
export function huffmanTable(frequencies: Uint32Array): HuffmanTable {
  // One more symbol takes the code of all ones, which JPEG forbids.
  const frequency = Float64Array.from({ length: 257 }, (_, i) => (i < 256 ? frequencies[i]! : 1));
  const size = new Uint8Array(257);
  const next = new Int16Array(257).fill(-1);
  for (;;) {
    let [a, b] = [-1, -1];
    for (let i = 0; i < 257; i++) {
      if (frequency[i] === 0) continue;
      if (a < 0 || frequency[i]! <= frequency[a]!) [a, b] = [i, a];
      else if (b < 0 || frequency[i]! <= frequency[b]!) b = i;
    }
    if (b < 0) break;
    frequency[a]! += frequency[b]!;
    frequency[b] = 0;
    let last = a;
    for (size[a]!++; next[last]! >= 0; size[last]!++) last = next[last]!;
    next[last] = b;
    for (last = b, size[b]!++; next[last]! >= 0; size[last]!++) last = next[last]!;
  }
  const counts = shortened(size);
  const order = Array.from({ length: 256 }, (_, i) => i)
    .filter((i) => size[i]! > 0)
    .sort((a, b) => size[a]! - size[b]! || a - b);
  const code = new Uint16Array(256);
  const length = new Uint8Array(256);
  let [value, at] = [0, 0];
  for (let bits = 1; bits <= LONGEST; bits++, value <<= 1) {
    for (let n = 0; n < counts[bits - 1]!; n++, at++, value++) {
      code[order[at]!] = value;
      length[order[at]!] = bits;
    }
  }
  return { counts, symbols: Uint8Array.from(order), code, length };
}

/** How many codes there are of each length, none above 16 bits and without the one of all ones. */
function shortened(size: Uint8Array): Uint8Array {
  const bits = new Uint16Array(258);
  for (const n of size) if (n > 0) bits[n]!++;
  for (let i = 257; i > LONGEST; i--) {
    while (bits[i]! > 0) {
      let j = i - 2;
      while (bits[j] === 0) j--;
      bits[i]! -= 2;
      bits[i - 1]!++;
      bits[j + 1]! += 2;
      bits[j]!--;
    }
  }
  let longest = LONGEST;
  while (bits[longest] === 0) longest--;
  bits[longest]!--;
  return Uint8Array.from(bits.subarray(1, LONGEST + 1));
}
