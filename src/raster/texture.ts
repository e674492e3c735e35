/** A picture to sample from: a pixel a number, alpha in the highest byte, red in the lowest. */
export interface Texture {
  /** Pixels a row. */
  stride: number;
  rows: number;
  texels: Uint32Array<ArrayBuffer>;
}

/** RGBA bytes as one number a pixel, without a copy where they lie on whole words. */
export function texelsOf(rgba: Uint8ClampedArray): Uint32Array<ArrayBuffer> {
  const aligned = rgba.byteOffset % 4 === 0 ? rgba : rgba.slice();
  return new Uint32Array(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength >> 2);
}
