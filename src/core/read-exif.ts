const ORIENTATION = 0x0112;
const EXIF_IFD = 0x8769;
const FOCAL_LENGTH_35MM = 0xa405;
const SHORT = 3;
/** More entries than any camera writes; a lying count ends here. */
const MOST_ENTRIES = 512;

/** What a photo's EXIF block says of how it is seen; absent = not said. */
export interface ExifFacts {
  /** 1..8; 1 = upright, 6 = turn 90° clockwise to see it upright. */
  orientation?: number;
  /** FocalLengthIn35mmFilm in millimetres, 5..2000. */
  focal35mm?: number;
}

/**
 * Reads orientation and focal length out of an EXIF block (TIFF 6.0 directories), or of a TIFF file.
 * What is cut off or lies is passed over.
 */
export function readExif(tiff: Uint8Array): ExifFacts {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const facts: ExifFacts = {};
  if (tiff.byteLength < 8) return facts;
  const mark = view.getUint16(0);
  if (mark !== 0x4949 && mark !== 0x4d4d) return facts;
  const little = mark === 0x4949;
  const main = directory(view, view.getUint32(4, little), little);
  const orientation = main.get(ORIENTATION) ?? 0;
  if (orientation >= 1 && orientation <= 8) facts.orientation = orientation;
  const exif = main.get(EXIF_IFD);
  const focal = exif === undefined ? undefined : directory(view, exif, little).get(FOCAL_LENGTH_35MM);
  // Zero says "unknown"; other absurd values are typing mistakes of converters.
  if (focal !== undefined && focal >= 5 && focal <= 2000) facts.focal35mm = focal;
  return facts;
}

/** Tags with one 16- or 32-bit number; others are of no interest here. */
function directory(view: DataView, at: number, little: boolean): Map<number, number> {
  const tags = new Map<number, number>();
  if (at + 2 > view.byteLength) return tags;
  const count = Math.min(view.getUint16(at, little), MOST_ENTRIES);
  for (let i = 0, p = at + 2; i < count && p + 12 <= view.byteLength; i++, p += 12) {
    const value = view.getUint16(p + 2, little) === SHORT ? view.getUint16(p + 8, little) : view.getUint32(p + 8, little);
    tags.set(view.getUint16(p, little), value);
  }
  return tags;
}
