import { UnflatError, throwIfAborted, withJpegMark } from 'unflat/plugin';
import type { Raster } from 'unflat/plugin';
import { pngOf } from './png/write-png.ts';
import { withWebpMark } from './webp-writer.ts';

/** Kinds of picture files. */
export type PictureType = 'jpg' | 'png' | 'webp';

/** Of 1: no difference is seen at it. */
const QUALITY = 0.92;
const MIME_TYPES = { jpg: 'image/jpeg', webp: 'image/webp' } as const;

/**
 * A rendered picture as a file, marked as ours where that can be said in it.
 * @throws UnflatError `unsupported` where this browser cannot write that kind; the signal's reason.
 */
export async function encodePicture(raster: Raster, type: PictureType, signal: AbortSignal, quality = QUALITY): Promise<Blob> {
  if (type === 'png') return pngOf(raster, signal);
  const bytes = await codedPicture(raster, type, signal, quality);
  const { width, height } = raster;
  return type === 'jpg' ? new Blob([withJpegMark(bytes)], { type: MIME_TYPES.jpg }) : withWebpMark(bytes, width, height);
}

/**
 * A rendered picture as the browser codes it.
 * @throws UnflatError `unsupported` where this browser cannot write that kind; the signal's reason.
 */
export async function codedPicture(
  { width, height, rgba }: Raster,
  type: Exclude<PictureType, 'png'>,
  signal: AbortSignal,
  quality = QUALITY,
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(rgba as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
  const blob = await canvas.convertToBlob({ type: MIME_TYPES[type], quality });
  throwIfAborted(signal);
  // Browsers write a PNG instead of what they do not know.
  if (blob.type !== MIME_TYPES[type])
    throw new UnflatError('unsupported', `This browser cannot write ${type === 'webp' ? 'WebP' : 'JPEG'} pictures; choose another kind.`);
  return new Uint8Array(await blob.arrayBuffer());
}
