import type { Progress, Scene, SourceFile, WireError } from '../core/index.ts';
import type { OptionValues } from 'unflat/plugin';
import type { ResultStoreOptions } from '../store/index.ts';
import type { ConvertResult, ConvertSettings } from './types.ts';

/** A file that the worker may already hold under its token; then only the token travels. */
export interface FileRef {
  token: number;
  file?: SourceFile | File;
}

export interface ConvertRequest {
  type: 'convert';
  photo: FileRef;
  map?: FileRef;
  settings: ConvertSettings;
  /** The scene is wanted as soon as there is one. */
  early?: true;
  store?: ResultStoreOptions;
}

export interface PreviewRequest {
  type: 'preview';
  photo: FileRef;
  map?: FileRef;
  settings: ConvertSettings;
  /** Longer side of the preview in pixels. */
  sizePx: number;
}

export interface SaveRequest {
  type: 'save';
  /** The scene by the token that came with it, or the scene itself. */
  scene: number | Scene;
  product: string;
  options: OptionValues;
}

export type Request = ConvertRequest | PreviewRequest | SaveRequest;

/** What goes to the worker; `inference` comes first, where there are networks: the worker's end of them. */
export type ToWorker = (Request & { id: number }) | { type: 'abort'; id: number } | { type: 'inference'; port: MessagePort };

/** What a converted scene comes back as: the worker keeps a copy under `token` for outputs. */
export interface ConvertedMessage {
  result: ConvertResult;
  token: number;
}

/** What comes from the worker. `early` brings a `ConvertedMessage` before the result; `aborting` says that an abort arrived, so the worker is not stuck. */
export type FromWorker =
  | { type: 'ready' }
  | { type: 'storage-warning'; message: string }
  | { type: 'aborting'; id: number }
  | { type: 'progress'; id: number; progress: Progress }
  | { type: 'warning'; id: number; message: string }
  | { type: 'early'; id: number; value: unknown }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; error: WireError };
