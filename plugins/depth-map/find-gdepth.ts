import type { PluginContext } from 'unflat/plugin';
import { decodeBase64 } from './bytes.ts';
import { readPicture } from './read-picture.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';
import { properties, type Xmp } from './xmp.ts';

const NAMESPACE = 'http://ns.google.com/photos/1.0/depthmap/';
/** What to do when the depth that a photo claims to hold is not there. */
export const BRING_ORIGINAL = 'Editors and messengers often drop it: use the original file, or add a separate depth map.';

/** How levels stand for distance: RangeInverse (levels are linear in 1/distance) or RangeLinear. */
export interface RangeFormat {
  linear: boolean;
  /** Distances of level 0 and of the highest level; not always given, and only needed for RangeLinear. */
  near?: number;
  far?: number;
}

/** Reads Format, Near and Far, whatever their case; RangeInverse is the default. */
export function rangeFormat(values: ReadonlyMap<string, string>): RangeFormat {
  const number = (name: string): number | undefined => {
    const value = Number.parseFloat(values.get(name) ?? '');
    return Number.isFinite(value) ? value : undefined;
  };
  return { linear: (values.get('Format') ?? '').trim().toLowerCase() === 'rangelinear', near: number('Near'), far: number('Far') };
}

/**
 * Gives a picture the meaning of its range format. Level 0 is near, the highest is far; RangeInverse levels are
 * linear in disparity, so they need no near and far here.
 */
export function withRange(map: RawDepth, format: RangeFormat, warn: (message: string) => void): RawDepth {
  const { linear, near, far } = format;
  if (!linear) return { ...map, meaning: 'near-low' };
  if (near !== undefined && far !== undefined && near > 0 && far > near) return { ...map, meaning: 'near-low', range: { near, far } };
  warn(`${map.what} gives no valid near and far distances; its values were read as relative depth.`);
  return { ...map, meaning: 'near-low' };
}

/**
 * Finds the GDepth map in a photo's XMP (Google's Depthmap Metadata: Lens Blur, older Pixels and others).
 * @throws UnflatError `bad-depth` when the XMP announces depth that is not there.
 */
export function findGDepth(xmp: Xmp, name: string): { what: string; read(context: PluginContext): Promise<RawDepth> } | undefined {
  const values = new Map<string, string>();
  for (const document of xmp.documents) properties(document, NAMESPACE, values);
  const data = values.get('Data');
  const what = `The depth inside ${name} (GDepth)`;
  if (!data) {
    if (values.size === 0) return undefined;
    throw badDepth(what, `the photo announces it, but ${xmp.damage ?? 'its data is missing'}.`, BRING_ORIGINAL);
  }
  return {
    what,
    async read(context) {
      const bytes = decodeBase64(data);
      if (bytes.length === 0) throw badDepth(what, 'its data is empty.', BRING_ORIGINAL);
      return withRange(await readPicture(bytes, what, context), rangeFormat(values), (message) => context.warn(message));
    },
  };
}
