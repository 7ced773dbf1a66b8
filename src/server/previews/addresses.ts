import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** Global unicast of IPv6 (RFC 4291, 2.4): the only eighth of it that is given out; all else is special. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Public by its number and private by its use, or newer than the library's table. */
const SPECIAL_V4 = [
  // What Azure tells its machines about themselves, and gives them keys by.
  '168.63.129.16/32',
].map((each) => ipaddr.IPv4.parseCIDR(each));
const SPECIAL_V6 = [
  '3fff::/20', // documentation, RFC 9637
].map((each) => ipaddr.IPv6.parseCIDR(each));

/**
 * Whether an address is one that everybody can reach: not private, loopback, link-local, of a carrier's NAT, multicast, unspecified,
 * reserved, of a cloud's metadata, nor one that wraps another (IPv4-mapped, NAT64, 6to4, Teredo), nor this machine's own.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  const isSpecial =
    parsed.kind() === 'ipv4'
      ? SPECIAL_V4.some((range) => (parsed as ipaddr.IPv4).match(range))
      : !(parsed as ipaddr.IPv6).match(GLOBAL_UNICAST) ||
        SPECIAL_V6.some((range) => (parsed as ipaddr.IPv6).match(range));
  return !isSpecial && !isOwn(parsed.toNormalizedString());
}

/** A service that listens on this machine's public address may trust who asks from there. */
function isOwn(address: string): boolean {
  return Object.values(networkInterfaces()).some((each) =>
    each?.some((own) => ipaddr.isValid(own.address) && ipaddr.parse(own.address).toNormalizedString() === address),
  );
}
