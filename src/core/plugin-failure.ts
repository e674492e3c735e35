import { UnflatError } from './unflat-error.ts';

/** What a plugin in its sandbox threw: the cause of the error that people see. Its stack has lines of the plugin's file and nothing else. */
export class PluginFailure extends Error {
  override readonly name = 'PluginFailure';

  /** @param places where in its file it failed, innermost first; at least one. */
  constructor(message: string, places: readonly string[]) {
    super(message);
    this.stack = places.map((place) => `  at ${place}`).join('\n');
  }
}

/** Where in its file a plugin failed, for its author: lines of text, innermost first. Undefined for any other error. */
export function pluginStack(error: unknown): string | undefined {
  // On its way from a worker it lost its class.
  const cause = error instanceof UnflatError && error.cause instanceof Error ? error.cause : undefined;
  return cause?.name === 'PluginFailure' ? cause.stack : undefined;
}
