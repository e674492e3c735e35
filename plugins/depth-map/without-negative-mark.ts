import type { RawDepth } from './raw-depth.ts';

/**
 * Programs write one negative number (-1, -9999, the least float) where nothing was measured. What stands below 0 in an array is that where it is
 * one whole number, there more than once, and the rest varies: the farthest surface of disparities may lie just below 0, but hardly at a whole
 * number with nothing between it and 0.
 * @returns the map with NaN there, and a note; the same map where there is no such number.
 */
export function withoutNegativeMark(map: RawDepth, note: (message: string) => void): RawDepth {
  const mark = map.kind === 'array' ? findMark(map.values) : undefined;
  if (mark === undefined) return map;
  note(`${map.what} holds ${Number(mark.toPrecision(4))} and no other number below 0; it was read as “not measured”.`);
  return { ...map, values: map.values.map((value) => (value === mark ? NaN : value)) };
}

function findMark(values: Float32Array): number | undefined {
  let mark: number | undefined;
  let count = 0;
  let [least, largest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= 0 && value < Infinity) {
      if (value < least) least = value;
      if (value > largest) largest = value;
    } else if (value < 0 && value > -Infinity) {
      if (mark !== undefined && value !== mark) return undefined;
      mark = value;
      count++;
    }
  }
  return mark !== undefined && Number.isInteger(mark) && count > 1 && least < largest ? mark : undefined;
}
