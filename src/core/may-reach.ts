import { isPublicHost } from './is-public-host.ts';

/** What a host may answer a plugin: bytes at most, and so long it may take, in milliseconds. In the app and on the command line. */
export const REACH_LIMITS = { answerBytes: 32 * 2 ** 20, patienceMs: 30_000 } as const;

/** The parts of a URL that are looked at, as `URL` has them. */
type AddressParts = Record<'protocol' | 'hostname' | 'port' | 'username' | 'password', string>;

/** Whether a plugin may ask that address: https on its usual port, without a name or password in it, of a host of the internet that it was allowed. */
export function mayReach(
  { protocol, hostname, port, username, password }: AddressParts,
  isAllowed: (hostname: string) => boolean,
): boolean {
  return protocol === 'https:' && port === '' && username === '' && password === '' && isPublicHost(hostname) && isAllowed(hostname);
}
