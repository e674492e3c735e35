import { UnflatError } from '../core/index.ts';

/**
 * Fetches a file by its address.
 * @param what what it is to the person: 'photo', 'depth map'.
 * @throws UnflatError `io` naming the address, why it cannot be had and what to do, `not-an-image` for a drawing; `signal.reason` when cancelled.
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
    response = await fetched(url, signal);
    blob = await response.blob();
  } catch (cause) {
    signal.throwIfAborted();
    throw new UnflatError('io', `The ${what} at ${short(url.href)} cannot be fetched: ${reason(url)}`, { cause });
  }
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw new UnflatError('io', `The ${what} at ${short(url.href)} cannot be fetched: the server answered ${status}. Check the address.`);
  }
  const start = await blob.slice(0, 500).text();
  const isMarkup = /^\s*</.test(start);
  if (isMarkup && (/html/.test(blob.type) || /<(!doctype )?html/i.test(start))) {
    throw new UnflatError(
      'io',
      `The ${what} at ${short(url.href)} cannot be used: the server sent a web page in its place. Check the address.`,
    );
  }
  if (isMarkup && start.includes('<svg'))
    throw new UnflatError('not-an-image', `The ${what} at ${short(url.href)} is an SVG drawing. Save it as JPEG or PNG.`);
  return new File([blob], nameOf(url, what), { type: blob.type });
}

/** Whether that address is of another site, which must allow reading; a page in a sandbox has no site of its own. */
export function isForeign(url: URL): boolean {
  return /^https?:$/.test(url.protocol) && url.origin !== origin;
}

/**
 * Some servers (S3 among them) allow reading only where the request says which page asks. What an image of the page
 * brought into the browser's cache has no such word, and another answer would be given anew: so it is asked for once more.
 */
function fetched(url: URL, signal: AbortSignal): Promise<Response> {
  const again = (error: unknown): Promise<Response> => {
    signal.throwIfAborted();
    if (!isForeign(url)) throw error;
    return fetch(url, { signal, cache: 'reload' });
  };
  return fetch(url, { signal }).catch(again);
}

/** The browser does not tell why, but from where is known. */
function reason(url: URL): string {
  if (url.protocol === 'file:')
    return 'browsers let no page read files of the disk. Serve the folder and open its http address: npx serve.';
  if (!isForeign(url)) return 'the server is out of reach. Check the address and the connection.';
  return `${url.host} is out of reach or does not let pages of ${origin === 'null' ? 'a sandboxed frame' : location.host} read it (CORS). Serve it from your own site, or have it sent with Access-Control-Allow-Origin.`;
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
