/** Downloads the file of a plugin from the address that a person typed: the only part of the app that may ask any host, and it does nothing else. */

/** Longest file of a plugin, in bytes. */
const MOST_BYTES = 8 * 2 ** 20;

self.onmessage = async ({ data }: MessageEvent<string>): Promise<void> => {
  try {
    const response = await fetch(data, { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' });
    if (!response.ok) throw new Error(String(response.status));
    const bytes = await firstBytes(response, MOST_BYTES + 1);
    self.postMessage({ bytes }, [bytes.buffer]);
  } catch (error) {
    self.postMessage({ why: error instanceof Error ? error.message : String(error) });
  }
};

/** No more than that is read, however much there is. */
async function firstBytes({ body }: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next?.value) break;
    parts.push(next.value);
    size += next.value.length;
    if (size >= most) {
      await reader?.cancel();
      break;
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
