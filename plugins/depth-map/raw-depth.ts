import { UnflatError } from 'unflat/plugin';

/**
 * What larger values mean: `near-high` = nearer, `near-low` = farther, `distance` = distance itself
 * (disparity is its inverse), `guess` = the file does not say.
 */
export type Meaning = 'near-high' | 'near-low' | 'distance' | 'guess';

/** Depth as a file holds it, before polarity and scale are settled. */
export interface RawDepth {
  /** Samples a row, rows from the top; both at least 1. */
  width: number;
  height: number;
  /** `width × height` values in the file's own scale; NaN = unknown. */
  values: Float32Array;
  /** The value that stands for 1 when the file is taken at its word: 255, 65535, 1.0 … */
  fullScale: number;
  meaning: Meaning;
  /** Levels of a picture, or numbers of an array. */
  kind: 'picture' | 'array';
  /** Smallest difference the type can hold; 0 for floating point. */
  step: number;
  /** For `near-low`: levels 0..fullScale are linear in distance from near to far (GDepth's RangeLinear). */
  range?: { near: number; far: number };
  /** How to name it to a person: `map.png`, `the GDepth map inside photo.jpg`. */
  what: string;
}

/** Largest map that is opened, in samples (8192 × 8192). */
export const MAX_SAMPLES = 2 ** 26;
/** Largest side of a map that is opened. */
const MAX_SIDE = 65_535;

const REMEDY = 'Save the map as PNG (8 or 16 bit), JPEG, WebP, TIFF, OpenEXR, NPY or PFM.';

/** The error of this plugin: what happened to which file, and what to do. */
export function badDepth(what: string, reason: string, remedy = REMEDY, cause?: unknown): UnflatError {
  return new UnflatError('bad-depth', `${what}: ${reason} ${remedy}`, { cause });
}

/**
 * Checks a size that a header claims before any memory is taken for it.
 * @throws UnflatError `bad-depth` when a side is no integer of at least 1, or the map is larger than {@link MAX_SAMPLES}.
 */
export function checkSize(what: string, width: number, height: number): void {
  const sound = (side: number): boolean => Number.isSafeInteger(side) && side >= 1;
  if (!sound(width) || !sound(height)) {
    throw badDepth(what, `its header claims a size of ${width} × ${height}, which cannot be.`, 'Save the map again.');
  }
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_SAMPLES) {
    throw badDepth(what, `its header claims ${width} × ${height} samples; at most 8192 × 8192 are read.`, 'Scale the map down.');
  }
}
