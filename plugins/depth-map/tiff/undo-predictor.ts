import type { Passes } from 'unflat/plugin';
import { viewOf } from '../bytes.ts';
import { inBands } from '../in-bands.ts';
import type { TiffHeader } from './read-tiff-header.ts';

/**
 * Undoes, in place, what a writer did before it packed a block: differences between neighbours of a row.
 * @param width samples of one channel in a row. @param channels samples a pixel in this block.
 */
export function* undoPredictor(
  block: Uint8Array,
  { predictor, bits, littleEndian }: TiffHeader,
  width: number,
  channels: number,
): Passes<void> {
  if (predictor === 1) return;
  const rowBytes = width * channels * (bits / 8);
  yield* inBands(Math.floor(block.length / rowBytes), rowBytes, (from, to) => {
    for (let y = from; y < to; y++) {
      const row = block.subarray(y * rowBytes, (y + 1) * rowBytes);
      if (predictor === 3) undoFloatingPoint(row, bits / 8, channels);
      else if (bits === 8) undoBytes(row, channels);
      else undoWords(row, bits, channels, littleEndian);
    }
  });
}

function undoBytes(row: Uint8Array, channels: number): void {
  for (let i = channels; i < row.length; i++) row[i] = row[i]! + row[i - channels]!;
}

function undoWords(row: Uint8Array, bits: number, channels: number, littleEndian: boolean): void {
  const view = viewOf(row);
  const step = bits / 8;
  for (let at = channels * step; at < row.length; at += step) {
    const before = at - channels * step;
    if (bits === 16) view.setUint16(at, view.getUint16(at, littleEndian) + view.getUint16(before, littleEndian), littleEndian);
    else view.setUint32(at, view.getUint32(at, littleEndian) + view.getUint32(before, littleEndian), littleEndian);
  }
}

/** Adobe's TIFF technical note 3: all first bytes of a row, then all second bytes …, as differences; most significant first afterwards. */
function undoFloatingPoint(row: Uint8Array, bytes: number, channels: number): void {
  undoBytes(row, channels);
  const planes = row.slice();
  const count = row.length / bytes;
  for (let i = 0; i < count; i++) for (let b = 0; b < bytes; b++) row[i * bytes + b] = planes[b * count + i]!;
}
