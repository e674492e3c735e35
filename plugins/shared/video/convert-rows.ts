/**
 * Frames as video wants them: 4:2:0, ITU-R BT.709, limited range (black 16, white 235).
 * Left to themselves browsers encode pictures in full range; they say so in the file, but players
 * that do not look show them too dark and too contrasty.
 */

/** Three planes in one buffer: luma, and both chroma differences at half the size. */
export interface Planes {
  width: number;
  height: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** @param width, height even, in pixels. */
export function emptyPlanes(width: number, height: number): Planes {
  return { width, height, bytes: new Uint8Array((width * height * 3) / 2) };
}

/**
 * Converts rows `from` (even) to `to` (even, or the end) of an sRGB picture.
 * @param rgbx four bytes a pixel; the fourth is ignored.
 */
export function convertRows(rgbx: Uint8Array | Uint8ClampedArray, planes: Planes, from: number, to: number): void {
  const { width, height, bytes } = planes;
  const half = width >> 1;
  const blueAt = width * height;
  const redAt = blueAt + half * (height >> 1);
  // Weights of BT.709 times 219/255 (luma) and 224/255 (chroma), times 65536.
  for (let y = from; y < to; y += 2) {
    let chroma = (y >> 1) * half;
    for (let x = 0; x < width; x += 2, chroma++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = 0; k < 4; k++) {
        const at = (y + (k >> 1)) * width + x + (k & 1);
        const r = rgbx[4 * at]!;
        const g = rgbx[4 * at + 1]!;
        const b = rgbx[4 * at + 2]!;
        red += r;
        green += g;
        blue += b;
        bytes[at] = 16 + ((11966 * r + 40254 * g + 4064 * b + 32768) >> 16);
      }
      bytes[blueAt + chroma] = 128 + ((-6596 * red - 22189 * green + 28785 * blue + 131072) >> 18);
      bytes[redAt + chroma] = 128 + ((28785 * red - 26145 * green - 2640 * blue + 131072) >> 18);
    }
  }
}

/** What the planes hold, for the file. Rendered pictures are sRGB, and players that mind the curve are told so. */
export const COLOUR_SPACE: VideoColorSpaceInit = { primaries: 'bt709', transfer: 'iec61966-2-1', matrix: 'bt709', fullRange: false };
