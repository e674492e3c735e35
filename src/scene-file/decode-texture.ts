import type { Raster } from '../core/index.ts';

/** Decodes a picture with the browser, in a page or a worker, pixels as they are in the file. Throws what the browser throws. */
export async function decodeTexture(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Raster> {
  const bitmap = await createImageBitmap(new Blob([bytes], { type }), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('no drawing surface');
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, rgba: pen.getImageData(0, 0, width, height).data };
}
