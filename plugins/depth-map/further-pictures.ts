import { latin1 } from './bytes.ts';
import { containerItems, itemStarts, type ContainerItem } from './container-items.ts';
import { appData, parseJpeg, type JpegPicture } from './parse-jpeg.ts';
import { mpfEntries, type MpfEntry } from './mpf-entries.ts';
import type { Xmp } from './xmp.ts';

/** Further pictures looked at in one file. */
const MAX_PICTURES = 16;
/** Starts of pictures without an end that are tried: each costs a pass over what is left of the file. */
const MAX_FAILURES = 4;

/** What a picture that follows a photo in its file is said to be; `unnamed` where nothing says it. */
export type PictureKind = 'disparity' | 'distance' | 'gain-map' | 'matte' | 'preview' | 'view' | 'original' | 'other' | 'unnamed';

/** A whole JPEG that follows a photo in its file. */
export interface FurtherPicture extends JpegPicture {
  end: number;
  width: number;
  height: number;
  kind: PictureKind;
  /** Its own XMP, as text. */
  xmp: string;
}

/**
 * The pictures after the first one, where MPF or the container say they are, else wherever they follow, each with what the file
 * says of it. In this order: its own marks (Apple's auxiliary type, `hdrgm`, ISO 21496-1), the container's semantics, MPF's type,
 * and a gain map that the photo announces without saying which picture it is.
 */
export function furtherPictures(bytes: Uint8Array, primary: JpegPicture, xmp: Xmp): FurtherPicture[] {
  const entries = mpfEntries(bytes, primary);
  const items = containerItems(xmp);
  const pictures = wholePictures(bytes, primary, entries);
  const named = pictures.map((picture): FurtherPicture => {
    const own = xmpText(bytes, picture);
    const kind =
      saidByItself(bytes, picture, own) ??
      saidByContainer(items, pictures, picture, primary.end ?? 0, bytes.length) ??
      saidByMpf(entries, picture);
    return { ...picture, kind: kind ?? 'unnamed', xmp: own };
  });
  const announced = hasGainMapMark(bytes, primary, xmpText(bytes, primary)) && !named.some(({ kind }) => kind === 'gain-map');
  return announced ? named.map((picture) => (picture.kind === 'unnamed' ? { ...picture, kind: 'gain-map' } : picture)) : named;
}

type WholePicture = Omit<FurtherPicture, 'kind' | 'xmp'>;

function wholePictures(bytes: Uint8Array, primary: JpegPicture, entries: readonly MpfEntry[]): WholePicture[] {
  const found = new Map<number, WholePicture>();
  const add = (start: number): JpegPicture | undefined => {
    const picture = found.get(start) ?? parseJpeg(bytes, start);
    const { end, width, height } = picture ?? {};
    if (picture && end !== undefined && width && height) found.set(start, { ...picture, end, width, height });
    return picture;
  };
  for (const { start } of entries.slice(0, MAX_PICTURES)) add(start);
  let position = primary.end ?? bytes.length;
  for (let failures = 0; failures < MAX_FAILURES && found.size < MAX_PICTURES;) {
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

function xmpText(bytes: Uint8Array, picture: JpegPicture): string {
  return appData(bytes, picture, 'http://ns.adobe.com/xap/1.0/\0')
    .map((data) => latin1(data, 0, data.length))
    .join('\n');
}

/** ISO 21496-1, Adobe's and Android's `hdrgm`, Apple's. Photo and gain map both carry one. */
function hasGainMapMark(bytes: Uint8Array, picture: JpegPicture, xmp: string): boolean {
  return /hdr-?gain-?map|hdrgm/i.test(xmp) || appData(bytes, picture, 'urn:iso:std:iso:ts:21496:-1', 0xe2).length > 0;
}

function saidByItself(bytes: Uint8Array, picture: JpegPicture, xmp: string): PictureKind | undefined {
  const auxiliary = /AuxiliaryImageType\s*(?:=\s*["']|>)\s*([^"'<]*)/.exec(xmp)?.[1]?.trim().toLowerCase() ?? '';
  if (hasGainMapMark(bytes, picture, xmp)) return 'gain-map';
  if (/matte/i.test(xmp)) return 'matte';
  if (/(^|:)depth$/.test(auxiliary)) return 'distance';
  if (/disparity/.test(auxiliary) || /depthdata:|ns\.apple\.com\/depthdata/i.test(xmp)) return 'disparity';
  return auxiliary === '' ? undefined : 'other';
}

/** Items are found by their place; where that is not told soundly, by their length, or in turn where there are as many as pictures. */
function saidByContainer(
  items: readonly ContainerItem[],
  pictures: readonly WholePicture[],
  { start, end }: WholePicture,
  primaryEnd: number,
  fileLength: number,
): PictureKind | undefined {
  const further = items.map((item, index) => ({ ...item, starts: itemStarts(items, index, primaryEnd, fileLength) })).slice(1);
  const item =
    further.find(({ starts, length }) => length > 0 && starts.includes(start)) ??
    further.find(({ length }) => length === end - start) ??
    (further.length === pictures.length ? further[pictures.findIndex((picture) => picture.start === start)] : undefined);
  const said = item && (item.semantic || item.uri.toLowerCase());
  if (!said) return undefined;
  if (/gain/.test(said)) return 'gain-map';
  // Android's depth maps are white = far, and read elsewhere with their range; what is left of a lost one is not to be guessed at.
  if (/original/.test(said)) return 'original';
  return 'other';
}

/** Type codes of CIPA DC-007. */
function saidByMpf(entries: readonly MpfEntry[], picture: WholePicture): PictureKind | undefined {
  const type = entries.find(({ start }) => start === picture.start)?.type ?? 0;
  if (type === 0x050000) return 'gain-map';
  if (type === 0x040000) return 'original';
  // Panoramas, stereo pairs ("disparity": two eyes, no map) and views from several angles.
  if (type >> 16 === 2) return 'view';
  if (type >> 16 === 1) return 'preview';
  return type === 0 ? undefined : 'other';
}
