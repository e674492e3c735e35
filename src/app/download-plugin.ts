import { REACH_LIMITS, UnflatError } from '../core/index.ts';
import type { ReachedAnswer } from '../plugin-api/index.ts';
import { createPluginDownloadWorker } from './create-worker.ts';
import type { DownloadAnswer, DownloadRequest } from './download-request.ts';
import { strings } from './strings.ts';

/** Longest file of a plugin, in bytes. */
const MOST_PLUGIN_BYTES = 8 * 2 ** 20;

/**
 * Downloads a plugin's file.
 * @throws UnflatError `download-failed` that names the host.
 */
export async function downloadPlugin(address: string): Promise<Uint8Array> {
  return (await run({ address, mostBytes: MOST_PLUGIN_BYTES })).bytes;
}

/** Downloads a file of a plugin's model. @throws UnflatError `download-failed` that names the host. */
export async function downloadModel(address: string, mostBytes: number, onBytes: (bytes: number) => void): Promise<Uint8Array> {
  return (await run({ address, mostBytes }, { onBytes })).bytes;
}

/** Asks a host for a plugin, at an address that was checked. @throws UnflatError `download-failed`; `signal.reason` when cancelled. */
export function askForPlugin(address: string, signal?: AbortSignal): Promise<ReachedAnswer> {
  const late = AbortSignal.timeout(REACH_LIMITS.patienceMs);
  return run({ address, mostBytes: REACH_LIMITS.answerBytes, isAsked: true }, { signal: signal ? AbortSignal.any([signal, late]) : late });
}

async function run(
  request: DownloadRequest,
  { onBytes, signal }: { onBytes?: (bytes: number) => void; signal?: AbortSignal } = {},
): Promise<ReachedAnswer> {
  signal?.throwIfAborted();
  const worker = createPluginDownloadWorker();
  try {
    const answer = await new Promise<Exclude<DownloadAnswer, { here: number }>>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<DownloadAnswer>) => ('here' in data ? onBytes?.(data.here) : resolve(data));
      worker.onerror = (event) => (event.preventDefault(), resolve({ why: event.message }));
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.postMessage(request);
    });
    if ('bytes' in answer) return answer;
    throw new UnflatError('download-failed', strings.plugins.notDownloaded(new URL(request.address).host, answer.why));
  } finally {
    worker.terminate();
  }
}
