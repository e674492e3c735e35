/** A copy of its own: what a stranger's buffer was part of stays behind. */
export function ownCopy<T extends Float32Array | Uint8ClampedArray>(
  value: unknown,
  type: { new (length: number): T; readonly name: string },
  length: number,
): T | undefined {
  if (!(value instanceof type) || value.length !== length || !(value.buffer instanceof ArrayBuffer)) return undefined;
  const copy = new type(length);
  copy.set(value);
  return copy;
}
