/** The part of libheif's JavaScript interface that is used; any build of libheif that has it will do. */
export interface LibHeif {
  /** The memory, as it is now: growing replaces it. */
  HEAPU8: Uint8Array;
  heif_error_code: { heif_error_Ok: unknown };
  heif_colorspace: { heif_colorspace_RGB: unknown };
  heif_chroma: { heif_chroma_interleaved_RGBA: unknown };
  heif_channel: { heif_channel_interleaved: unknown };
  heif_context_alloc(): object;
  heif_context_free(context: object): void;
  heif_context_read_from_memory(context: object, bytes: Uint8Array): LibHeifError;
  heif_js_context_get_primary_image_handle(context: object): object | LibHeifError;
  heif_image_handle_get_width(handle: object): number;
  heif_image_handle_get_height(handle: object): number;
  heif_image_handle_release(handle: object): void;
  heif_js_decode_image2(handle: object, space: unknown, chroma: unknown): LibHeifImage | LibHeifError;
  heif_image_release(image: object): void;
}

/** `code` is absent in results that are none. */
export interface LibHeifError {
  code: unknown;
  message: string;
}

/** A decoded image; `data` lies in libheif's memory. */
export interface LibHeifImage {
  image: object;
  channels: { id: unknown; width: number; height: number; stride: number; data: Uint8Array }[];
}

/** Makes a libheif with a memory of its own. */
export type LibHeifFactory = () => LibHeif;

export function isError(result: object): result is LibHeifError {
  return 'code' in result && result.code !== undefined;
}
