import { hasAscii, latin1, viewOf } from './bytes.ts';
import { badDepth } from './raw-depth.ts';

/** What an NPY file says of its array. */
export interface NpyHeader {
  /** One letter: b, i, u or f. */
  type: 'b' | 'i' | 'u' | 'f';
  /** Bytes a number: 1, 2, 4 or 8. */
  itemSize: number;
  littleEndian: boolean;
  fortranOrder: boolean;
  shape: number[];
  /** Where the numbers begin in the file. */
  dataOffset: number;
}

/** Longest header that is read; NumPy itself refuses longer ones. */
const MAX_HEADER = 10_000;
const SAVE_AGAIN = 'Save it in NumPy with np.save(name, array.astype("float32")).';

/** Whether the bytes begin as an NPY file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes[0] === 0x93 && hasAscii(bytes, 1, 'NUMPY');
}

/**
 * Reads an NPY header, versions 1 to 3 (numpy.lib.format).
 * @throws UnflatError `bad-depth` for a damaged header and for arrays of objects, records, text or complex numbers.
 */
export function readNpyHeader(bytes: Uint8Array, what: string): NpyHeader {
  const damaged = (reason: string): Error => badDepth(what, `damaged NPY file: ${reason}.`, SAVE_AGAIN);
  if (bytes.length < 12) throw damaged('it ends within the header');
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) throw damaged(`unknown version ${version}`);
  const view = viewOf(bytes);
  const headerStart = version === 1 ? 10 : 12;
  const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (headerLength > MAX_HEADER || headerStart + headerLength > bytes.length) {
    throw damaged(`its header claims ${headerLength} bytes`);
  }
  const header = latin1(bytes, headerStart, headerStart + headerLength);

  if (/'descr'\s*:\s*\[/.test(header)) {
    throw badDepth(what, 'the NPY file holds records (a structured array), not plain numbers.', SAVE_AGAIN);
  }
  const descr = /'descr'\s*:\s*'([<>|=]?)([a-zA-Z])(\d*)'/.exec(header);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header);
  const shape = /'shape'\s*:\s*\(([\d\s,L]{0,200})\)/.exec(header);
  if (!descr || !order || !shape) throw damaged('its header cannot be understood');

  const [, byteOrder = '', letter = '', size = ''] = descr;
  if (letter === 'O') {
    throw badDepth(what, 'the NPY file holds pickled Python objects, which are never opened.', SAVE_AGAIN);
  }
  const type = letter === '?' ? 'b' : letter;
  const itemSize = Number(size);
  const sizes: Record<string, number[]> = { b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], f: [2, 4, 8] };
  if (!sizes[type]?.includes(itemSize)) {
    throw badDepth(what, `the NPY file holds numbers of type "${letter}${size}", which cannot be depth.`, SAVE_AGAIN);
  }
  return {
    type: type as NpyHeader['type'],
    itemSize,
    littleEndian: byteOrder !== '>',
    fortranOrder: order[1] === 'True',
    shape: (shape[1] ?? '')
      .split(',')
      .map((part) => part.replace('L', '').trim())
      .filter(Boolean)
      .map(Number),
    dataOffset: headerStart + headerLength,
  };
}
