/**
 * Copies data and the buffers in it, so that the copies can be handed over while the originals stay. Handed over, a buffer is written once on its way
 * into another process; as part of a message it is written twice.
 * @param value plain data: objects, lists, typed arrays.
 */
export function copyForTransfer(value: unknown, transfer: Transferable[]): unknown {
  if (ArrayBuffer.isView(value)) {
    const copy = (value as Uint8Array).slice();
    transfer.push(copy.buffer);
    return copy;
  }
  if (Array.isArray(value)) return value.map((each) => copyForTransfer(each, transfer));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyForTransfer(each, transfer)]));
}
