import { flatten, type DepthMap, type Scene } from '../core/index.ts';

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

/** The flat photo at its best, as an image. */
export function flatImage(scene: Scene): ImageData {
  const { width, height, rgba } = scene.detail ?? flatten(scene);
  return new ImageData(rgba as Uint8ClampedArray<ArrayBuffer>, width, height);
}
