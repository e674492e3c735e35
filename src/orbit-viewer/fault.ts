import { UnflatError } from '../core/index.ts';

/** What is wrong with a file, as the end of a sentence for people; `faultOf` adds the file's name and what to do. */
export class Fault extends Error {
  /** What to do, where saving or downloading the file again does not help. */
  readonly advice: string | undefined;

  constructor(reason: string, advice?: string) {
    super(reason);
    this.advice = advice;
  }
}

/** An error for people. @param error whatever reading that file threw. */
export function faultOf(error: unknown, name: string): UnflatError {
  if (error instanceof UnflatError) return error;
  if (error instanceof RangeError)
    return new UnflatError('out-of-memory', `${name} is too large for the memory of this device. Make it smaller in a 3D program.`, {
      cause: error,
    });
  const reason = error instanceof Error && error.message ? error.message.slice(0, 300).replace(/[.\s]+$/, '') : 'its data are damaged';
  const advice = error instanceof Fault ? error.advice : undefined;
  return new UnflatError(
    advice ? 'unsupported' : 'bad-scene',
    `${name} cannot be shown: ${reason}. ${advice ?? 'Save or download it again.'}`,
    {
      cause: error,
    },
  );
}
