import { throwIfAborted, type PluginContext } from 'unflat/plugin';

/**
 * What a long loop calls between two pieces of its work: it tells the part done, 0..1, and gives the event loop a turn, so that a cancel can arrive.
 * @throws `signal.reason` when cancelled.
 */
export function pauses({ signal, progress }: Pick<PluginContext, 'signal' | 'progress'>): (fraction: number) => Promise<void> {
  return async (fraction) => {
    progress(fraction);
    await new Promise((resolve) => setTimeout(resolve));
    throwIfAborted(signal);
  };
}
