/** Half-precision numbers (IEEE 754 binary16) as their 16 bits. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The nearest half-precision number, ties to even; too large = infinity. */
export function toHalf(value: number): number {
  float[0] = value;
  const all = bits[0]!;
  const sign = (all >>> 16) & 0x8000;
  const size = all & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  if (size >= 0x477ff000) return sign | 0x7c00;
  if (size < 0x38800000) {
    // Below 2^-14 halves are whole multiples of 2^-24.
    const steps = Math.abs(float[0]) * 2 ** 24;
    const low = Math.floor(steps);
    const rest = steps - low;
    return sign | (rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low);
  }
  const rounded = size + 0xfff + ((size >>> 13) & 1);
  return sign | ((rounded >>> 13) - 0x1c000);
}

/** The number that 16 bits are. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Widens many. */
export function widen(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const wide = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) wide[i] = fromHalf(halves[i]!);
  return wide;
}
