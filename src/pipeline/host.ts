import type { Raster, SourceFile } from '../core/index.ts';
import type { DecodedPhoto, DecodePhotoOptions } from './decode.ts';
import type { PluginTable } from './types.ts';

/** What a run needs of the machine; tests bring their own decoders. */
export interface PipelineHost {
  plugins: PluginTable;
  decodePhoto(file: SourceFile, options: DecodePhotoOptions): Promise<DecodedPhoto>;
  decodeImage(file: SourceFile, signal: AbortSignal): Promise<Raster>;
}

/** SHA-256 as 64 lower-case hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
