/** For each of `size` samples of an enlarged row: the source sample to its left and the part of the next one. */
export function linearSteps(length: number, size: number): { index: Int32Array; part: Float32Array } {
  const index = new Int32Array(size);
  const part = new Float32Array(size);
  for (let x = 0; x < size; x++) {
    const at = Math.min(length - 1, Math.max(0, ((x + 0.5) * length) / size - 0.5));
    index[x] = Math.min(Math.max(0, length - 2), Math.floor(at));
    part[x] = length > 1 ? at - index[x]! : 0;
  }
  return { index, part };
}
