/**
 * Rearranges samples so that a general compressor finds little left: differences from the sample before, the bytes of one weight
 * side by side. Nothing is lost.
 */

/** The bits of floats or whole numbers that come in rows of `stride`: each column on its own, as differences between its rows. */
export function filterWords(words: Uint32Array, stride: number): Uint8Array {
  const count = words.length;
  const bytes = new Uint8Array(count * 4);
  let to = 0;
  for (let column = 0; column < stride; column++) {
    let before = 0;
    for (let i = column; i < count; i += stride, to++) {
      const difference = (words[i]! - before) | 0;
      before = words[i]!;
      // Small differences of either sign are small numbers.
      const folded = (difference << 1) ^ (difference >> 31);
      bytes[to] = folded;
      bytes[to + count] = folded >>> 8;
      bytes[to + 2 * count] = folded >>> 16;
      bytes[to + 3 * count] = folded >>> 24;
    }
  }
  return bytes;
}

export function unfilterWords(bytes: Uint8Array, stride: number): Uint32Array<ArrayBuffer> {
  const count = bytes.length >> 2;
  const words = new Uint32Array(count);
  let from = 0;
  for (let column = 0; column < stride; column++) {
    let value = 0;
    for (let i = column; i < count; i += stride, from++) {
      const folded = bytes[from]! | (bytes[from + count]! << 8) | (bytes[from + 2 * count]! << 16) | (bytes[from + 3 * count]! << 24);
      value = (value + ((folded >>> 1) ^ -(folded & 1))) | 0;
      words[i] = value;
    }
  }
  return words;
}

/** Colours, three bytes each: green as it is, red and blue as what they differ from green, each as the difference from the pixel before. */
export function filterColours(rgb: Uint8Array): Uint8Array {
  const count = rgb.length / 3;
  const bytes = new Uint8Array(rgb.length);
  let [red, green, blue] = [0, 0, 0];
  for (let i = 0, from = 0; i < count; i++, from += 3) {
    const g = rgb[from + 1]!;
    const r = rgb[from]! - g;
    const b = rgb[from + 2]! - g;
    bytes[i] = g - green;
    bytes[i + count] = r - red;
    bytes[i + 2 * count] = b - blue;
    [red, green, blue] = [r, g, b];
  }
  return bytes;
}

export function unfilterColours(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const count = bytes.length / 3;
  const rgb = new Uint8Array(bytes.length);
  let [red, green, blue] = [0, 0, 0];
  for (let i = 0, to = 0; i < count; i++, to += 3) {
    green += bytes[i]!;
    red += bytes[i + count]!;
    blue += bytes[i + 2 * count]!;
    rgb[to] = red + green;
    rgb[to + 1] = green;
    rgb[to + 2] = blue + green;
  }
  return rgb;
}
