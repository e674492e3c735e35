import { SRGB_FROM_XYZ, multiply, type Matrix } from './transfer.ts';

/** A colour profile made of curves and a matrix, as cameras and displays have. */
export interface IccProfile {
  /** Linear light of the 256 levels of red, green and blue. */
  curves: [Float32Array, Float32Array, Float32Array];
  /** Linear light to linear sRGB; absent where the profile is of greys. */
  matrix?: Matrix;
}

/** More tags than any profile has; a lying count ends here. */
const MOST_TAGS = 200;

/**
 * Reads an ICC profile (ICC.1). Profiles of tables (A2B) and of other spaces than RGB and grey are not understood.
 * @returns undefined for those, and for damaged ones.
 */
export function readIcc(bytes: Uint8Array): IccProfile | undefined {
  if (bytes.length < 132) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const space = letters(view, 16);
  if (letters(view, 20) !== 'XYZ ') return undefined;
  const tags = new Map<string, { at: number; end: number }>();
  const count = Math.min(view.getUint32(128), MOST_TAGS);
  for (let i = 0; i < count && 144 + 12 * i <= bytes.length; i++) {
    const [at, size] = [view.getUint32(136 + 12 * i), view.getUint32(140 + 12 * i)];
    if (size >= 12 && at + size <= bytes.length) tags.set(letters(view, 132 + 12 * i), { at, end: at + size });
  }
  if (space === 'GRAY') {
    const grey = readCurve(view, tags.get('kTRC'));
    return grey && { curves: [grey, grey, grey] };
  }
  if (space !== 'RGB ') return undefined;
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((tag) => readCurve(view, tags.get(tag)));
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((tag) => readXyz(view, tags.get(tag)));
  const [[red, green, blue], [x, y, z]] = [curves, columns];
  if (!red || !green || !blue || !x || !y || !z) return undefined;
  const toXyz: Matrix = [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
  return { curves: [red, green, blue], matrix: multiply(SRGB_FROM_XYZ, toXyz) };
}

interface Tag {
  at: number;
  end: number;
}

function letters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function fixed(view: DataView, at: number): number {
  return view.getInt32(at) / 65_536;
}

function readXyz(view: DataView, tag: Tag | undefined): [number, number, number] | undefined {
  if (!tag || tag.end - tag.at < 20 || letters(view, tag.at) !== 'XYZ ') return undefined;
  return [fixed(view, tag.at + 8), fixed(view, tag.at + 12), fixed(view, tag.at + 16)];
}

/** The light of each of 256 levels. */
function readCurve(view: DataView, tag: Tag | undefined): Float32Array | undefined {
  const light = tag && lightOf(view, tag);
  if (!light) return undefined;
  const curve = Float32Array.from({ length: 256 }, (_, i) => light(i / 255));
  return curve.every(Number.isFinite) ? curve : undefined;
}

function lightOf(view: DataView, { at, end }: Tag): ((value: number) => number) | undefined {
  const type = letters(view, at);
  if (type === 'curv') {
    const count = view.getUint32(at + 8);
    if (count === 0) return (value) => value;
    if (at + 12 + 2 * count > end) return undefined;
    if (count === 1) {
      const gamma = view.getUint16(at + 12) / 256;
      return (value) => value ** gamma;
    }
    return (value) => {
      const place = value * (count - 1);
      const below = Math.min(count - 2, Math.floor(place));
      const [low, high] = [view.getUint16(at + 12 + 2 * below), view.getUint16(at + 14 + 2 * below)];
      return (low + (high - low) * (place - below)) / 65_535;
    };
  }
  if (type !== 'para') return undefined;
  const kind = view.getUint16(at + 8);
  const length = [1, 3, 4, 5, 7][kind];
  if (length === undefined || at + 12 + 4 * length > end) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length }, (_, i) => fixed(view, at + 12 + 4 * i));
  if (kind === 0) return (value) => value ** g;
  // Types 1 and 2 are flat below −b/a, types 3 and 4 straight below d.
  if (kind <= 2) return (value) => (value >= -b / a ? (a * value + b) ** g : 0) + c;
  return (value) => (value >= d ? (a * value + b) ** g + e : c * value + f);
}
