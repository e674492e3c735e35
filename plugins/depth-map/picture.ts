import { throwIfAborted, type PluginContext, type Raster } from 'unflat/plugin';
import { imageSize } from './image-size.ts';
import { COLOURED_SHARE, colouredWarning, isColoured, luma } from './luma.ts';
import { isPng } from './png-chunks.ts';
import { readPng } from './png.ts';
import { badDepth, checkSize, type RawDepth } from './raw-depth.ts';

/**
 * Reads the levels of a picture: PNG by library at its full 16 bits, all else with the platform's decoders at 8 bits.
 * @param what how to name it to a person.
 * @throws UnflatError `bad-depth` when it is no picture, damaged or too large.
 */
export async function readPicture(bytes: Uint8Array, what: string, context: PluginContext): Promise<RawDepth> {
  if (isPng(bytes)) {
    const map = readPng(bytes, what, (message) => context.warn(message));
    if (map) return map;
  }
  const size = imageSize(bytes);
  if (size) checkSize(what, size.width, size.height);
  const raster = await decode(bytes, what, context);
  checkSize(what, raster.width, raster.height);
  return levelsOf(raster, what, (message) => context.warn(message));
}

/** Decodes with the platform's decoders; the error says what the picture was for. */
export async function decode(bytes: Uint8Array, what: string, context: PluginContext): Promise<Raster> {
  try {
    return await context.decodeImage({ name: what, bytes });
  } catch (error) {
    throwIfAborted(context.signal);
    throw badDepth(what, 'it cannot be read as a picture or as an array; it may be damaged or of an unknown kind.', undefined, error);
  }
}

/** Brightness as depth; alpha 0 = unknown. */
export function levelsOf(raster: Raster, what: string, warn?: (message: string) => void): RawDepth {
  const { width, height, rgba } = raster;
  const values = new Float32Array(width * height);
  let coloured = 0;
  for (let i = 0, p = 0; i < values.length; i++, p += 4) {
    const red = rgba[p] ?? 0;
    const green = rgba[p + 1] ?? 0;
    const blue = rgba[p + 2] ?? 0;
    if (isColoured(red, green, blue, 255)) coloured++;
    values[i] = rgba[p + 3] === 0 ? NaN : luma(red, green, blue);
  }
  if (coloured > values.length * COLOURED_SHARE) warn?.(colouredWarning(what));
  return { width, height, values, what, fullScale: 255, meaning: 'guess', kind: 'picture', step: 1 };
}
