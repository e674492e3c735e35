import { UnflatError } from '../core/index.ts';
import type { ReachedAnswer } from '../plugin-api/index.ts';

/** Has the command line ask an address for a plugin. @throws UnflatError `download-failed` that names the host. */
export async function askServer(server: URL, address: string, signal?: AbortSignal): Promise<ReachedAnswer> {
  const response = await fetch(server, { method: 'POST', body: address, ...(signal && { signal }) });
  if (!response.ok) throw new UnflatError('download-failed', `${new URL(address).host} gave a plugin no answer: ${await response.text()}.`);
  return { status: Number(response.headers.get('x-status')), bytes: new Uint8Array(await response.arrayBuffer()) };
}
