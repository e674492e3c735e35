/** Row by row, linear light to linear light. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** Display P3 (D65) to sRGB. */
export const SRGB_FROM_P3: Matrix = [1.2249401, -0.2249401, 0, -0.0420569, 1.0420569, 0, -0.0196376, -0.0786361, 1.0982736];
/** BT.2020 to sRGB (ITU-R BT.2087). */
export const SRGB_FROM_2020: Matrix = [
  1.660491, -0.5876411, -0.0728499, -0.1245505, 1.1328999, -0.0083494, -0.0181508, -0.1005789, 1.1187297,
];
/** The ICC's XYZ (D50) to sRGB. */
export const SRGB_FROM_XYZ: Matrix = [3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427];

export function multiply(a: Matrix, b: Matrix): Matrix {
  const product = a.map((_, i) => [0, 1, 2].reduce((sum, k) => sum + a[i - (i % 3) + k]! * b[3 * k + (i % 3)]!, 0));
  return product as unknown as Matrix;
}

/** sRGB (IEC 61966-2-1), 0..1 to linear light. */
export function fromSrgb(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Linear light to sRGB, 0..1. */
export function toSrgb(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** PQ (SMPTE ST 2084) to light, 1 = 203 cd/m². */
export function fromPq(value: number): number {
  const root = value ** (32 / 2523);
  return (10_000 / 203) * (Math.max(0, root - 0.8359375) / (18.8515625 - 18.6875 * root)) ** (8192 / 1305);
}

/** HLG (ITU-R BT.2100) on a display of 1000 cd/m² to light, 1 = 203 cd/m²; its system gamma is taken for each channel. */
export function fromHlg(value: number): number {
  const scene = value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return (1000 / 203) * scene ** 1.2;
}
