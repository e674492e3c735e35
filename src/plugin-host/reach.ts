import { REACH_LIMITS, UnflatError, mayReach } from '../core/index.ts';
import type { PluginManifest, ReachedAnswer } from '../plugin-api/index.ts';
import { asRecord } from './as-record.ts';

/** Asks an address for a plugin. */
export type Reach = (address: string, signal?: AbortSignal) => Promise<ReachedAnswer>;

const MOST_CHARACTERS = 4000;
const MOST_A_MINUTE = 120;

/**
 * A plugin's way to the hosts that its manifest names. The sandbox itself reaches nobody: the page asks in its place, so that each address is looked
 * at, none but these hosts is asked (also not by way of another: redirects fail), no cookie goes along, and what is asked is counted.
 * @param ask does it, for addresses that were checked; fails at a redirect.
 */
export function reachFor({ label, hosts }: PluginManifest, ask: Reach): Reach {
  const times: number[] = [];
  return async (address, signal) => {
    const refuse = (why: string): never => {
      throw new UnflatError('bad-plugin', `The plugin “${label}” ${why}.`);
    };
    const url =
      address.length <= MOST_CHARACTERS && URL.canParse(address) ? new URL(address) : refuse('asked for no address that may be asked');
    if (!mayReach(url, (hostname) => hosts.includes(hostname)))
      return refuse(`may not ask ${url.host.slice(0, 100)}: it may reach ${hosts.join(', ') || 'nobody'}`);
    const now = Date.now();
    while (times[0] !== undefined && times[0] < now - 60_000) times.shift();
    if (times.length >= MOST_A_MINUTE) return refuse(`asks its hosts more than ${MOST_A_MINUTE} times a minute`);
    times.push(now);
    const { status, bytes } = asRecord(await ask(url.href, signal));
    if (!(bytes instanceof Uint8Array) || bytes.length > REACH_LIMITS.answerBytes || typeof status !== 'number')
      throw new UnflatError('io', `${url.host} gave no answer of at most ${REACH_LIMITS.answerBytes / 2 ** 20} MB.`);
    return { status, bytes };
  };
}
