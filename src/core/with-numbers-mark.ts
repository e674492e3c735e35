/**
 * What says inside an NPY or PFM file that Unflat wrote it. Neither format has a place for a name, and programs refuse or misread bytes that
 * do not belong there, so the mark is in how the header is written; whatever saves the numbers anew writes a header of its own. An NPY header
 * may be padded with any number of spaces, and theirs is a checksum. A PFM's scale has more zeros than others write, and no more
 * characters than the ten that Pillow reads.
 */
import { crc32 } from './crc32.ts';
import { latin1Bytes, latin1Text } from './latin1-bytes.ts';

/** NPY headers are this long at least, in bytes; other programs' have 80 or 128. */
const NPY_LEAST = 1024;
/** Headers end at a multiple of this. */
const NPY_STEP = 64;
/** So many different lengths; NumPy reads headers of up to 10,000 bytes. */
const NPY_LENGTHS = 128;
const NPY_TEXT_AT = 10;
const PFM = /^(P[fF]\n(\d+) (\d+)\n-1\.0)(0*)\n/;
const PFM_ZEROS = '000000';

/** Puts the mark into a file. @param file a whole NPY file of version 1, or a whole little-endian PFM with scale 1; others are returned as they are. */
export function withNumbersMark(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const npy = npyPartsOf(file);
  const pfm = pfmPartsOf(file);
  if (npy) {
    const length = npyLengthFor(npy.numbers);
    const text = npy.text.trimEnd().padEnd(length - NPY_TEXT_AT - 1);
    const head = latin1Bytes(`${latin1Text(file.subarray(0, NPY_TEXT_AT))}${text}\n`);
    new DataView(head.buffer).setUint16(8, length - NPY_TEXT_AT, true);
    return joined(head, npy.numbers);
  }
  if (pfm) return joined(latin1Bytes(`${pfm.text}${PFM_ZEROS}\n`), pfm.numbers);
  return file;
}

/** Whether Unflat wrote an NPY or PFM file, and nothing has been saved over it. */
export function hasNumbersMark(file: Uint8Array): boolean {
  const npy = npyPartsOf(file);
  if (npy) return file.length - npy.numbers.length === npyLengthFor(npy.numbers);
  const pfm = pfmPartsOf(file);
  return pfm !== undefined && pfm.zeros === PFM_ZEROS && pfm.numbers.length === 4 * pfm.samples;
}

function npyLengthFor(numbers: Uint8Array): number {
  return NPY_LEAST + NPY_STEP * (crc32(numbers) % NPY_LENGTHS);
}

function npyPartsOf(file: Uint8Array): { text: string; numbers: Uint8Array } | undefined {
  if (latin1Text(file.subarray(0, 8)) !== '\x93NUMPY\x01\0') return undefined;
  const end = NPY_TEXT_AT + (file[8] ?? 0) + 256 * (file[9] ?? 0);
  return end > file.length ? undefined : { text: latin1Text(file.subarray(NPY_TEXT_AT, end)), numbers: file.subarray(end) };
}

function pfmPartsOf(file: Uint8Array): { text: string; zeros: string; samples: number; numbers: Uint8Array } | undefined {
  const [whole, text, width, height, zeros] = PFM.exec(latin1Text(file.subarray(0, 128))) ?? [];
  return whole === undefined
    ? undefined
    : { text: text!, zeros: zeros!, samples: Number(width) * Number(height), numbers: file.subarray(whole.length) };
}

function joined(head: Uint8Array, rest: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(head.length + rest.length);
  out.set(head);
  out.set(rest, head.length);
  return out;
}
