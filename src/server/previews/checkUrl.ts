import { isIP } from 'node:net';
import type { Network, ResolvedAddress } from './Network.ts';
import type { CheckedPreviewOptions } from './options.ts';
import { Refusal } from './Refusal.ts';

/** Names that are never of the public internet: RFC 6761, 6762, 8375, ICANN's `.internal`, and what routers and offices make up. */
const PRIVATE_NAMES =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|onion|test|invalid)$/;
const SCHEME_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

export type UrlRules = Pick<CheckedPreviewOptions, 'ports' | 'allow'>;

/**
 * Whether the server may ask this address, and at which IP addresses: those that were checked, and no others. Asked for every step of the
 * way. One private address among public ones refuses them all.
 * @throws {Refusal}
 */
export async function checkUrl(url: URL, rules: UrlRules, network: Network): Promise<readonly ResolvedAddress[]> {
  const schemePort = SCHEME_PORTS[url.protocol];
  if (schemePort === undefined) throw new Refusal('refused_scheme');
  if (url.username !== '' || url.password !== '') throw new Refusal('refused_credentials');
  if (!rules.ports.includes(url.port === '' ? schemePort : Number(url.port))) throw new Refusal('refused_port');
  // The URL standard has made one spelling of each: 2130706433 and 0x7f.1 are 127.0.0.1 here.
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  if (family === 0 && (!host.includes('.') || PRIVATE_NAMES.test(host))) throw new Refusal('refused_name');
  if (family !== 0 && !network.isPublic(host)) throw new Refusal('refused_address');
  // Before the name is looked up: what it is called may be somebody's secret.
  if (!(await isAllowed(url, rules))) throw new Refusal('refused_by_app');
  if (family !== 0) return [{ address: host, family: family === 6 ? 6 : 4 }];
  const addresses = await network.resolve(host).catch((cause: unknown) => {
    throw new Refusal('not_found', { cause });
  });
  if (addresses.length === 0) throw new Refusal('not_found');
  if (!addresses.every(({ address }) => network.isPublic(address))) throw new Refusal('refused_address');
  return addresses;
}

async function isAllowed(url: URL, { allow }: UrlRules): Promise<boolean> {
  try {
    // A copy: the app may do with it what it likes.
    return (await allow?.(new URL(url))) !== false;
  } catch {
    return false;
  }
}
