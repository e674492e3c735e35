import {
  heifItemBytes,
  readHeif,
  shownHeifItem,
  throwIfAborted,
  withHeifPrimary,
  type HeifFile,
  type HeifItem,
  type PluginContext,
  type SourceFile,
} from 'unflat/plugin';
import { applePixelData, type PixelData } from './apple-pixel-data.ts';
import { BRING_ORIGINAL, withRange } from './find-gdepth.ts';
import { turnLikePhoto } from './turn-upright.ts';
import { levelsOf } from './read-picture.ts';
import { badDepth, checkSize, type RawDepth } from './raw-depth.ts';

/** Auxiliary images that are depth: by HEVC's number, by MPEG's name, by Apple's. */
const DEPTH = /(:auxid:2|:auxiliary:depth|:aux:(depth|disparity))$/i;
/** Others, which look alike; what they are to people. Alpha is not worth a word. */
const OTHERS: readonly [RegExp, string][] = [
  [/gain-?map/i, 'a gain map for HDR screens'],
  [/matte/i, 'a cut-out mask (matte)'],
];
/** It has some hundred bytes. */
const MOST_XMP_BYTES = 1 << 20;

/**
 * Finds the depth image inside a HEIC or AVIF photo: iPhones' portrait photos, and others that follow the standard.
 * @param photo size of the photo, upright, in pixels.
 * @returns how to read it, upright like the photo; undefined where the file holds none.
 */
export function findHeif(
  { bytes, name }: SourceFile,
  photo: { width: number; height: number },
  context: PluginContext,
): (() => Promise<RawDepth>) | undefined {
  const heif = readHeif(bytes);
  const shown = heif && shownHeifItem(heif);
  if (!heif || !shown) return undefined;
  const auxiliaries = heif.references
    .filter(({ type, to }) => type === 'auxl' && to.includes(shown.id))
    .flatMap(({ from }) => heif.items.get(from) ?? []);
  for (const [pattern, what] of OTHERS) {
    if (auxiliaries.some(({ auxiliaryType = '' }) => pattern.test(auxiliaryType)))
      context.note(`${name} holds ${what}; that is not depth, so it was not used.`);
  }
  const depth = auxiliaries.find(({ auxiliaryType = '' }) => DEPTH.test(auxiliaryType));
  if (!depth) return undefined;
  return async () => {
    const map = await readDepth(bytes, heif, depth, name, context);
    // Without a turn of its own it lies as the photo's pixels do.
    return depth.orientation === 1 ? turnLikePhoto(map, shown.orientation, photo.width, photo.height) : map;
  };
}

async function readDepth(bytes: Uint8Array, heif: HeifFile, depth: HeifItem, name: string, context: PluginContext): Promise<RawDepth> {
  const what = `The depth inside ${name}`;
  if (depth.width !== undefined && depth.height !== undefined) checkSize(what, depth.width, depth.height);
  const copy = withHeifPrimary(bytes, heif, depth.id, { rawValues: true });
  const raster = await (copy ? context.decodeImage({ name: what, bytes: copy }) : Promise.reject(new Error('its id is too large'))).catch(
    (cause: unknown) => {
      throwIfAborted(context.signal);
      throw badDepth(what, 'it cannot be decoded: it is damaged or of an unknown kind.', BRING_ORIGINAL, cause);
    },
  );
  checkSize(what, raster.width, raster.height);
  const map = levelsOf(raster, what);
  const told = describe(bytes, heif, depth.id);
  if (told.isDistance) return withRange(map, { linear: true, ...told }, (message) => context.warn(message));
  return { ...map, meaning: depthRepresentation(depth.auxiliaryData) === 2 ? 'near-low' : 'near-high' };
}

/** What the XMP of the depth image says: metres instead of disparity, and from where to where they go. */
function describe(bytes: Uint8Array, heif: HeifFile, id: number): PixelData {
  const packets = heif.references.flatMap(({ type, from, to }) => {
    if (type !== 'cdsc' || !to.includes(id) || heif.items.get(from)?.type !== 'mime') return [];
    const content = heifItemBytes(bytes, heif, from, MOST_XMP_BYTES);
    return content ? [new TextDecoder().decode(content)] : [];
  });
  return applePixelData(packets);
}

/**
 * The message "depth representation information" (ITU-T H.265, annex F) behind the type of an auxiliary image: 0 = 1/distance,
 * 1 and 3 = disparity, 2 = distance. Undefined where it is not said.
 */
function depthRepresentation(data: Uint8Array | undefined): number | undefined {
  // Length, header of the unit (a prefix message), number of the message, its size.
  if (!data || data.length < 9 || data[4]! >> 1 !== 39 || data[6] !== 177) return undefined;
  // Behind four flags stands the kind, as an Exp-Golomb code.
  const code = data[8]! & 15;
  return code >= 8 ? 0 : code >> 1 === 2 ? 1 : code >> 1 === 3 ? 2 : 3;
}
