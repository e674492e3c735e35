import type { Passes } from 'unflat/plugin';

/** Samples that are read in one pass: 1 to 20 ms of a slow machine. */
const BAND_SAMPLES = 2 ** 16;

/**
 * Reads a picture some rows at a time, so that a cancel is heard between them.
 * @param rowSamples samples in a row.
 * @param read takes the rows from `from` to before `to`.
 */
export function* inBands(rows: number, rowSamples: number, read: (from: number, to: number) => void): Passes<void> {
  const step = Math.max(1, Math.floor(BAND_SAMPLES / rowSamples));
  for (let from = 0; from < rows; from += step) {
    if (from > 0) yield;
    read(from, Math.min(rows, from + step));
  }
}
