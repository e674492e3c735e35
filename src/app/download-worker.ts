/**
 * Downloads what a person agreed to: a plugin's file from the address that they typed, a plugin's model, and what a plugin asks of the hosts that it may
 * reach. The only part of the app that may ask any host, and it does nothing else.
 */
import type { DownloadAnswer, DownloadRequest } from './download-request.ts';

/** Bytes between two words of how far it is. */
const TELL_BYTES = 2 ** 18;

const post = (answer: DownloadAnswer, transfer: Transferable[] = []): void => self.postMessage(answer, { transfer });

self.onmessage = async ({ data: { address, mostBytes, isAsked } }: MessageEvent<DownloadRequest>): Promise<void> => {
  try {
    const response = await fetch(address, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: isAsked ? 'error' : 'follow',
    });
    if (!response.ok && !isAsked) throw new Error(String(response.status));
    const bytes = await firstBytes(response, mostBytes + 1);
    post({ status: response.status, bytes }, [bytes.buffer]);
  } catch (error) {
    post({ why: error instanceof Error ? error.message : String(error) });
  }
};

/** No more than that is read, however much there is. */
async function firstBytes({ body }: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let told = 0;
  const reader = body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next?.value) break;
    parts.push(next.value);
    size += next.value.length;
    if (size >= told + TELL_BYTES) post({ here: (told = size) });
    if (size >= most) {
      await reader?.cancel();
      break;
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
