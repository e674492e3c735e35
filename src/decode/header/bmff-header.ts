import { boxesIn, heifItemBytes, readHeif, shownHeifItem, type HeifFile } from '../../core/index.ts';
import { readExif } from '../../core/index.ts';
import { startsWith } from './jpeg-header.ts';
import { headerOf, type ImageHeader } from './image-header.ts';

const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
/** Main brands of files that are sequences first; the image in them is shown. */
const SEQUENCES = ['avis', 'hevc', 'hevx', 'hevm', 'hevs', 'msf1'];
/** EXIF is a few kilobytes; makers' notes and a thumbnail in it some more. */
const MOST_EXIF_BYTES = 1 << 20;

/** AVIF and HEIC (ISO 23008-12): what the primary image says of itself. */
export function bmffHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (!startsWith(bytes, 4, 'ftyp')) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(bytes.length, view.getUint32(0));
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) brands.push(String.fromCharCode(...bytes.subarray(at, at + 4)));
  const avif = brands.includes('avif') || brands.includes('avis');
  if (!avif && !brands.some((brand) => HEIC_BRANDS.includes(brand)) && brands[0] !== 'mif1') return undefined;
  const header = headerOf(avif ? 'AVIF' : 'HEIC', 0, 0);
  header.animated = SEQUENCES.includes(brands[0] ?? '');
  const heif = readHeif(bytes);
  if (heif) describe(bytes, heif, header);
  else header.truncated = endsEarly(view);
  return header;
}

function describe(bytes: Uint8Array, heif: HeifFile, header: ImageHeader): void {
  const { items, references, places } = heif;
  const shown = shownHeifItem(heif);
  // The decoder turns and mirrors; what EXIF says of that does not count here.
  if (shown)
    Object.assign(header, { width: shown.width ?? 0, height: shown.height ?? 0, bitsPerChannel: Math.max(8, shown.bitsPerChannel ?? 8) });
  if (shown?.colour?.kind === 'nclx') header.cicp = { primaries: shown.colour.primaries, transfer: shown.colour.transfer };
  header.truncated = [...places.contents].some(
    ([id, { method, extents }]) => items.has(id) && method === 0 && extents.some(({ offset, length }) => offset + length > bytes.length),
  );
  const exif = references.find(({ type, from, to }) => type === 'cdsc' && items.get(from)?.type === 'Exif' && to.includes(shown?.id ?? 0));
  const content = exif && heifItemBytes(bytes, heif, exif.from, MOST_EXIF_BYTES);
  if (!content || content.length < 4) return;
  const tiff = 4 + new DataView(content.buffer).getUint32(0);
  if (tiff < content.length) Object.assign(header, readExif(content.subarray(tiff)));
  header.orientation = 1;
}

/** A box begins that the file does not hold to its end. */
function endsEarly(view: DataView): boolean {
  let end = 0;
  for (const box of boxesIn(view, 0, view.byteLength)) end = box.end;
  return end < view.byteLength;
}
