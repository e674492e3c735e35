import { fitInto, nextTask, throwIfAborted, UnflatError, type Photo, type Raster, type Rect, type SourceFile } from '../core/index.ts';
import { AreaScaler } from './area-scaler.ts';
import { MOST_MEGAPIXELS, refuseHeader, unreadable } from './decode-errors.ts';
import { type ImageHeader } from './header/index.ts';
import { hdrWarning, openHeic, type HeicColours, type Pixels } from './heic/index.ts';
import { plainFile } from './plain-file.ts';
import { checkReadBack } from './read-back.ts';
import { sizeWarning } from './size-warning.ts';

export interface DecodePhotoOptions {
  /** Longer side of the working picture, in pixels. */
  longerSidePx: number;
  /** Longer side of the detail picture, in pixels; 0 = none. */
  detailPx: number;
  /** SHA-256 of the file. */
  hash: string;
  /** The part of the upright, full-size picture to take; default all. */
  crop?: Rect;
  signal: AbortSignal;
  onProgress?(fraction: number): void;
}

export interface DecodedPhoto {
  photo: Photo;
  /** The photo at a higher resolution, where it has one that is worth it. */
  detail?: Raster;
  warnings: string[];
  /** How the file was understood. */
  notes: string[];
}

/** A detail picture less than this much larger than the working picture shows nothing more. */
const WORTHWHILE = 1.2;
/** Above this a person may wonder where their pixels went. */
const LARGE_MEGAPIXELS = 32;
/** Longer side above which pictures for plugins are scaled down: bounds memory, and no depth map is finer. */
const PLUGIN_LONGER_SIDE = 4096;

/**
 * Decodes a photo with the browser's decoders: upright, sRGB, opaque, at working size by exact area averaging.
 * The full-size pixels are read strip by strip, so memory stays small.
 * @throws UnflatError `empty-file`, `not-an-image`, `unreadable-image` or `image-too-large`, naming the file.
 */
export async function decodePhoto(file: SourceFile, options: DecodePhotoOptions): Promise<DecodedPhoto> {
  const { signal, longerSidePx, detailPx } = options;
  const header = refuseHeader(file);
  const picture = await openPicture(file, header, signal);
  try {
    const noise = picture.pixels instanceof ImageBitmap ? checkReadBack(file.name) : undefined;
    if (noise) picture.warnings = [...(picture.warnings ?? []), noise];
    const area = options.crop ?? { x: 0, y: 0, width: picture.width, height: picture.height };
    const size = fitInto(area.width, area.height, longerSidePx);
    const detailSize = fitInto(area.width, area.height, detailPx);
    const wantsDetail = detailPx > 0 && Math.max(detailSize.width, detailSize.height) >= WORTHWHILE * Math.max(size.width, size.height);
    const sizes = wantsDetail ? [size, detailSize] : [size];
    const { rasters, transparent } = await readScaled(picture, area, sizes, signal, { onProgress: options.onProgress });
    const photo: Photo = {
      ...rasters[0]!,
      name: file.name,
      hash: options.hash,
      originalWidth: area.width,
      originalHeight: area.height,
      ...(header.focal35mm !== undefined && !options.crop && { focalLength: header.focal35mm / 36 }),
    };
    const detail = rasters[1];
    const odd = sizeWarning(file.name, area, photo);
    return {
      photo,
      ...(detail && { detail }),
      warnings: [...warningsFor(file, header, picture, detail ?? photo, transparent), ...(odd === undefined ? [] : [odd])],
      notes: picture.notes ?? [],
    };
  } finally {
    picture.pixels.close();
  }
}

/**
 * Decodes a picture for a plugin, at its own size up to 4096 pixels, with straight alpha: 0 = transparent, and its colour means nothing.
 * @throws UnflatError as decodePhoto.
 */
export async function decodeImage(file: SourceFile, signal: AbortSignal): Promise<Raster> {
  const picture = await openPicture(file, refuseHeader(file), signal);
  try {
    const area = { x: 0, y: 0, width: picture.width, height: picture.height };
    const { rasters } = await readScaled(picture, area, [fitInto(picture.width, picture.height, PLUGIN_LONGER_SIDE)], signal, {
      keepsAlpha: true,
    });
    return rasters[0]!;
  } finally {
    picture.pixels.close();
  }
}

interface Picture {
  /** A bitmap of the browser's, or pixels of a decoder of ours, upright. */
  pixels: ImageBitmap | Pixels;
  /** EXIF orientation that the browser left to us. */
  orientation: number;
  /** Makes what is read sRGB. */
  convert?: HeicColours['convert'];
  /** Upright size. */
  width: number;
  height: number;
  warnings?: string[];
  notes?: string[];
}

async function openPicture(file: SourceFile, header: ImageHeader, signal: AbortSignal): Promise<Picture> {
  throwIfAborted(signal);
  if (header.format === 'HEIC') {
    const opened = await openHeic(file, MOST_MEGAPIXELS * 1e6, signal);
    return { ...opened, orientation: 1, width: opened.pixels.width, height: opened.pixels.height };
  }
  const { bytes, orientation, colours } = plainFile(file, header);
  const options: ImageBitmapOptions = { imageOrientation: header.format === 'WebP' ? 'none' : 'from-image', premultiplyAlpha: 'default' };
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]), options).catch((cause: unknown) => {
    throw unreadable(file, header, cause);
  });
  if (signal.aborted) bitmap.close();
  throwIfAborted(signal);
  const [width, height] = orientation >= 5 ? [bitmap.height, bitmap.width] : [bitmap.width, bitmap.height];
  const warnings = colours?.hdr ? [hdrWarning(file, colours.hdr)] : [];
  return { pixels: bitmap, orientation, width, height, warnings, ...(colours && { convert: colours.convert }) };
}

