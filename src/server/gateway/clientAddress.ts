import { isIPv6 } from 'node:net';

/** Groups of an IPv6 address that name the network; a single customer has all addresses within it. */
const NETWORK_GROUPS = 4;

/**
 * Where a request comes from, as a key to count by; null when nobody knows. Each proxy appends to `X-Forwarded-For` whom it was
 * asked by, so only as many entries from the end are believed as there are proxies of one's own: the rest is the client's writing.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | null | undefined,
  trustedProxies: number,
): string | null {
  const hops = trustedProxies === 0 || !forwardedFor ? [] : forwardedFor.split(',').map((hop) => hop.trim());
  const chain = peer === undefined ? hops : [...hops, peer];
  // Without a peer, as behind a platform's own fetch, the last entry is what the nearest proxy wrote.
  const back = peer === undefined ? trustedProxies - 1 : trustedProxies;
  const address = chain[Math.max(0, chain.length - 1 - back)];
  return address ? networkOf(address) : null;
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0');
  const network = [...groups, ...zeros, ...rest]
    .slice(0, NETWORK_GROUPS)
    .map((group) => parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
