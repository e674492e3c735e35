/** A multiple of three, so that the parts fit together. */
const PART = 3 * 2 ** 13;

/** Bytes as base64, in parts that belong together. */
export function base64(bytes: Uint8Array): string[] {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += PART) parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PART))));
  return parts;
}
