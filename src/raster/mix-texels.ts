/** `a` with `part` of 256 of `b`, opaque. */
export function mixTexels(a: number, b: number, part: number): number {
  const rest = 256 - part;
  const redBlue = (Math.imul(a & 0xff00ff, rest) + Math.imul(b & 0xff00ff, part) + 0x800080) >>> 8;
  const green = (Math.imul((a >>> 8) & 0xff, rest) + Math.imul((b >>> 8) & 0xff, part) + 0x80) & 0xff00;
  return (redBlue & 0xff00ff) | green | 0xff000000;
}
