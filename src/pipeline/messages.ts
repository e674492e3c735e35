import { UnflatError, type Progress, type Scene, type SourceFile, type UnflatErrorCode } from '../core/index.ts';
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

/** What comes from the worker. `aborting` says that an abort arrived, so the worker is not stuck. */
export type FromWorker =
  | { type: 'ready' }
  | { type: 'storage-warning'; message: string }
  | { type: 'aborting'; id: number }
  | { type: 'progress'; id: number; progress: Progress }
  | { type: 'warning'; id: number; message: string }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; error: WireError };

/** An error as plain data: structured cloning forgets classes and codes. */
export interface WireError {
  name: string;
  message: string;
  stack?: string;
  code?: UnflatErrorCode;
  cause?: WireError;
}

export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = error instanceof UnflatError ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: toWire(error.cause) };
  return { name: error.name, message: error.message, stack: error.stack, ...code, ...cause };
}

export function fromWire(wire: WireError): Error {
  const options = wire.cause ? { cause: fromWire(wire.cause) } : undefined;
  let error: Error;
  if (wire.code) error = new UnflatError(wire.code, wire.message, options);
  else if (wire.name === 'TypeError') error = new TypeError(wire.message, options);
  else if (wire.name === 'AbortError') error = new DOMException(wire.message, 'AbortError');
  else error = Object.assign(new Error(wire.message, options), { name: wire.name });
  if (wire.stack && !(error instanceof DOMException)) error.stack = wire.stack;
  return error;
}
