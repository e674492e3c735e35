import { fileKind, UnflatError, type SourceFile } from '../core/index.ts';
import { readImageHeader, type ImageHeader } from './header/index.ts';

/** More pixels than this are refused before any memory is taken for them. */
export const MOST_MEGAPIXELS = 300;

/** A large picture with fewer bytes than this a megapixel is a lie or a bomb; the flattest GIF has ten times as many. */
const FEWEST_BYTES_A_MEGAPIXEL = 100;
const LARGE_MEGAPIXELS = 50;

/**
 * What the file says of itself, if that can be a photo.
 * @throws UnflatError `empty-file`, `not-an-image`, `unreadable-image` or `image-too-large`.
 */
export function refuseHeader(file: SourceFile): ImageHeader {
  const { name, bytes } = file;
  if (bytes.length === 0) throw new UnflatError('empty-file', `${name} is empty (0 bytes). Copy or download it again.`);
  const header = readImageHeader(bytes);
  if (!header) {
    const { name: kind, asPhoto } = fileKind(bytes, name);
    throw new UnflatError('not-an-image', `${name} is ${kind}, not a photo that can be read here. ${asPhoto}`);
  }
  const { width, height, format } = header;
  const megapixels = (width * height) / 1e6;
  if (megapixels > MOST_MEGAPIXELS) {
    throw new UnflatError(
      'image-too-large',
      `${name} says it has ${width} × ${height} pixels (${Math.round(megapixels)} megapixels); at most ${MOST_MEGAPIXELS} are read. Save a smaller copy and open that.`,
    );
  }
  if (header.truncated)
    throw new UnflatError(
      'unreadable-image',
      `${name} is cut off: the ${format} file ends before the picture does. Copy or download it again.`,
    );
  if (width < 1 || height < 1)
    throw new UnflatError(
      'unreadable-image',
      `${name} is a damaged ${format} file: it says it has ${width} × ${height} pixels. Copy or download it again.`,
    );
  if (megapixels > LARGE_MEGAPIXELS && bytes.length < megapixels * FEWEST_BYTES_A_MEGAPIXEL) {
    throw new UnflatError(
      'unreadable-image',
      `${name} says it has ${width} × ${height} pixels, but its ${bytes.length} bytes cannot hold a photo of that size. Copy or download it again.`,
    );
  }
  return header;
}

/** Every browser decodes sides of this many pixels; Firefox none of more than 65,535. */
const LONGEST_SIDE = 32_767;

/** Why the browser could not decode a file whose header looked right. */
export function unreadable(file: SourceFile, header: ImageHeader, cause: unknown): UnflatError {
  const { name } = file;
  const megapixels = (header.width * header.height) / 1e6;
  if (megapixels > 100) {
    return new UnflatError(
      'image-too-large',
      `${name} has ${Math.round(megapixels)} megapixels, more than this browser can decode. Save a smaller copy and open that.`,
      { cause },
    );
  }
  const longest = Math.max(header.width, header.height);
  if (longest > LONGEST_SIDE) {
    return new UnflatError(
      'image-too-large',
      `${name} is ${longest} pixels ${header.width === longest ? 'wide' : 'high'}, more than this browser can decode. Save a smaller copy and open that.`,
      { cause },
    );
  }
  return new UnflatError(
    'unreadable-image',
    `${name} could not be decoded: the ${header.format} file is damaged or of a kind that this browser does not know. Open it in a photo program and save it as JPEG or PNG.`,
    { cause },
  );
}
