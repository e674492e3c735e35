import type { DepthMap, Scene } from '../core/index.ts';

/** A depth map as a grey picture, nearest white. */
export function greyOf({ width, height, disparity }: DepthMap): ImageData {
  const picture = new ImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  for (let i = 0; i < pixels.length; i++) {
    const grey = Math.max(0, Math.min(255, Math.round((disparity[i] ?? 0) * 255)));
    pixels[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
  return picture;
}

/** The flat photo at its best, without the soft edges that layers have at silhouettes. */
export function opaquePhoto({ width, height, layers, detail }: Scene): ImageData {
  if (detail) return new ImageData(detail.rgba as Uint8ClampedArray<ArrayBuffer>, detail.width, detail.height);
  const picture = new ImageData(width, height);
  const layer = layers[0];
  if (!layer) return picture;
  for (let y = 0; y < height; y++) {
    const from = ((y + layer.margin) * layer.width + layer.margin) * 4;
    picture.data.set(layer.rgba.subarray(from, from + width * 4), y * width * 4);
  }
  const pixels = new Uint32Array(picture.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i]! |= 0xff000000;
  return picture;
}
