import type { UnflatErrorCode } from '../core/index.ts';
import type { ReachedAnswer } from '../plugin-api/index.ts';
import type { PluginDescription } from './check-description.ts';

/** An installed plugin as a pipeline's worker needs to know it. */
export interface ListedPlugin extends PluginDescription {
  /** SHA-256 of the plugin's file: results are kept under it. */
  sha256: string;
}

/** From a pipeline's worker to its page: a sandbox is wanted, at whose other end is that port, or no longer. */
export type ToPluginHost =
  | { type: 'open'; id: string; sandbox: number; port: MessagePort }
  | { type: 'close'; sandbox: number }
  | { type: 'reach'; id: string; ask: number; address: string };

/** The way back: what is installed and enabled, and that a sandbox could not be started or ended. */
export type FromPluginHost =
  | { type: 'list'; list: readonly ListedPlugin[] }
  | { type: 'ended'; sandbox: number; why: string }
  | { type: 'reached'; ask: number; answer?: ReachedAnswer; error?: { code: UnflatErrorCode; message: string } };

/** What a pipeline's worker gets when it starts. */
export interface SandboxLink {
  port: MessagePort;
  list: readonly ListedPlugin[];
}
