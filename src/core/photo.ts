import type { Raster } from './raster.ts';

/** A file as bytes with the name a person knows it by. */
export interface SourceFile {
  /** File name with extension, without folders. */
  name: string;
  /** All bytes of the file. */
  bytes: Uint8Array;
}

/**
 * A decoded photo at working resolution: upright (EXIF orientation applied), sRGB, 8 bit.
 */
export interface Photo extends Raster {
  /** File name with extension, without folders. */
  name: string;
  /** SHA-256 of the file's bytes, 64 lower-case hexadecimal digits. */
  hash: string;
  /** Width in pixels before it was scaled to the working resolution, upright. */
  originalWidth: number;
  /** Height in pixels before it was scaled, upright. */
  originalHeight: number;
  /** Focal length in units of the longer side (1 = 53.13° across it), where EXIF has it. */
  focalLength?: number;
}
