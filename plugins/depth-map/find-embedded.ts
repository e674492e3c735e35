import { UnflatError, type Photo, type PluginContext, type SourceFile } from 'unflat/plugin';
import { findAppended } from './find-appended.ts';
import { findDynamicDepth } from './find-dynamic-depth.ts';
import { exifOrientation } from './exif-orientation.ts';
import { findGDepth } from './find-gdepth.ts';
import { findHeif } from './find-heif.ts';
import { findHuawei } from './find-huawei.ts';
import { parseJpeg, type JpegPicture } from './parse-jpeg.ts';
import { turnLikePhoto } from './turn-upright.ts';
import type { RawDepth } from './raw-depth.ts';
import { findSamsung } from './find-samsung.ts';
import { readXmp, type Xmp } from './xmp.ts';

type Read = (context: PluginContext) => Promise<RawDepth>;

/**
 * Looks for depth inside a photo's file, without decoding it where that can be helped: trailers of Samsung and Huawei,
 * Dynamic Depth, GDepth, appended pictures, in this order (the surest first).
 * @returns how to read it, upright like the photo; undefined where the file holds none.
 * @throws UnflatError `bad-depth` when the photo announces depth that is damaged or missing, and holds no other.
 */
export async function findEmbedded(file: SourceFile, photo: Photo, context: PluginContext): Promise<Read | undefined> {
  const { bytes, name } = file;
  const picture = parseJpeg(bytes);
  if (!picture) {
    const heif = findHeif(file, { width: photo.originalWidth, height: photo.originalHeight }, context);
    return heif && told(heif);
  }
  const orientation = exifOrientation(bytes, picture) ?? 1;
  const upright = (map: RawDepth): RawDepth => turnLikePhoto(map, orientation, photo.originalWidth, photo.originalHeight);
  const lazyXmp = once(() => readXmp(bytes, picture));

  const finders: (() => Promise<Read | undefined> | Read | undefined)[] = [
    () => {
      const map = findSamsung(bytes, name, storedAspect(picture, photo), picture.end ?? bytes.length);
      return map && told(() => Promise.resolve(upright(map)));
    },
    () => {
      const map = findHuawei(bytes, name, picture.end ?? bytes.length);
      return map && told(() => Promise.resolve(map));
    },
    () => uprightOf(findDynamicDepth(bytes, picture, lazyXmp(), name), upright),
    () => uprightOf(findGDepth(lazyXmp(), name), upright),
    async () => {
      const map = await findAppended({ bytes, picture, xmp: lazyXmp(), name, raster: photo, upright }, context);
      return map && (() => Promise.resolve(map));
    },
  ];
  let failure: UnflatError | undefined;
  for (const find of finders) {
    try {
      const read = await find();
      if (read) return read;
    } catch (error) {
      if (!(error instanceof UnflatError)) throw error;
      // Another kind of depth in the same file may still be sound.
      failure ??= error;
    }
  }
  if (failure) throw failure;
  return undefined;
}

function uprightOf(found: { read: Read } | undefined, upright: (map: RawDepth) => RawDepth): Read | undefined {
  return found && told(async (context) => upright(await found.read(context)));
}

/** Says what was read. */
function told(read: Read): Read {
  return async (context) => {
    const map = await read(context);
    context.note(`${map.what} was used.`);
    return map;
  };
}

function storedAspect(picture: JpegPicture, photo: Photo): number {
  return picture.width && picture.height ? picture.width / picture.height : photo.originalWidth / photo.originalHeight;
}

function once(make: () => Xmp): () => Xmp {
  let value: Xmp | undefined;
  return () => (value ??= make());
}
