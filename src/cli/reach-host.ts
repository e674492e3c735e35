import { REACH_LIMITS, mayReach } from '../core/index.ts';
import { readBody } from './read-body.ts';

/** What a host answered. */
export interface HostAnswer {
  status: number;
  bytes: Uint8Array;
}

/**
 * Asks a host for a plugin. The page has looked at the address and counts; here stands the second lock: nobody but the hosts that the person
 * allowed is asked, by GET and https, without cookies, and only answers that any page on the web may read come back.
 * @param allowed names of hosts.
 * @throws Error that says why there is no answer; `signal.reason` when stopped.
 */
export async function reachHost(address: string, allowed: ReadonlySet<string>, signal: AbortSignal): Promise<HostAnswer> {
  const url = new URL(address);
  if (!mayReach(url, (hostname) => allowed.has(hostname))) throw new Error(`${url.host} was not allowed`);
  const response = await fetch(url, {
    redirect: 'error',
    credentials: 'omit',
    headers: { origin: 'null' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(REACH_LIMITS.patienceMs)]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
    throw new Error(cause?.code ?? cause?.message ?? message, { cause: error });
  });
  if (!['*', 'null'].includes(response.headers.get('access-control-allow-origin') ?? '')) {
    await response.body?.cancel();
    throw new Error('it does not send Access-Control-Allow-Origin: *');
  }
  const most = REACH_LIMITS.answerBytes;
  const bytes = await readBody(response, most);
  if (bytes.length > most) throw new Error(`it answered with more than ${most / 2 ** 20} MB`);
  return { status: response.status, bytes };
}
