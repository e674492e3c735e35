import { UnflatError } from '../core/index.ts';

/**
 * Fetches a file by its address.
 * @param what what it is to the person: 'photo', 'depth map'.
 * @throws UnflatError `io` naming the address, why it cannot be had and what to do; `signal.reason` when cancelled.
 */
export async function fetchFile(address: string, what: string, signal: AbortSignal): Promise<File> {
  let url: URL;
  try {
    url = new URL(address, document.baseURI);
  } catch (cause) {
    throw new UnflatError('io', `The address of the ${what}, “${short(address)}”, is not a valid one; correct it.`, { cause });
  }
  let response: Response;
  let blob: Blob;
  try {
    response = await fetch(url, { signal });
    blob = await response.blob();
  } catch (cause) {
    signal.throwIfAborted();
    throw new UnflatError('io', `The ${what} at ${short(url.href)} cannot be fetched: ${reason(url)}`, { cause });
  }
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw new UnflatError('io', `The ${what} at ${short(url.href)} cannot be fetched: the server answered ${status}. Check the address.`);
  }
  return new File([blob], nameOf(url, what), { type: blob.type });
}

/** The browser does not tell why, but from where is known. */
function reason(url: URL): string {
  if (url.origin === location.origin || url.protocol === 'data:' || url.protocol === 'blob:') return 'the server is out of reach. Check the address and the connection.';
  return `${url.host} is out of reach or does not let pages of ${location.host} read it (CORS). Serve it from your own site, or have it sent with Access-Control-Allow-Origin.`;
}

function nameOf(url: URL, what: string): string {
  const last = url.protocol.startsWith('http') ? url.pathname.split('/').at(-1) : '';
  if (!last) return what;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function short(address: string): string {
  return address.length > 200 ? `${address.slice(0, 200)}…` : address;
}
