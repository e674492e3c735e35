import { resize } from './resize.ts';

interface Image {
  width: number;
  height: number;
  rgba: Uint8ClampedArray;
}

/** A photo at a smaller size, by area means; opaque. */
export function shrinkPhoto(photo: Image, width: number, height: number): Image {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  const channel = new Float32Array(photo.width * photo.height);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < channel.length; i++) channel[i] = photo.rgba[i * 4 + c]!;
    const means = resize(channel, photo, { width, height });
    for (let i = 0; i < means.length; i++) rgba[i * 4 + c] = means[i]!;
  }
  return { width, height, rgba };
}
