import { UnflatError } from '../core/index.ts';

/** The plugin's answer cannot be used. @param what completes “returned …”. */
export function answerError(label: string, what: string): UnflatError {
  return new UnflatError('bad-plugin', `The plugin “${label}” returned ${what}. Choose something else, or tell its author.`);
}
