import { UnflatError } from '../core/index.ts';
import { createPluginDownloadWorker } from './create-worker.ts';
import { strings } from './strings.ts';

/**
 * Downloads a plugin's file.
 * @throws UnflatError `download-failed` that names the host.
 */
export async function downloadPlugin(address: string): Promise<Uint8Array> {
  const worker = createPluginDownloadWorker();
  try {
    const answer = await new Promise<{ bytes?: Uint8Array; why?: string }>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ bytes?: Uint8Array; why?: string }>) => resolve(data);
      worker.onerror = (event) => (event.preventDefault(), reject(new Error(event.message)));
      worker.postMessage(address);
    }).catch((error: unknown) => ({ bytes: undefined, why: String(error) }));
    if (answer.bytes) return answer.bytes;
    throw new UnflatError('download-failed', strings.plugins.notDownloaded(new URL(address).host, answer.why ?? ''));
  } finally {
    worker.terminate();
  }
}
