import { UnflatError } from '../core/index.ts';
import type { PluginManifest } from '../plugin-api/index.ts';

/** What an error calls a plugin. */
export type NamedPlugin = Pick<PluginManifest, 'id' | 'label'>;

/** The plugin's answer cannot be used. @param what completes “returned …”. */
export function answerError({ id, label }: NamedPlugin, what: string): UnflatError {
  return new UnflatError('bad-plugin', `The plugin “${label}” (${id}) returned ${what}. Choose something else, or tell its author.`);
}
