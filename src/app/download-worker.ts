/**
 * Downloads what a person agreed to: a plugin's file from the address that they typed, a plugin's model, and what a plugin asks of the hosts that it may
 * reach. The only part of the app that may ask any host, and it does nothing else.
 */
import { toWire, type ModelRow } from '../core/index.ts';
import { ModelStore } from '../store/index.ts';
import type { AddressRequest, DownloadAnswer, DownloadRequest, DownloadedFile } from './download-request.ts';

/** Bytes between two words of how far it is. */
const TELL_BYTES = 2 ** 18;

const post = (answer: DownloadAnswer, transfer: Transferable[] = []): void => self.postMessage(answer, { transfer });

self.onmessage = async ({ data }: MessageEvent<DownloadRequest>): Promise<void> => {
  if (!('models' in data)) return fetchAddress(data);
  try {
    const files = await fetchModels(data.models);
    post(
      { files },
      files.map(({ bytes }) => bytes.buffer),
    );
  } catch (error) {
    post({ error: toWire(error) });
  }
};

/**
 * Models, in parts that a later try goes on from, until all of them are here. Those of another plugin, whose download was given up, go first.
 */
async function fetchModels(row: ModelRow): Promise<DownloadedFile[]> {
  const parts = new ModelStore({ name: 'unflat-plugin-downloads', download: { isOfPlugin: true } });
  for (const other of await parts.list()) if (other.row.id !== row.id) await parts.remove(other.row.id).catch(() => {}); // another window is at it
  await parts.fetch(row, { onProgress: ({ receivedBytes }) => post({ here: receivedBytes }) });
  const { files } = await parts.read(row.id);
  await parts.remove(row.id);
  return files;
}

async function fetchAddress({ address, mostBytes, isAsked }: AddressRequest): Promise<void> {
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
}

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
