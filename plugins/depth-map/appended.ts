import type { PluginContext } from 'unflat/plugin';
import { latin1 } from './bytes.ts';
import { exifOrientation } from './exif.ts';
import { appData, parseJpeg, type JpegPicture } from './jpeg.ts';
import { mpfOffsets } from './mpf.ts';
import { aspectDifference } from './orient.ts';
import { levelsOf } from './picture.ts';
import { MAX_SAMPLES, type RawDepth } from './raw-depth.ts';

/** Further pictures looked at in one file. */
const MAX_PICTURES = 16;
/** Starts of pictures without an end that are tried: each costs a pass over what is left of the file. */
const MAX_FAILURES = 4;
/** How much a map's shape may differ from its photo's. */
const SIMILAR = 0.06;
/** Grey pictures that go with photos but are no depth: gain maps (HDR) and cut-outs (mattes of hair, skin, sky …). */
const NO_DEPTH = /gain-?map|hdrgm|matte/i;
const SAYS_DEPTH = /depthdata|disparity|aux:depth|dd\/1\.0\/depthmap/i;

/** Whole JPEGs after the first one, where MPF says they are, else wherever they follow. */
function furtherPictures(bytes: Uint8Array, primary: JpegPicture): JpegPicture[] {
  const found = new Map<number, JpegPicture>();
  const add = (start: number): JpegPicture | undefined => {
    const picture = found.get(start) ?? parseJpeg(bytes, start);
    if (picture?.end !== undefined && picture.width && picture.height) found.set(start, picture);
    return picture;
  };
  for (const offset of mpfOffsets(bytes, primary).slice(0, MAX_PICTURES)) add(offset);
  let position = primary.end ?? bytes.length;
  for (let failures = 0; failures < MAX_FAILURES && found.size < MAX_PICTURES; ) {
    position = nextStart(bytes, position);
    if (position < 0) break;
    const end = add(position)?.end;
    if (end === undefined) failures++;
    position = end ?? position + 3;
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

/** Next place where a JPEG may begin (FF D8 FF), or −1. */
function nextStart(bytes: Uint8Array, position: number): number {
  for (let at = position; at + 2 < bytes.length; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff) return at;
  }
  return -1;
}

function appText(bytes: Uint8Array, picture: JpegPicture): string {
  return ['http://ns.adobe.com/xap/1.0/\0', 'Exif\0\0', 'urn:iso:std:iso:ts:21496:-1']
    .flatMap((signature) => [...appData(bytes, picture, signature), ...appData(bytes, picture, signature, 0xe2)]
      .map((data) => (signature.startsWith('urn') ? 'gainmap' : latin1(data, 0, Math.min(data.length, 65_536)))))
    .join('\n');
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

/** A map found, and its own EXIF orientation where it has one (it is then upright already). */
export interface AppendedDepth {
  map: RawDepth;
  ownOrientation?: number;
}

/**
 * Finds depth among the JPEGs appended to a photo (iPhones' JPEGs and others): a grey picture of the photo's shape,
 * white = near. Gain maps and mattes, which look alike, are told apart by their metadata; a picture that calls itself
 * depth goes first.
 */
export async function findAppended(bytes: Uint8Array, primary: JpegPicture, name: string, context: PluginContext): Promise<AppendedDepth | undefined> {
  const { width = 0, height = 0 } = primary;
  if (!width || !height || primary.end === undefined) return undefined;
  const candidates = furtherPictures(bytes, primary)
    .map((picture) => ({ picture, text: appText(bytes, picture), w: picture.width ?? 1, h: picture.height ?? 1 }))
    .filter(({ text, w, h }) => {
      const difference = Math.min(aspectDifference(w, h, width, height), aspectDifference(h, w, width, height));
      return w * h <= MAX_SAMPLES && w * h > 64 && difference <= SIMILAR && (SAYS_DEPTH.test(text) || !NO_DEPTH.test(text));
    })
    .sort((a, b) => Number(SAYS_DEPTH.test(b.text)) - Number(SAYS_DEPTH.test(a.text)));
  const what = `The depth inside ${name} (an appended picture)`;
  for (const { picture } of candidates) {
    // A second full-size picture in colour is a stereo pair or a preview: not worth decoding.
    if (picture.components !== 1 && (picture.width ?? 0) >= width) continue;
    const raster = await context.decodeImage({ name: what, bytes: bytes.subarray(picture.start, picture.end) }).catch(() => undefined);
    context.signal.throwIfAborted();
    if (!raster || !isGrey(raster.rgba)) continue;
    const map: RawDepth = { ...levelsOf(raster, what), meaning: 'near-high' };
    const ownOrientation = exifOrientation(bytes, picture);
    return ownOrientation === undefined ? { map } : { map, ownOrientation };
  }
  return undefined;
}
