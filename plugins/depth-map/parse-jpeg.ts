import { hasAscii, viewOf } from './bytes.ts';

/** One marker segment of a JPEG: where its contents lie, without marker and length. */
export interface JpegSegment {
  marker: number;
  start: number;
  end: number;
}

/** The skeleton of one JPEG picture within a file. */
export interface JpegPicture {
  /** First byte of the picture. */
  start: number;
  /** One past its end-of-image marker; undefined when it is cut off (or was not looked for). */
  end?: number;
  segments: JpegSegment[];
  /** From the frame header, where there is one. */
  width?: number;
  height?: number;
  components?: number;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
/** More segments than any camera writes; what lies beyond is not looked at. */
const MAX_SEGMENTS = 4096;

/** Frame headers are C0 to CF but for DHT (C4), JPG (C8) and DAC (CC). */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Position of the next real marker at or after `position` within coded data (not stuffed, not a restart), or the file's end. */
function nextMarker(bytes: Uint8Array, position: number): number {
  // A plain loop: searching for each 0xff by indexOf is many times slower where a hostile file is full of them.
  for (let at = position; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const code = bytes[at + 1] ?? 0;
    if (code !== 0 && code !== 0xff && !(code >= 0xd0 && code <= 0xd7)) return at;
  }
  return bytes.length;
}

/**
 * Walks the markers of the JPEG that begins at `start`, in one pass over its bytes.
 * @param options.headersOnly stop at the coded data, so `end` stays undefined.
 * @returns undefined where no JPEG begins.
 */
export function parseJpeg(bytes: Uint8Array, start = 0, options: { headersOnly?: boolean } = {}): JpegPicture | undefined {
  if (bytes[start] !== 0xff || bytes[start + 1] !== SOI) return undefined;
  const view = viewOf(bytes);
  const picture: JpegPicture = { start, segments: [] };
  let position = start + 2;
  while (position + 4 <= bytes.length && picture.segments.length < MAX_SEGMENTS) {
    if (bytes[position] !== 0xff) return picture;
    const marker = bytes[position + 1] ?? 0;
    if (marker === 0xff) {
      position++;
      continue;
    }
    if (marker === EOI) break;
    const length = view.getUint16(position + 2);
    const segment = { marker, start: position + 4, end: position + 2 + length };
    if (length < 2 || segment.end > bytes.length) return picture;
    picture.segments.push(segment);
    if (isFrameHeader(marker) && length >= 8) {
      picture.height = view.getUint16(segment.start + 1);
      picture.width = view.getUint16(segment.start + 3);
      picture.components = bytes[segment.start + 5];
    }
    if (marker === SOS && options.headersOnly) return picture;
    position = marker === SOS ? nextMarker(bytes, segment.end) : segment.end;
  }
  if (bytes[position] === 0xff && bytes[position + 1] === EOI) picture.end = position + 2;
  return picture;
}

/** Contents of the picture's APP segments that begin with `signature`, after it. */
export function appData(bytes: Uint8Array, picture: JpegPicture, signature: string, marker = APP1): Uint8Array[] {
  return picture.segments
    .filter(
      (segment) =>
        segment.marker === marker && segment.end - segment.start >= signature.length && hasAscii(bytes, segment.start, signature),
    )
    .map((segment) => bytes.subarray(segment.start + signature.length, segment.end));
}
