/** Bytes before an MP index's offsets: APP2, its length, `MPF\0`. */
const BEFORE_INDEX = 8;
/** A picture of a stereo pair (“multi-frame image, disparity”); the first one is the representative one. */
const DISPARITY = 0x0002_0002;
const REPRESENTATIVE = 0x2000_0000;

/**
 * Two JPEGs as one MPO, as stereo cameras write them: the left eye first. Format: CIPA DC-007, Multi-Picture Format.
 * @throws TypeError where one is no JPEG.
 */
export function mpoOf(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  for (const picture of [left, right]) if (picture[0] !== 0xff || picture[1] !== 0xd8) throw new TypeError('an MPO is made of JPEGs');
  const segment = indexSegment(0, 0, 0);
  const first = left.length + segment.length;
  // The index stands behind SOI and what says that the file is JFIF.
  const at = behindJfif(left);
  const out = new Uint8Array(first + right.length);
  out.set(left.subarray(0, at));
  out.set(indexSegment(first, right.length, first - (at + BEFORE_INDEX)), at);
  out.set(left.subarray(at), at + segment.length);
  out.set(right, first);
  return out;
}

/** @param offset where the second picture begins, from the index's byte order mark. */
function indexSegment(firstBytes: number, secondBytes: number, offset: number): Uint8Array {
  const ifd = 8;
  const entries = ifd + 2 + 3 * 12 + 4;
  const index = new DataView(new ArrayBuffer(entries + 32));
  index.setUint32(0, 0x4949_2a00);
  index.setUint32(4, ifd, true);
  index.setUint16(ifd, 3, true);
  const tag = (n: number, id: number, type: number, count: number, value: number, little = true): void => {
    const at = ifd + 2 + 12 * n;
    index.setUint16(at, id, true);
    index.setUint16(at + 2, type, true);
    index.setUint32(at + 4, count, true);
    index.setUint32(at + 8, value, little);
  };
  // Version “0100”, number of pictures, their list.
  tag(0, 0xb000, 7, 4, 0x3031_3030, false);
  tag(1, 0xb001, 4, 1, 2);
  tag(2, 0xb002, 7, 32, entries);
  index.setUint32(entries, REPRESENTATIVE | DISPARITY, true);
  index.setUint32(entries + 4, firstBytes, true);
  index.setUint32(entries + 16, DISPARITY, true);
  index.setUint32(entries + 20, secondBytes, true);
  index.setUint32(entries + 24, offset, true);
  const out = new Uint8Array(BEFORE_INDEX + index.byteLength);
  out.set([0xff, 0xe2, (out.length - 2) >> 8, (out.length - 2) & 255, 0x4d, 0x50, 0x46, 0]);
  out.set(new Uint8Array(index.buffer), BEFORE_INDEX);
  return out;
}

function behindJfif(jpeg: Uint8Array): number {
  const isApp0 = jpeg[2] === 0xff && jpeg[3] === 0xe0;
  return isApp0 ? 4 + jpeg[4]! * 256 + jpeg[5]! : 2;
}
