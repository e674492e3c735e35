/** Bilinear colour, opaque. @param s, t place in texels times 65536, 0 = the first texel's centre; all four around must exist. */
export function bilinear(texels: Uint32Array, stride: number, s: number, t: number): number {
  const i = (t >> 16) * stride + (s >> 16);
  return mixFour(texels[i]!, texels[i + 1]!, texels[i + stride]!, texels[i + stride + 1]!, (s >> 8) & 255, (t >> 8) & 255);
}

/** What lies between four colours, the upper two first, opaque. @param x, y parts of 256 to the right and down. */
export function mixFour(a: number, b: number, c: number, d: number, x: number, y: number): number {
  const wd = (x * y + 128) >> 8;
  const wb = x - wd;
  const wc = y - wd;
  const wa = 256 - x - wc;
  // Red and blue together, 16 bits each: products and sums of bytes times 256 fit.
  const redBlue =
    Math.imul(a & 0xff00ff, wa) + Math.imul(b & 0xff00ff, wb) + Math.imul(c & 0xff00ff, wc) + Math.imul(d & 0xff00ff, wd) + 0x800080;
  const green =
    Math.imul((a >>> 8) & 0xff, wa) + Math.imul((b >>> 8) & 0xff, wb) + Math.imul((c >>> 8) & 0xff, wc) + Math.imul((d >>> 8) & 0xff, wd);
  return ((redBlue >>> 8) & 0xff00ff) | ((green + 128) & 0xff00) | 0xff000000;
}
