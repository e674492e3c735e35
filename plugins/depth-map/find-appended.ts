import type { PluginContext, Raster } from 'unflat/plugin';
import { applePixelData } from './apple-pixel-data.ts';
import { exifOrientation } from './exif-orientation.ts';
import { furtherPictures, type FurtherPicture, type PictureKind } from './further-pictures.ts';
import { BRING_ORIGINAL, withRange } from './find-gdepth.ts';
import type { JpegPicture } from './parse-jpeg.ts';
import { whyNoDepth } from './why-no-depth.ts';
import { aspectDifference } from './turn-upright.ts';
import { levelsOf } from './read-picture.ts';
import { badDepth, MAX_SAMPLES, type RawDepth } from './raw-depth.ts';
import type { Xmp } from './xmp.ts';

/** How much a map's shape may differ from its photo's. */
const SIMILAR = 0.06;
/** Unnamed pictures that are decoded and looked at. */
const MAX_LOOKS = 4;

/** What to say of a picture that is named and no depth. */
const NO_DEPTH: Partial<Record<PictureKind, string>> = {
  'gain-map': 'a gain map for HDR screens; that is not depth, so it was not used',
  matte: 'a cut-out mask (matte); that is not depth, so it was not used',
  preview: 'a preview of itself; that is not depth, so it was not used',
  view: 'a second view of the scene, as stereo photos do; the first view was opened, and the second was not used',
  original: 'its original from before editing; that is not depth, so it was not used',
  other: 'another image that is not depth by what the file says, so it was not used',
};

/** The photo whose file is searched. */
export interface SearchedFile {
  bytes: Uint8Array;
  picture: JpegPicture;
  xmp: Xmp;
  name: string;
  /** The photo, upright. */
  raster: Raster;
  /** Turns a map as the photo is turned. */
  upright(map: RawDepth): RawDepth;
}

/**
 * Finds depth among the JPEGs appended to a photo (iPhones' JPEGs and others). One that calls itself depth is taken; one that
 * nothing names only where everything speaks for it, see {@link whyNoDepth}. What was found is told in notes.
 * @returns the map, upright.
 * @throws UnflatError `bad-depth` when a picture calls itself depth and is damaged.
 */
export async function findAppended(file: SearchedFile, context: PluginContext): Promise<RawDepth | undefined> {
  const { bytes, picture: primary, xmp, name } = file;
  if (!primary.width || !primary.height || primary.end === undefined) return undefined;
  const pictures = furtherPictures(bytes, primary, xmp);
  for (const { kind } of pictures) if (NO_DEPTH[kind]) context.note(`${name} holds ${NO_DEPTH[kind]}.`);
  const calledDepth = pictures.find((picture) => (picture.kind === 'disparity' || picture.kind === 'distance') && fits(picture, primary));
  if (calledDepth) return readNamed(file, calledDepth, context);
  let looks = 0;
  for (const picture of pictures) {
    if (picture.kind !== 'unnamed' || picture.width * picture.height <= 64) continue;
    const problem = unfit(picture, primary) ?? (++looks > MAX_LOOKS ? 'there are too many of them to look at' : undefined);
    const read = problem ?? (await readUnnamed(file, picture, context));
    if (typeof read !== 'string') {
      context.note(
        `${name} holds another image that the file says nothing about; it was used as depth, because it is grey and smooth, its edges are the photo’s, and it does not look like the photo. If that is wrong, choose a depth model.`,
      );
      return read;
    }
    context.note(
      `${name} holds another image that the file says nothing about; it was not used as depth, because ${read}. If it is depth, add it as a separate file.`,
    );
  }
  return undefined;
}

function fits({ width, height }: FurtherPicture, primary: JpegPicture): boolean {
  const { width: w = 1, height: h = 1 } = primary;
  const difference = Math.min(aspectDifference(width, height, w, h), aspectDifference(height, width, w, h));
  return width * height <= MAX_SAMPLES && difference <= SIMILAR;
}

/** What tells without decoding it that an unnamed picture is no depth. */
function unfit(picture: FurtherPicture, primary: JpegPicture): string | undefined {
  if (!fits(picture, primary)) return 'it has another shape than the photo';
  // A second full-size picture in colour is a stereo partner or a copy: not worth decoding.
  return picture.components !== 1 && picture.width >= (primary.width ?? 0) ? 'it is as large as the photo and in colour' : undefined;
}

async function readNamed(file: SearchedFile, picture: FurtherPicture, context: PluginContext): Promise<RawDepth> {
  const what = `The depth inside ${file.name} (an appended picture)`;
  const raster = await decode(file, picture, what, context);
  if (!raster) throw badDepth(what, 'it cannot be read as a picture.', BRING_ORIGINAL);
  context.note(`${what} was used, as the file calls it depth.`);
  const levels = uprightOf(file, picture, levelsOf(raster, what));
  if (picture.kind === 'disparity') return { ...levels, meaning: 'near-high' };
  return withRange(levels, { linear: true, ...applePixelData([picture.xmp]) }, (message) => context.warn(message));
}

/** @returns the map, or why it is none. */
async function readUnnamed(file: SearchedFile, picture: FurtherPicture, context: PluginContext): Promise<RawDepth | string> {
  const what = `The depth inside ${file.name} (an appended picture)`;
  const raster = await decode(file, picture, what, context);
  if (!raster) return 'it cannot be read';
  if (!isGrey(raster.rgba)) return 'it is in colour';
  const map = uprightOf(file, picture, levelsOf(raster, what));
  return whyNoDepth(map, file.raster) ?? map;
}

async function decode({ bytes }: SearchedFile, picture: FurtherPicture, what: string, context: PluginContext): Promise<Raster | undefined> {
  const raster = await context.decodeImage({ name: what, bytes: bytes.subarray(picture.start, picture.end) }).catch(() => undefined);
  context.signal.throwIfAborted();
  return raster;
}

/** A picture with an orientation of its own was decoded upright already. */
function uprightOf({ bytes, upright }: SearchedFile, picture: FurtherPicture, map: RawDepth): RawDepth {
  return exifOrientation(bytes, picture) === undefined ? upright(map) : map;
}

/** A picture is grey when no pixel in a hundred has channels that differ by more than JPEG's rounding. */
function isGrey(rgba: Uint8ClampedArray): boolean {
  let coloured = 0;
  for (let p = 0; p < rgba.length; p += 4) {
    const red = rgba[p] ?? 0;
    const green = rgba[p + 1] ?? 0;
    const blue = rgba[p + 2] ?? 0;
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 8) coloured++;
  }
  return coloured * 100 <= rgba.length / 4;
}
