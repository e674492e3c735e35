/** What says inside a JPEG that Unflat wrote it, and that nobody has changed its picture since. Segments: ITU-T T.81, annex B. */
import { buildPngChunk } from './png-mark.ts';
import { hexOf } from './hex-of.ts';

const KEYWORD = 'Unflat ';

/**
 * Puts the mark into a JPEG: a comment with the checksum of its coded picture. Editors keep comments but code the picture anew, so an
 * edited file is no longer ours. What else is put before the picture later on (metadata, an index) leaves it ours.
 * @param jpeg a whole JPEG file.
 */
export function withJpegMark(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const { scan, start } = partsOf(jpeg) ?? {};
  if (!scan || start === undefined) return new Uint8Array(jpeg);
  const text = Uint8Array.from(KEYWORD + checksum(scan), (letter) => letter.charCodeAt(0));
  const out = new Uint8Array(jpeg.length + 4 + text.length);
  out.set(jpeg.subarray(0, start));
  out.set([0xff, 0xfe, 0, 2 + text.length], start);
  out.set(text, start + 4);
  out.set(jpeg.subarray(start), start + 4 + text.length);
  return out;
}

/** Whether a JPEG, or the first one of several in a file, is just as Unflat wrote it. */
export function hasJpegMark(jpeg: Uint8Array): boolean {
  const { scan, comments = [] } = partsOf(jpeg) ?? {};
  return scan !== undefined && comments.includes(KEYWORD + checksum(scan));
}

interface Parts {
  /** The coded picture: from the first start of a scan to the end of the image. */
  scan: Uint8Array;
  comments: string[];
  /** Where further segments may begin: behind what says that it is JFIF. */
  start: number;
}

function partsOf(jpeg: Uint8Array): Parts | undefined {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return undefined;
  const comments: string[] = [];
  let start = 2;
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff;) {
    const marker = jpeg[at + 1];
    const end = at + 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!;
    if (marker === 0xe0 && at === 2) start = end;
    if (marker === 0xfe) comments.push(String.fromCharCode(...jpeg.subarray(at + 4, Math.min(end, at + 4 + 64))));
    if (marker === 0xda) {
      // Inside coded data the end of the image cannot occur.
      for (let i = end; i + 1 < jpeg.length; i++)
        if (jpeg[i] === 0xff && jpeg[i + 1] === 0xd9) return { scan: jpeg.subarray(at, i + 2), comments, start };
      return undefined;
    }
    at = end;
  }
  return undefined;
}

/** CRC-32, as in a PNG's chunk. */
function checksum(bytes: Uint8Array): string {
  return hexOf(buildPngChunk('JPEG', bytes).subarray(-4));
}
