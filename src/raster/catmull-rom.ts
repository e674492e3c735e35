import { SHARP_PAD, type SharpScale } from './sharp-texture.ts';

/** Weights of four samples, one apart, for a place between the middle two. */
const across = new Float64Array(4);
const along = new Float64Array(4);

/**
 * Colour by Catmull-Rom over 4×4 pixels, opaque: slower and exact, where `bilinear` comes near.
 * @param texels of a SharpTexture: each, or every other one, is a pixel. @param s, t place in texels times 65536.
 */
export function catmullRom(texels: Uint32Array, stride: number, s: number, t: number, scale: SharpScale): number {
  const x = s - SHARP_PAD * 65536;
  const y = t - SHARP_PAD * 65536;
  const pixel = scale << 16;
  weigh(across, (x & (pixel - 1)) / pixel);
  weigh(along, (y & (pixel - 1)) / pixel);
  const column = scale * (x >> (15 + scale)) + SHARP_PAD;
  const row = scale * (y >> (15 + scale)) + SHARP_PAD;
  const last = texels.length / stride - 1;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let v = 0; v < 4; v++) {
    // What lies around the picture repeats its border.
    const from = Math.max(0, Math.min(last, row + scale * (v - 1))) * stride;
    for (let u = 0; u < 4; u++) {
      const texel = texels[from + Math.max(0, Math.min(stride - 1, column + scale * (u - 1)))]!;
      const weight = across[u]! * along[v]!;
      red += weight * (texel & 255);
      green += weight * ((texel >>> 8) & 255);
      blue += weight * ((texel >>> 16) & 255);
    }
  }
  return toByte(red) | (toByte(green) << 8) | (toByte(blue) << 16) | 0xff000000;
}

function weigh(to: Float64Array, t: number): void {
  to[0] = ((-0.5 * t + 1) * t - 0.5) * t;
  to[1] = (1.5 * t - 2.5) * t * t + 1;
  to[2] = ((-1.5 * t + 2) * t + 0.5) * t;
  to[3] = (0.5 * t - 0.5) * t * t;
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}
