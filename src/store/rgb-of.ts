/** Colours without their alpha. */
export function rgbOf(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; i < rgba.length; i += 4, o += 3) {
    rgb[o] = rgba[i]!;
    rgb[o + 1] = rgba[i + 1]!;
    rgb[o + 2] = rgba[i + 2]!;
  }
  return rgb;
}

export function alphaOf(rgba: Uint8ClampedArray): Uint8Array {
  const alpha = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < alpha.length; i++) alpha[i] = rgba[4 * i + 3]!;
  return alpha;
}

/** Colours and alpha together again. @throws RangeError where they are not of one picture. */
export function rgbaOf(rgb: Uint8Array, alpha: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  if (rgb.length !== alpha.length * 3) throw new RangeError('A picture of the record has another size than it says.');
  const rgba = new Uint8ClampedArray(alpha.length * 4);
  for (let i = 0, o = 0, c = 0; i < alpha.length; i++, o += 4, c += 3) {
    rgba[o] = rgb[c]!;
    rgba[o + 1] = rgb[c + 1]!;
    rgba[o + 2] = rgb[c + 2]!;
    rgba[o + 3] = alpha[i]!;
  }
  return rgba;
}
