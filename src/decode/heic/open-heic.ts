import {
  readHeif,
  shownHeifItem,
  throwIfAborted,
  withHeifPrimary,
  type HeifFile,
  type HeifItem,
  type SourceFile,
} from '../../core/index.ts';
import { coloursOf } from './colours-of.ts';
import type { Pixels } from './lib-heif-decoder.ts';
import { loadHeicDecoder } from './load-heic-decoder.ts';

/** A HEIC photo's upright sRGB pixels, and what there is to say of it. */
export interface OpenedHeic {
  pixels: ImageBitmap | Pixels;
  warnings: string[];
  notes: string[];
}

/**
 * Opens a HEIC photo: with the browser's decoder where it has one, else with libheif, which is loaded then. Of a stereo pair it is
 * the left eye.
 * @param mostPixels of more it is refused before memory is taken.
 * @throws UnflatError `unreadable-image` or `image-too-large`, naming the file.
 */
export async function openHeic(file: SourceFile, mostPixels: number, signal: AbortSignal): Promise<OpenedHeic> {
  const heif = readHeif(file.bytes);
  const shown = heif && shownHeifItem(heif);
  const bytes = heif && shown && shown.id !== heif.primary ? (withHeifPrimary(file.bytes, heif, shown.id) ?? file.bytes) : file.bytes;
  const notes = heif ? notesOf(heif, file.name) : [];
  const bitmap = await decodeNatively(bytes, shown);
  if (signal.aborted) bitmap?.close();
  throwIfAborted(signal);
  if (bitmap) return { pixels: bitmap, warnings: [], notes };

  const decoder = await loadHeicDecoder(file.name, signal);
  const pixels = decoder.decode({ name: file.name, bytes }, mostPixels);
  const colours = coloursOf(shown?.colour);
  const warnings = colours?.hdr ? [hdrWarning(file, colours.hdr)] : [];
  return { pixels: colours ? convertedPixels(pixels, colours.convert) : pixels, warnings, notes };
}

/** What is said of a photo whose colours reach far beyond white. */
export function hdrWarning({ name }: SourceFile, hdr: 'PQ' | 'HLG'): string {
  return `${name} has HDR colours (${hdr}); what is brighter than white was compressed.`;
}

/** Undefined where the browser cannot, or gave another image than the one that was asked for. */
async function decodeNatively(bytes: Uint8Array, shown: HeifItem | undefined): Promise<ImageBitmap | undefined> {
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/heic' })).catch(() => undefined);
  if (!bitmap || !shown?.width || !shown.height) return bitmap;
  const [width, height] = shown.orientation >= 5 ? [shown.height, shown.width] : [shown.width, shown.height];
  if (bitmap.width === width && bitmap.height === height) return bitmap;
  bitmap.close();
  return undefined;
}

function notesOf({ stereoPairs, primary }: HeifFile, name: string): string[] {
  return stereoPairs.some((pair) => pair.includes(primary)) ? [`${name} is a stereo pair (spatial photo); its left image was opened.`] : [];
}

function convertedPixels(pixels: Pixels, convert: (rgba: Uint8ClampedArray) => void): Pixels {
  return {
    ...pixels,
    read(part) {
      const rgba = pixels.read(part);
      convert(rgba);
      return rgba;
    },
  };
}
