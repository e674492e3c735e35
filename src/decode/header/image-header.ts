/** What an image file says of itself in its first bytes; nothing of it needs decoding. */
export interface ImageHeader {
  format: 'JPEG' | 'PNG' | 'WebP' | 'AVIF' | 'HEIC' | 'GIF' | 'BMP';
  /** Size in pixels as stored, before any EXIF orientation. */
  width: number;
  height: number;
  /** EXIF orientation 1..8; 1 = upright. */
  orientation: number;
  /** More than one frame. */
  animated: boolean;
  /** Bits of one channel, 8 where unknown. */
  bitsPerChannel: number;
  /** Printing colours (JPEG with four channels). */
  cmyk: boolean;
  /** The file ends before the picture does. */
  truncated: boolean;
  /** Numbers of ISO 23091-2 that a PNG (`cICP`) or AVIF (`nclx`) tells its colours by; see `HeifColour`. */
  cicp?: { primaries: number; transfer: number };
  /** EXIF FocalLengthIn35mmFilm in millimetres, 5..2000. */
  focal35mm?: number;
}

/** A header with the usual answers, for a reader to correct. */
export function headerOf(format: ImageHeader['format'], width: number, height: number): ImageHeader {
  return { format, width, height, orientation: 1, animated: false, bitsPerChannel: 8, cmyk: false, truncated: false };
}
