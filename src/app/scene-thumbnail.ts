import { flattenSmall, fitInto, type Scene, type SourceFile } from '../core/index.ts';
import { isSceneFile, openSceneFile } from '../pipeline/index.ts';
import { blobOf } from './flat-photo.ts';

/** The scene's photo as a small picture, `longerSidePx` across its longer side. */
export async function sceneThumbnail(scene: Scene, longerSidePx: number): Promise<ImageBitmap | undefined> {
  if (!scene.layers.length) return undefined;
  const { width, height, rgba } = flattenSmall(scene, longerSidePx);
  return createImageBitmap(new ImageData(rgba as Uint8ClampedArray<ArrayBuffer>, width, height));
}

/** A photo's file as a small JPEG file's bytes; a HEIC file itself where the browser cannot decode it. Undefined where it is no photo that can be read. */
export async function photoThumbnail(photo: File | SourceFile, longerSidePx: number): Promise<Blob | undefined> {
  const blob = blobOf(photo);
  try {
    if (isSceneFile(photo)) {
      const small = await sceneThumbnail((await openSceneFile(photo)).scene, longerSidePx);
      return small && (await bitmapBlob(small));
    }
    const whole = await createImageBitmap(blob);
    const { width, height } = fitInto(whole.width, whole.height, longerSidePx);
    const small = await createImageBitmap(whole, { resizeWidth: width, resizeHeight: height, resizeQuality: 'medium' });
    whole.close();
    return await bitmapBlob(small);
  } catch {
    return (await mayBeHeic(blob)) ? blob : undefined;
  }
}

/** By how the file begins, as phones also name such photos .jpg. Unflat has a decoder of its own for them. */
async function mayBeHeic(blob: Blob): Promise<boolean> {
  return (
    (await blob
      .slice(4, 8)
      .text()
      .catch(() => '')) === 'ftyp'
  );
}

/** A bitmap as a JPEG file's bytes; closes it. */
export async function bitmapBlob(bitmap: ImageBitmap): Promise<Blob> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.82 });
}
