import { lookup } from 'node:dns/promises';
import { isPublicAddress } from './addresses.ts';

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

export const systemNetwork: Network = {
  async resolve(hostname) {
    const found = await lookup(hostname, { all: true, order: 'verbatim' });
    return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  },
  isPublic: isPublicAddress,
};
