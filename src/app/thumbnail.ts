import type { Scene } from '../core/index.ts';

/** The scene's photo as a small picture, `longerSidePx` across its longer side. */
export async function sceneThumbnail(scene: Scene, longerSidePx: number): Promise<ImageBitmap | undefined> {
  const layer = scene.layers[0];
  if (!layer) return undefined;
  const scale = Math.min(1, longerSidePx / Math.max(scene.width, scene.height));
  const pixels = new ImageData(layer.rgba as Uint8ClampedArray<ArrayBuffer>, layer.width, layer.height);
  return createImageBitmap(pixels, layer.margin, layer.margin, scene.width, scene.height, {
    resizeWidth: Math.max(1, Math.round(scene.width * scale)),
    resizeHeight: Math.max(1, Math.round(scene.height * scale)),
    resizeQuality: 'medium',
  });
}

/** A bitmap as a JPEG file's bytes; closes it. */
export async function bitmapBlob(bitmap: ImageBitmap): Promise<Blob> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.82 });
}
