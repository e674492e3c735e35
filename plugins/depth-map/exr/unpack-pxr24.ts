import type { Passes } from 'unflat/plugin';
import { viewOf } from '../bytes.ts';
import { inBands } from '../in-bands.ts';
import { inflateInto } from '../inflate.ts';
import { SAMPLE_BYTES, type ExrChannel } from './read-exr-parts.ts';

/** Bytes that PXR24 keeps of a sample, by type: floats lose their last eight bits. */
const KEPT = [4, 2, 3] as const;

/**
 * Unpacks a PXR24 chunk: zlib over, for each row and channel, first all highest bytes, then all next ones …, of differences
 * between neighbours.
 * @returns the chunk as if it had not been packed, or undefined when the data ends early.
 * @throws Error when the data is damaged.
 */
export function* unpackPxr24(
  packed: Uint8Array,
  channels: readonly ExrChannel[],
  columns: number,
  lines: number,
): Passes<Uint8Array | undefined> {
  const kept = channels.map(({ type }) => KEPT[type as 0 | 1 | 2]);
  const bytes = new Uint8Array(lines * columns * kept.reduce<number>((sum, value) => sum + value, 0));
  if ((yield* inflateInto(packed, bytes)) < bytes.length) return undefined;
  const sizes = channels.map(({ type }) => SAMPLE_BYTES[type as 0 | 1 | 2]);
  const out = new Uint8Array(lines * columns * sizes.reduce<number>((sum, value) => sum + value, 0));
  const view = viewOf(out);
  let [from, to] = [0, 0];
  const unpackRow = (): void =>
    kept.forEach((planes, c) => {
      const size = sizes[c]!;
      let value = 0;
      for (let x = 0; x < columns; x++, to += size) {
        let difference = 0;
        for (let plane = 0; plane < size; plane++)
          difference = (difference << 8) | (plane < planes ? bytes[from + plane * columns + x]! : 0);
        value = (value + difference) >>> 0;
        if (size === 2) view.setUint16(to, value, true);
        else view.setUint32(to, value, true);
      }
      from += planes * columns;
    });
  yield* inBands(lines, columns * kept.length, (first, end) => {
    for (let y = first; y < end; y++) unpackRow();
  });
  return out;
}
