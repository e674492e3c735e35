/**
 * What stands before 32-bit numbers, little-endian, in a file of them.
 * `npy`: version 1.0, rows from the top; format: NumPy enhancement proposal 1. `pfm`: grey, rows from below. `tiff`: grey, one strip, rows
 * from the top; format: TIFF 6.0.
 */
export function numbersHeader(format: 'npy' | 'pfm' | 'tiff', width: number, height: number): Uint8Array<ArrayBuffer> {
  if (format === 'pfm') return new TextEncoder().encode(`Pf\n${width} ${height}\n-1.0\n`);
  if (format === 'tiff') return tiffHeader(width, height);
  const before = 10;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${height}, ${width}), }`;
  const length = Math.ceil((before + text.length + 1) / 64) * 64 - before;
  const header = new TextEncoder().encode(`?NUMPY\x01\x00\x00\x00${text.padEnd(length - 1)}\n`);
  // The first byte is no letter of UTF-8.
  header[0] = 0x93;
  header[8] = length & 255;
  header[9] = length >> 8;
  return header;
}

/** Types of a tag's value. */
const TEXT = 2;
const SHORT = 3;
const LONG = 4;

function tiffHeader(width: number, height: number): Uint8Array<ArrayBuffer> {
  const software = 'Made by Unflat\0';
  const count = 11;
  const textAt = 8 + 2 + 12 * count + 4;
  const pixelsAt = 4 * Math.ceil((textAt + software.length) / 4);
  const tags: readonly [id: number, type: number, value: number][] = [
    [256, LONG, width],
    [257, LONG, height],
    // Bits of a sample; no compression; 0 is black; one sample a pixel, all rows in one strip; the samples are floating-point numbers.
    [258, SHORT, 32],
    [259, SHORT, 1],
    [262, SHORT, 1],
    [273, LONG, pixelsAt],
    [277, SHORT, 1],
    [278, LONG, height],
    [279, LONG, 4 * width * height],
    [305, TEXT, textAt],
    [339, SHORT, 3],
  ];
  const view = new DataView(new ArrayBuffer(pixelsAt));
  // “II*”, little-endian, and where the tags stand.
  view.setUint32(0, 0x002a_4949, true);
  view.setUint32(4, 8, true);
  view.setUint16(8, count, true);
  tags.forEach(([id, type, value], n) => {
    const at = 10 + 12 * n;
    view.setUint16(at, id, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, type === TEXT ? software.length : 1, true);
    view.setUint32(at + 8, value, true);
  });
  const header = new Uint8Array(view.buffer);
  header.set(new TextEncoder().encode(software), textAt);
  return header;
}
