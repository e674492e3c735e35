import { UnflatError, type Rect, type SourceFile } from '../../core/index.ts';
import { isError, type LibHeif, type LibHeifFactory } from './libheif.ts';

/** Pixels that are read piece by piece. */
export interface Pixels {
  /** Upright size. */
  width: number;
  height: number;
  /** Straight RGBA of a part. */
  read(part: Rect): Uint8ClampedArray;
  /** Gives the memory back; to be called once. */
  close(): void;
}

/** A libheif whose memory has grown beyond this is let go: WebAssembly gives none back. */
const KEPT_BYTES = 64 * 2 ** 20;

/** Decodes HEIC photos with libheif, one after the other. */
export class LibHeifDecoder {
  readonly #create: LibHeifFactory;
  #kept: LibHeif | undefined;

  constructor(create: LibHeifFactory) {
    this.#create = create;
  }

  /**
   * Decodes the primary image, turned and mirrored as the file says, its colours as they are.
   * @param mostPixels of more it is refused before memory is taken.
   * @throws UnflatError `unreadable-image` or `image-too-large`, naming the file.
   */
  decode({ name, bytes }: SourceFile, mostPixels: number): Pixels {
    const heif = this.#kept ?? this.#create();
    // Where it fails on damaged data its memory may be damaged too.
    this.#kept = undefined;
    const cleanups: (() => void)[] = [];
    const cleanUp = (): void => cleanups.reverse().forEach((each) => each());
    const cannot = (reason: string, cause?: unknown): UnflatError =>
      new UnflatError(
        'unreadable-image',
        `${name} could not be decoded: the HEIC file is damaged or of a kind that is not known here (${reason}). Open it in a photo program and save it as JPEG.`,
        { cause },
      );
    try {
      const context = heif.heif_context_alloc();
      cleanups.push(() => heif.heif_context_free(context));
      const read = heif.heif_context_read_from_memory(context, bytes);
      if (read.code !== heif.heif_error_code.heif_error_Ok) throw cannot(read.message);
      const handle = heif.heif_js_context_get_primary_image_handle(context);
      if (isError(handle)) throw cannot(handle.message);
      cleanups.push(() => heif.heif_image_handle_release(handle));
      const [width, height] = [heif.heif_image_handle_get_width(handle), heif.heif_image_handle_get_height(handle)];
      if (width * height > mostPixels) throw tooLarge(name, width * height);
      const decoded = heif.heif_js_decode_image2(
        handle,
        heif.heif_colorspace.heif_colorspace_RGB,
        heif.heif_chroma.heif_chroma_interleaved_RGBA,
      );
      if (isError(decoded)) throw cannot(decoded.message);
      cleanups.push(() => heif.heif_image_release(decoded.image));
      const channel = decoded.channels.find(({ id }) => id === heif.heif_channel.heif_channel_interleaved);
      if (!channel) throw cannot('it has no colours');
      const { stride, data } = channel;
      const start = data.byteOffset;
      return {
        width: channel.width,
        height: channel.height,
        read({ x, y, width: partWidth, height: partHeight }) {
          const rgba = new Uint8ClampedArray(partWidth * partHeight * 4);
          for (let row = 0; row < partHeight; row++) {
            const from = start + (y + row) * stride + x * 4;
            rgba.set(heif.HEAPU8.subarray(from, from + partWidth * 4), row * partWidth * 4);
          }
          return rgba;
        },
        close: () => {
          cleanUp();
          if (heif.HEAPU8.length <= KEPT_BYTES) this.#kept = heif;
        },
      };
    } catch (cause) {
      if (!(cause instanceof UnflatError)) throw cannot(cause instanceof Error ? cause.message : 'the decoder stopped', cause);
      cleanUp();
      throw cause;
    }
  }
}

function tooLarge(name: string, pixels: number): UnflatError {
  return new UnflatError(
    'image-too-large',
    `${name} has ${Math.round(pixels / 1e6)} megapixels, more than can be decoded here. Save a smaller copy and open that.`,
  );
}
