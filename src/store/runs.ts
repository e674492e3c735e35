/** Byte planes that are mostly constant, as runs: `count << 8 | value` each. */
export function packRuns(plane: Uint8Array): Uint32Array {
  const runs: number[] = [];
  for (let i = 0; i < plane.length; ) {
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
