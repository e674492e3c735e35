/** 32-bit FNV-1a over little-endian words, four lanes: finds damage, quickly; no protection against intent. */
export function checksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let a = 0x811c9dc5;
  let b = 0x01000193;
  let c = 0x9e3779b9;
  let d = 0x85ebca6b;
  let i = 0;
  for (; i + 16 <= bytes.byteLength; i += 16) {
    a = Math.imul(a ^ view.getUint32(i, true), 0x01000193);
    b = Math.imul(b ^ view.getUint32(i + 4, true), 0x01000193);
    c = Math.imul(c ^ view.getUint32(i + 8, true), 0x01000193);
    d = Math.imul(d ^ view.getUint32(i + 12, true), 0x01000193);
  }
  for (; i < bytes.byteLength; i++) a = Math.imul(a ^ bytes[i]!, 0x01000193);
  for (const lane of [b, c, d, bytes.byteLength]) a = Math.imul(a ^ lane ^ (lane >>> 15), 0x01000193);
  return a >>> 0;
}
