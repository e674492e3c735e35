import type { UnflatErrorCode } from '../core/index.ts';

/**
 * What went wrong, for programs. Beside the app's own: `usage`, the command line cannot be followed; `stopped`, a signal ended the run;
 * `not-found`; `would-replace`, a file of somebody else lies where one would be written; `no-browser`, none is there or it does not start;
 * `browser-ended`, its process ended twice at this photo; `not-written`, some of the files are missing.
 */
export type CliErrorCode =
  UnflatErrorCode | 'usage' | 'stopped' | 'not-found' | 'would-replace' | 'no-browser' | 'browser-ended' | 'not-written';

/** What the command line itself fails with; the message says what to do. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A command line that cannot be followed; the message says what to write instead. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';

  constructor(message: string, options?: { cause?: unknown }) {
    super('usage', message, options);
  }
}
