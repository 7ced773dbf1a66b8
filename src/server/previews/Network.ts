import { Resolver } from 'node:dns/promises';
import { isPublicAddress } from './addresses.ts';

/** Each question, and how often it is put: a slow name server must not outlast a page's own time by much. */
const DNS_TIMEOUT_MS = 2_000;
const DNS_TRIES = 2;

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** How names become addresses, and which of them may be connected to: a port, so that a test can be the network. */
export interface Network {
  /** All addresses of a name. Rejects where it has none. */
  resolve(hostname: string): Promise<readonly ResolvedAddress[]>;
  isPublic(address: string): boolean;
}

/**
 * Asks the machine's name servers. Not its own `lookup`: that knows names which only this machine or its network has (`/etc/hosts`, search
 * domains), and it holds one of the few threads that also read files for as long as a stranger's name server takes.
 * @param servers default: the machine's
 */
export function createResolver(servers?: readonly string[]): Network['resolve'] {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = [...toAddresses(four, 4), ...toAddresses(six, 6)];
    if (addresses.length === 0 && four.status === 'rejected') throw four.reason;
    return addresses;
  };
}

/** A name that has addresses of the other kind alone is none of this one's, and that is no failure. */
function toAddresses(answer: PromiseSettledResult<string[]>, family: 4 | 6): ResolvedAddress[] {
  return answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : [];
}

export const systemNetwork: Network = { resolve: createResolver(), isPublic: isPublicAddress };
