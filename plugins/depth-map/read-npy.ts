import type { Passes } from 'unflat/plugin';
import { viewOf } from './bytes.ts';
import { halfToNumber } from './half-to-number.ts';
import { inBands } from './in-bands.ts';
import { readNpyHeader, type NpyHeader } from './npy-header.ts';
import { luma } from './luma.ts';
import { badDepth, checkSize, type RawDepth } from './raw-depth.ts';

type Reader = (offset: number) => number;

function readerFor(header: NpyHeader, view: DataView): Reader {
  const le = header.littleEndian;
  // 64-bit integers lose their last bits here, as they would in Float32 anyway.
  const wide = (offset: number, signed: boolean): number => {
    const high = offset + (le ? 4 : 0);
    return (signed ? view.getInt32(high, le) : view.getUint32(high, le)) * 2 ** 32 + view.getUint32(offset + (le ? 0 : 4), le);
  };
  switch (`${header.type}${header.itemSize}`) {
    case 'f2':
      return (o) => halfToNumber(view.getUint16(o, le));
    case 'f4':
      return (o) => view.getFloat32(o, le);
    case 'f8':
      return (o) => view.getFloat64(o, le);
    case 'i1':
      return (o) => view.getInt8(o);
    case 'i2':
      return (o) => view.getInt16(o, le);
    case 'i4':
      return (o) => view.getInt32(o, le);
    case 'i8':
      return (o) => wide(o, true);
    case 'u2':
      return (o) => view.getUint16(o, le);
    case 'u4':
      return (o) => view.getUint32(o, le);
    case 'u8':
      return (o) => wide(o, false);
    default:
      return (o) => view.getUint8(o);
  }
}

function fullScaleOf(header: NpyHeader): number {
  if (header.type === 'f' || header.type === 'b') return 1;
  return 2 ** (header.itemSize * 8 - (header.type === 'i' ? 1 : 0)) - 1;
}

/** Takes axes of length 1 away until height and width (and colours) are left. */
export function mapShape(shape: readonly number[]): { height: number; width: number; channels: number } | undefined {
  const left = [...shape];
  while (left.length > 2 && left[0] === 1) left.shift();
  while (left.length > 2 && left.at(-1) === 1) left.pop();
  const [height = 0, width = 0, channels = 1] = left;
  if (left.length === 2) return { height, width, channels: 1 };
  return left.length === 3 && (channels === 3 || channels === 4) ? { height, width, channels } : undefined;
}

/**
 * Reads an NPY array of shape (h, w), (1, h, w), (h, w, 1) or (h, w, 3 or 4), any plain numeric type,
 * either byte order, C or Fortran order. Colours become luma. Bytes after the array are ignored.
 * @throws UnflatError `bad-depth`; sizes are checked against the file before memory is taken.
 */
export function* readNpy(bytes: Uint8Array, what: string): Passes<RawDepth> {
  const header = readNpyHeader(bytes, what);
  const shape = mapShape(header.shape);
  if (!shape) {
    throw badDepth(what, `the NPY array has shape (${header.shape.join(', ')}); a depth map is (height, width).`, 'Save one map in it.');
  }
  const { width, height, channels } = shape;
  checkSize(what, width, height);
  const needed = width * height * channels * header.itemSize;
  const given = bytes.length - header.dataOffset;
  if (needed > given) {
    throw badDepth(
      what,
      `its header claims ${width} × ${height} numbers (${needed} bytes), but ${given} bytes follow.`,
      'The file is cut off or damaged: copy or save it again.',
    );
  }
  const read = readerFor(header, viewOf(bytes));
  const at = (index: number): number => read(header.dataOffset + index * header.itemSize);
  const [rowStep, columnStep, colourStep] = header.fortranOrder ? [1, height, height * width] : [width * channels, channels, 1];

  const values = new Float32Array(width * height);
  yield* inBands(height, width, (from, to) => {
    for (let y = from, i = from * width; y < to; y++) {
      for (let x = 0; x < width; x++, i++) {
        const first = y * rowStep + x * columnStep;
        values[i] = channels === 1 ? at(first) : luma(at(first), at(first + colourStep), at(first + 2 * colourStep));
      }
    }
  });
  const bytesOnly = header.itemSize === 1;
  return {
    width,
    height,
    values,
    what,
    fullScale: fullScaleOf(header),
    meaning: 'guess',
    // Single bytes in an array are a picture's levels; wider numbers may well be distances.
    kind: bytesOnly ? 'picture' : 'array',
    step: header.type === 'f' ? 0 : 1,
  };
}
