/** What went wrong, for programs; the message says it for people. */
export type UnflatErrorCode =
  | 'not-an-image'
  | 'unreadable-image'
  | 'image-too-large'
  | 'empty-file'
  | 'no-depth'
  | 'bad-depth'
  | 'bad-camera'
  | 'bad-scene'
  | 'unsupported'
  | 'out-of-memory'
  | 'graphics-unavailable'
  | 'graphics-lost'
  | 'storage-full'
  | 'bad-plugin'
  | 'no-model'
  | 'bad-model'
  | 'download-failed'
  | 'io';

/**
 * The one error class a person can meet. `message` names what happened, to which file,
 * and what to do; `code` is stable; `cause` holds the original failure.
 */
export class UnflatError extends Error {
  override readonly name = 'UnflatError';
  /** What went wrong, for programs; does not change between versions. */
  readonly code: UnflatErrorCode;
  /** What was found out about the files before it failed, in plain sentences; see `ConvertReport.notes`. */
  notes: readonly string[] = [];

  constructor(code: UnflatErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Whether a photo's own depth is missing, lost or damaged: a model may give it another. */
export function lacksDepth(error: unknown): error is UnflatError {
  return error instanceof UnflatError && (error.code === 'no-depth' || error.code === 'bad-depth');
}

/** Throws the signal's own reason, unwrapped, when the run was cancelled. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason;
}
