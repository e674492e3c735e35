import { REACH_LIMITS, UnflatError, fromWire, type ModelRow } from '../core/index.ts';
import type { ReachedAnswer } from '../plugin-api/index.ts';
import { createPluginDownloadWorker } from './create-worker.ts';
import type { AddressRequest, DownloadAnswer, DownloadRequest } from './download-request.ts';
import { strings } from './strings.ts';

/** Longest file of a plugin, in bytes. */
const MOST_PLUGIN_BYTES = 8 * 2 ** 20;

/**
 * Downloads a plugin's file.
 * @throws UnflatError `download-failed` that names the host; `signal.reason` when cancelled.
 */
export async function downloadPlugin(address: string, signal: AbortSignal): Promise<Uint8Array> {
  return (await ask({ address, mostBytes: MOST_PLUGIN_BYTES }, { signal })).bytes;
}

/**
 * Downloads the files of a plugin's models, as built-in models are: what came before a break is kept, and a later try goes on behind it.
 * @returns the files by path. @throws UnflatError `download-failed`, `storage-full`; `signal.reason` when cancelled.
 */
export async function downloadModels(
  models: ModelRow,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const answer = await run({ models }, { onBytes, ...(signal && { signal }) });
  if ('files' in answer) return new Map(answer.files.map(({ path, bytes }) => [path, bytes]));
  throw 'error' in answer ? fromWire(answer.error) : new UnflatError('download-failed', strings.plugins.noDownloads);
}

/** Asks a host for a plugin, at an address that was checked. @throws UnflatError `download-failed`; `signal.reason` when cancelled. */
export function askForPlugin(address: string, signal?: AbortSignal): Promise<ReachedAnswer> {
  const late = AbortSignal.timeout(REACH_LIMITS.patienceMs);
  return ask({ address, mostBytes: REACH_LIMITS.answerBytes, isAsked: true }, { signal: signal ? AbortSignal.any([signal, late]) : late });
}

async function ask(request: AddressRequest, options: { signal?: AbortSignal } = {}): Promise<ReachedAnswer> {
  const answer = await run(request, options);
  if ('bytes' in answer) return answer;
  const why = 'why' in answer ? answer.why : '';
  throw new UnflatError('download-failed', strings.plugins.notDownloaded(new URL(request.address).host, why));
}

type End = Exclude<DownloadAnswer, { here: number }>;

async function run(
  request: DownloadRequest,
  { onBytes, signal }: { onBytes?: (bytes: number) => void; signal?: AbortSignal },
): Promise<End> {
  signal?.throwIfAborted();
  const worker = createPluginDownloadWorker();
  try {
    return await new Promise<End>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<DownloadAnswer>) => ('here' in data ? onBytes?.(data.here) : resolve(data));
      worker.onerror = (event) => (event.preventDefault(), resolve({ why: event.message }));
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
  }
}
