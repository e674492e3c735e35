import type { ModelRow, WireError } from '../core/index.ts';

/** What the worker that downloads is asked for: an address, or the files of a plugin's models. */
export type DownloadRequest = AddressRequest | { models: ModelRow };

export interface AddressRequest {
  address: string;
  /** Longest answer, in bytes. */
  mostBytes: number;
  /** What a plugin asks for may not lead on to another host, and may fail in any way that the host likes. */
  isAsked?: true;
}

/** The bytes so far, or the end. */
export type DownloadAnswer =
  | { here: number }
  | { status: number; bytes: Uint8Array<ArrayBuffer> }
  | { files: DownloadedFile[] }
  | { why: string }
  | { error: WireError };

/** A file of a model. */
export interface DownloadedFile {
  path: string;
  bytes: Uint8Array<ArrayBuffer>;
}
