import { fileKind, finish, runPasses, throwIfAborted, UnflatError, type Passes, type PluginContext, type Raster } from 'unflat/plugin';
import { depthOfColours, type ColourReading, type ColourWords } from './colour-reading.ts';
import { fileOrientation } from './exif-orientation.ts';
import { imageSize } from './image-size.ts';
import { turnUpright } from './turn-upright.ts';
import { isPng } from './read-png-header.ts';
import { readPng } from './read-png.ts';
import { badDepth, checkSize, type RawDepth } from './raw-depth.ts';

/**
 * Reads the levels of a picture: PNG by library at its full 16 bits, all else with the platform's decoders at 8 bits.
 * @param what how to name it to a person.
 * @param reading how to read a picture in colours.
 * Either way it comes upright, as its EXIF says.
 * @throws UnflatError `bad-depth` when it is no picture, damaged, too large, or in colours that mean nothing.
 */
export async function readPicture(
  bytes: Uint8Array,
  what: string,
  context: PluginContext,
  reading: ColourReading = 'auto',
): Promise<RawDepth> {
  if (isPng(bytes)) {
    const map = await runPasses(mapOfPng(bytes, what, reading, context), context.signal);
    if (map) return map;
  }
  const size = imageSize(bytes);
  if (size) checkSize(what, size.width, size.height);
  const { width, height, rgba } = await decode(bytes, what, context);
  checkSize(what, width, height);
  return runPasses(depthOfColours({ data: rgba, channels: 4 }, width, height, what, reading, context), context.signal);
}

function* mapOfPng(bytes: Uint8Array, what: string, reading: ColourReading, say: ColourWords): Passes<RawDepth | undefined> {
  const png = yield* readPng(bytes, what);
  if (!png) return undefined;
  yield;
  const map = png.colours ? yield* depthOfColours(png.colours, png.map.width, png.map.height, what, reading, say) : png.map;
  yield;
  return turnUpright(map, fileOrientation(bytes) ?? 1);
}

/** Decodes with the platform's decoders; the error says what the picture was for. */
export async function decode(bytes: Uint8Array, what: string, context: PluginContext): Promise<Raster> {
  try {
    return await context.decodeImage({ name: what, bytes });
  } catch (error) {
    throwIfAborted(context.signal);
    if (error instanceof UnflatError && error.code === 'not-an-image') {
      const { name, asMap } = fileKind(bytes, what);
      throw badDepth(what, `it is ${name}, which is not read as a depth map.`, asMap, error);
    }
    throw badDepth(what, 'it cannot be decoded as a picture; it may be damaged.', undefined, error);
  }
}

/** Read by brightness there is nothing to say. */
const SILENT: ColourWords = { note: () => undefined, howToSet: () => '' };

/** Brightness of a grey picture as depth; less than half opaque = unknown. */
export function levelsOf(raster: Raster, what: string): RawDepth {
  return finish(depthOfColours({ data: raster.rgba, channels: 4 }, raster.width, raster.height, what, 'brightness', SILENT));
}
