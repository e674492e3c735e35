/** Data of its own: a copy, where a stranger's array is a part of a larger buffer, or one that can grow; else the array, whose buffer came here whole. */
export function ownCopy<T extends Float32Array | Uint8ClampedArray>(
  value: unknown,
  type: { new (length: number): T; readonly name: string },
  length: number,
): T | undefined {
  if (!(value instanceof type) || value.length !== length || !(value.buffer instanceof ArrayBuffer)) return undefined;
  const { buffer } = value as { buffer: ArrayBuffer & { resizable?: boolean } };
  if (buffer.byteLength === value.byteLength && buffer.resizable !== true) return value;
  const copy = new type(length);
  copy.set(value);
  return copy;
}
