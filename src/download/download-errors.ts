import { UnflatError, sizeWords } from '../core/index.ts';

/** What messages say about a download. */
export interface Fetched {
  label: string;
  url: string;
  received: number;
  total: number | null;
  /** It belongs to a plugin: nobody can add it by hand. */
  isOfPlugin?: boolean;
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

const failed = (message: string, cause?: unknown): UnflatError => new UnflatError('download-failed', message, { cause });

/** Nothing came at all: no connection, or a host that answers no web pages; a page is not told which. */
export function unreachable({ label, url, received, isOfPlugin }: Fetched, cause: unknown): UnflatError {
  const kept = received > 0 ? ` ${sizeWords(received)} from before are kept.` : '';
  const { navigator, document, WorkerGlobalScope } = globalThis as {
    navigator?: NavigatorOnLine;
    document?: unknown;
    WorkerGlobalScope?: unknown;
  };
  const isPage = document !== undefined || WorkerGlobalScope !== undefined;
  if (!isPage || navigator?.onLine === false) {
    return failed(`${label}: ${hostOf(url)} cannot be reached; check the connection and try again.${kept}`, cause);
  }
  return failed(
    `${label}: ${hostOf(url)} did not answer this page. Check the connection and try again; if other sites work, the address does not let web pages download it (CORS): ${
      isOfPlugin ? 'ask the plugin’s author' : `download ${url} by hand, then add the file here`
    }.${kept}`,
    cause,
  );
}

export function byHand({ label, url }: Pick<Fetched, 'label' | 'url'>): UnflatError {
  return failed(
    `${label}: ${hostOf(url)} does not let web pages download this file (CORS). Download ${url} by hand, then add the file here.`,
  );
}

export function brokenOff({ label, url, received, total }: Fetched, cause: unknown): UnflatError {
  const part =
    total === null
      ? sizeWords(received)
      : `${Math.min(99, Math.floor((received / total) * 100))} % (${sizeWords(received)} of ${sizeWords(total)})`;
  return failed(
    `${label}: the connection to ${hostOf(url)} broke off at ${part}. What was downloaded is kept; download again to resume.`,
    cause,
  );
}

export function refused({ label, url, isOfPlugin }: Fetched, status: number): UnflatError {
  const host = hostOf(url);
  if (status === 404 || status === 410)
    return failed(
      `${label}: ${host} no longer has this file (${status}). ${isOfPlugin ? 'Ask the plugin’s author.' : 'Choose another model, or add the file if you have it.'}`,
    );
  if (status === 401 || status === 403)
    return failed(
      `${label}: ${host} does not allow this file to be downloaded (${status}). ${
        isOfPlugin ? 'Ask the plugin’s author.' : `Choose another model, or download ${url} by hand and add the file.`
      }`,
    );
  return failed(`${label}: ${host} cannot answer right now (${status}); try again later.`);
}

export function notAModel({ label, url }: Fetched): UnflatError {
  return failed(
    `${label}: ${hostOf(url)} sent a web page or a text instead of the model, as sign-in pages of public Wi-Fi do. Open ${url} in a new tab to see it, then try again.`,
  );
}

export function tooLong({ label, url, total }: Fetched, length: number): UnflatError {
  return failed(
    `${label}: the file at ${hostOf(url)} has ${length} bytes or more instead of ${total ?? 0}: it has been replaced and is not used. Choose another model.`,
  );
}

export function changed({ label, url, received }: Fetched, sha256: string, wanted: string, isLearned: boolean): UnflatError {
  const found = `${received} bytes, SHA-256 ${sha256.slice(0, 12)}… instead of ${wanted.slice(0, 12)}…`;
  if (isLearned) {
    return failed(
      `${label}: the file at ${hostOf(url)} is not the one that was downloaded the first time (${found}); it was deleted. If you trust the new one, download ${url} by hand and add it as a model of your own.`,
    );
  }
  return failed(
    `${label}: ${hostOf(url)} sent another file than expected (${found}); it was deleted. Download again; if that does not help, choose another model.`,
  );
}
