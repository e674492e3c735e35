import { readHeif, withHeifSrgb, type SourceFile } from '../core/index.ts';
import { withoutPngChunks, type ImageHeader } from './header/index.ts';
import { coloursOf, type HeicColours } from './heic/index.ts';

/** Bytes for the browser's decoder, and what is then left to do with the pixels. */
export interface PlainFile {
  bytes: Uint8Array;
  /** EXIF orientation that the pixels have. */
  orientation: number;
  /** How the pixels become sRGB. */
  colours?: HeicColours;
}

/** What tells a PNG's colours. */
const COLOUR_CHUNKS = ['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'mDCV', 'cLLI'];

/**
 * Takes out of a file what browsers do not agree on. PQ and HLG are clipped at white or tone-mapped, each in its own way; some turn
 * PNGs by their EXIF orientation and others do not; none turns WebP. JPEG they all turn, AVIF turns inside the decoder.
 */
export function plainFile({ bytes }: SourceFile, { format, orientation, cicp }: ImageHeader): PlainFile {
  const colours = cicp && coloursOf({ kind: 'nclx', ...cicp });
  const hdr = colours?.hdr ? { colours } : {};
  if (format === 'PNG' && (orientation > 1 || colours?.hdr)) {
    return { bytes: withoutPngChunks(bytes, ['eXIf', ...(colours?.hdr ? COLOUR_CHUNKS : [])]), orientation, ...hdr };
  }
  const heif = format === 'AVIF' && colours?.hdr ? readHeif(bytes) : undefined;
  if (heif) return { bytes: withHeifSrgb(bytes, heif), orientation: 1, ...hdr };
  return { bytes, orientation: format === 'WebP' ? orientation : 1 };
}