/** Pixels that are read back at once. */
const STRIP_PIXELS = 1 << 20;

async function readScaled(
  picture: Picture,
  area: Rect,
  sizes: { width: number; height: number }[],
  signal: AbortSignal,
  { onProgress, keepsAlpha = false }: { onProgress?: ((fraction: number) => void) | undefined; keepsAlpha?: boolean } = {},
): Promise<{ rasters: Raster[]; transparent: boolean }> {
  const scalers = sizes.map(({ width, height }) => new AreaScaler(area, width, height, keepsAlpha));
  const rows = Math.max(1, Math.min(area.height, 4096, Math.floor(STRIP_PIXELS / area.width)));
  const readStrip = picture.pixels instanceof ImageBitmap ? stripsOf(picture.pixels, picture, area, rows) : picture.pixels.read;
  let transparent = false;
  for (let y = 0; y < area.height; y += rows) {
    const height = Math.min(rows, area.height - y);
    const data = readStrip({ x: area.x, y: area.y + y, width: area.width, height });
    picture.convert?.(data);
    if (!keepsAlpha) transparent = overWhite(data) || transparent;
    for (const scaler of scalers) scaler.push(data);
    onProgress?.((y + height) / area.height);
    await nextTask();
    throwIfAborted(signal);
  }
  return { rasters: scalers.map((scaler) => scaler.result), transparent };
}

/** Chromium reads nothing back from canvases wider than 65,535 pixels, others from much narrower ones. */
const WIDEST_CANVAS = 4096;

/** Reads a bitmap through a canvas of some rows, turned upright, and column by column where the picture is wider. */
function stripsOf(bitmap: ImageBitmap, picture: Picture, area: Rect, rows: number): Pixels['read'] {
  const widest = Math.min(area.width, WIDEST_CANVAS);
  const canvas = 'OffscreenCanvas' in globalThis ? new OffscreenCanvas(widest, rows) : undefined;
  const context = canvas?.getContext('2d', { willReadFrequently: true });
  if (!context)
    throw new UnflatError(
      'graphics-unavailable',
      'This browser cannot decode photos in workers; use a current Chrome, Edge, Firefox or Safari.',
    );
  const readColumn = ({ x, y, width, height }: Rect): Uint8ClampedArray => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, widest, rows);
    context.translate(-x, -y);
    turn(context, picture);
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, width, height).data;
  };
  return (part) => {
    if (part.width <= widest) return readColumn(part);
    const rgba = new Uint8ClampedArray(part.width * part.height * 4);
    for (let left = 0; left < part.width; left += widest) {
      const width = Math.min(widest, part.width - left);
      const column = readColumn({ ...part, x: part.x + left, width });
      for (let row = 0; row < part.height; row++)
        rgba.set(column.subarray(row * width * 4, (row + 1) * width * 4), (row * part.width + left) * 4);
    }
    return rgba;
  };
}

/** EXIF orientations 2..8 as canvas transforms, for the upright size. */
function turn(context: OffscreenCanvasRenderingContext2D, { orientation, width, height }: Picture): void {
  const matrices: Record<number, [number, number, number, number, number, number]> = {
    2: [-1, 0, 0, 1, width, 0],
    3: [-1, 0, 0, -1, width, height],
    4: [1, 0, 0, -1, 0, height],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, width, 0],
    7: [0, -1, -1, 0, width, height],
    8: [0, -1, 1, 0, 0, height],
  };
  const matrix = matrices[orientation];
  if (matrix) context.transform(...matrix);
}

/** Puts transparent pixels on white, in place. @returns whether there were any. */
function overWhite(rgba: Uint8ClampedArray): boolean {
  const words = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
  let found = false;
  for (let i = 0; i < words.length; i++) {
    if (words[i]! >= 0xff000000) continue;
    found = true;
    const at = i * 4;
    const alpha = rgba[at + 3]! / 255;
    for (let c = at; c < at + 3; c++) rgba[c] = rgba[c]! * alpha + 255 * (1 - alpha);
    rgba[at + 3] = 255;
  }
  return found;
}

function warningsFor(file: SourceFile, header: ImageHeader, picture: Picture, largest: Raster, transparent: boolean): string[] {
  const warnings: string[] = [...(picture.warnings ?? [])];
  const megapixels = (picture.width * picture.height) / 1e6;
  if (megapixels > LARGE_MEGAPIXELS) {
    warnings.push(`${file.name} has ${Math.round(megapixels)} megapixels; it was scaled to ${largest.width} × ${largest.height} pixels.`);
  }
  if (header.animated) warnings.push(`${file.name} is animated; its first frame was taken.`);
  if (transparent) warnings.push(`${file.name} has transparent parts; they were put on white.`);
  if (header.cmyk) warnings.push(`${file.name} has printing colours (CMYK); they were converted and may look a little different.`);
  if (header.bitsPerChannel > 8) warnings.push(`${file.name} has ${header.bitsPerChannel} bits a channel; 8 of them were used.`);
  return warnings;
}
