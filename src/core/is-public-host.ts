/**
 * Names that lead no further than a device, its local network or its provider's machines, by their ends: those that are reserved (RFC 6761, 6762, 7686,
 * 8375, 9476), and what routers, companies and clouds use besides.
 */
const LOCAL_ENDS = [
  ...['localhost', 'local', 'localdomain', 'lan', 'home', 'homenet', 'internal', 'intranet', 'private', 'corp', 'domain', 'workgroup'],
  ...['router', 'gateway', 'dhcp', 'arpa', 'test', 'example', 'invalid', 'onion', 'alt', 'ip', 'fritz.box'],
] as const;
const NAME = /^(?=.{4,100}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** Whether that is the name of a host of the internet, in lower case: no address in figures, no name of one word, none of a local network. */
export function isPublicHost(name: string): boolean {
  return NAME.test(name) && !LOCAL_ENDS.some((end) => name.endsWith(`.${end}`) || name === end);
}
