import { throwIfAborted, UnflatError } from '../../core/index.ts';
import { LibHeifDecoder } from './lib-heif-decoder.ts';
import type { LibHeifFactory } from './libheif.ts';

let address: string | undefined;
let loaded: Promise<LibHeifDecoder> | undefined;
/** A browser may remember that a module could not be had; a mark at the end of the address makes it look again. */
let attempts = 0;

/** Says where the decoder lies: an ES module whose default export is a `LibHeifFactory`. It is loaded when first needed. */
export function setHeicDecoder(url: string): void {
  if (url === address) return;
  address = url;
  loaded = undefined;
}

/**
 * The decoder of this worker, for HEIC photos that the browser cannot read by itself.
 * @throws UnflatError `unreadable-image` that says for which file it is wanted, where it was looked for and what to do.
 */
export async function loadHeicDecoder(photo: string, signal: AbortSignal): Promise<LibHeifDecoder> {
  const url = address;
  if (url === undefined) throw missing(photo, 'this page has no decoder for it');
  const loading = (loaded ??= load(url));
  try {
    const decoder = await loading;
    throwIfAborted(signal);
    return decoder;
  } catch (cause) {
    if (loaded === loading) loaded = undefined;
    throwIfAborted(signal);
    attempts++;
    throw missing(photo, `the decoder for it is not at ${url} (${await reason(url, cause)})`, cause);
  }
}

async function load(url: string): Promise<LibHeifDecoder> {
  const module = (await import(/* @vite-ignore */ attempts ? `${url}#${attempts}` : url)) as { default?: LibHeifFactory };
  if (typeof module.default !== 'function') throw new Error('what lies there is another program');
  return new LibHeifDecoder(module.default);
}

async function reason(url: string, cause: unknown): Promise<string> {
  const answer = await fetch(url).catch(() => undefined);
  await answer?.body?.cancel();
  if (!answer) return 'it is out of reach';
  if (!answer.ok) return `the server answered ${answer.status}`;
  if (!/javascript/.test(answer.headers.get('content-type') ?? '')) return 'what lies there is no program';
  return cause instanceof Error ? cause.message : 'it could not be started';
}

function missing(photo: string, what: string, cause?: unknown): UnflatError {
  return new UnflatError(
    'unreadable-image',
    `${photo} is a HEIC photo, which this browser cannot read by itself, and ${what}. Check the connection and try again, or save the photo as JPEG (iPhone: Settings, Camera, Formats, Most Compatible). On your own page, copy the folder unflat-heic from the package as well.`,
    { cause },
  );
}
