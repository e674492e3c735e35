/** Scale factors that `fdct` leaves in its results: coefficient (u, v) is 8·AAN[u]·AAN[v] times the orthonormal one's. */
const AAN = [1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379] as const;

/** By what each of `fdct`'s 64 results is multiplied to give a coefficient as JPEG defines it. */
export const SCALE = Float32Array.from({ length: 64 }, (_, i) => 1 / (8 * AAN[i >> 3]! * AAN[i & 7]!));

/**
 * Forward discrete cosine transform of an 8×8 block, in place, scaled; see `SCALE`.
 * Arai, Agui, Nakajima 1988: A fast DCT-SQ scheme for images.
 */
export function fdct(block: Float32Array): void {
  for (let row = 0; row < 64; row += 8) pass(block, row, 1);
  for (let column = 0; column < 8; column++) pass(block, column, 8);
}

function pass(d: Float32Array, at: number, stride: number): void {
  const i1 = at + stride;
  const i2 = i1 + stride;
  const i3 = i2 + stride;
  const i4 = i3 + stride;
  const i5 = i4 + stride;
  const i6 = i5 + stride;
  const i7 = i6 + stride;
  const s07 = d[at]! + d[i7]!;
  const d07 = d[at]! - d[i7]!;
  const s16 = d[i1]! + d[i6]!;
  const d16 = d[i1]! - d[i6]!;
  const s25 = d[i2]! + d[i5]!;
  const d25 = d[i2]! - d[i5]!;
  const s34 = d[i3]! + d[i4]!;
  const d34 = d[i3]! - d[i4]!;
  const outer = s07 + s34;
  const inner = s16 + s25;
  const even = s07 - s34;
  const z1 = (s16 - s25 + even) * Math.SQRT1_2;
  d[at] = outer + inner;
  d[i4] = outer - inner;
  d[i2] = even + z1;
  d[i6] = even - z1;
  const a = d34 + d25;
  const b = d25 + d16;
  const c = d16 + d07;
  const z5 = (a - c) * 0.382683433;
  const z2 = 0.5411961 * a + z5;
  const z4 = 1.306562965 * c + z5;
  const z3 = b * Math.SQRT1_2;
  const near = d07 + z3;
  const far = d07 - z3;
  d[i5] = far + z2;
  d[i3] = far - z2;
  d[i1] = near + z4;
  d[i7] = near - z4;
}
