import type { Raster } from '../core/index.ts';

/** Decodes a picture with the browser, pixels as they are in the file. Throws what the browser throws. */
export async function decodeTexture(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Raster> {
  const bitmap = await createImageBitmap(new Blob([bytes], { type }), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const canvas =
    'OffscreenCanvas' in globalThis
      ? new OffscreenCanvas(width, height)
      : Object.assign(document.createElement('canvas'), { width, height });
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('no drawing surface');
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, rgba: pen.getImageData(0, 0, width, height).data };
}
