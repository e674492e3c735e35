/** Byte planes that are mostly constant, as runs: `count << 8 | value` each. */
export function packRuns(plane: Uint8Array): Uint32Array {
  const runs: number[] = [];
  for (let i = 0; i < plane.length;) {
    const value = plane[i]!;
    const end = Math.min(plane.length, i + 0xffffff);
    let j = i + 1;
    while (j < end && plane[j] === value) j++;
    runs.push((((j - i) << 8) | value) >>> 0);
    i = j;
  }
  return Uint32Array.from(runs);
}

/** @throws RangeError when the runs do not fill `length` bytes. */
export function unpackRuns(runs: Uint32Array, length: number): Uint8Array<ArrayBuffer> {
  const plane = new Uint8Array(length);
  let at = 0;
  for (const run of runs) {
    const end = at + (run >>> 8);
    plane.fill(run & 0xff, at, end);
    at = end;
  }
  if (at !== length) throw new RangeError('A plane of the record has another length than it says.');
  return plane;
}

/** Keeps the samples under runs of 1. */
export function compact<A extends Uint8Array | Float32Array>(plane: A, runs: Uint32Array, channels: number): A {
  let kept = 0;
  for (const run of runs) if (run & 1) kept += run >>> 8;
  const packed = plane.slice(0, kept * channels) as A;
  let from = 0;
  let to = 0;
  for (const run of runs) {
    const length = (run >>> 8) * channels;
    if (run & 1) packed.set(plane.subarray(from, from + length), to);
    if (run & 1) to += length;
    from += length;
  }
  return packed;
}

/** Puts samples back where `compact` took them from. @throws RangeError where they are not of that plane. */
export function spreadRuns<A extends Uint8Array | Float32Array>(packed: A, plane: A, runs: Uint32Array, channels: number): A {
  let from = 0;
  let to = 0;
  for (const run of runs) {
    const length = (run >>> 8) * channels;
    if (run & 1) plane.set(packed.subarray(from, from + length), to);
    if (run & 1) from += length;
    to += length;
  }
  if (from !== packed.length || to !== plane.length) throw new RangeError('A plane of the record has another length than it says.');
  return plane;
}
