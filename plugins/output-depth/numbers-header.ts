/**
 * What stands before 32-bit numbers, little-endian, in a file of them.
 * `npy`: version 1.0, rows from the top; format: NumPy enhancement proposal 1. `pfm`: grey, rows from below.
 */
export function numbersHeader(format: 'npy' | 'pfm', width: number, height: number): Uint8Array<ArrayBuffer> {
  if (format === 'pfm') return new TextEncoder().encode(`Pf\n${width} ${height}\n-1.0\n`);
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
