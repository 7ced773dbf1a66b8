import { networkInterfaces } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { isPublicAddress } from './addresses.ts';
import { checkUrl } from './checkUrl.ts';
import type { Network, ResolvedAddress } from './Network.ts';
import type { RefusalReason } from './Refusal.ts';

const PUBLIC = '93.184.215.14';
const rules = { ports: [80, 443], allow: undefined };

function network(...addresses: string[]): Network & { resolve: ReturnType<typeof vi.fn> } {
  const found = addresses.map((address): ResolvedAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
  return { resolve: vi.fn(() => Promise.resolve(found)), isPublic: isPublicAddress };
}

async function reasonOf(
  url: string,
  at: Network = network(PUBLIC),
  given: Partial<Parameters<typeof checkUrl>[1]> = {},
) {
  try {
    await checkUrl(new URL(url), { ...rules, ...given }, at);
    return 'allowed';
  } catch (error) {
    return (error as { reason: RefusalReason }).reason;
  }
}

describe('what is asked', () => {
  it.each([
    ['http://example.com/'],
    ['https://example.com/a?b=c'],
    ['https://example.com:443/'],
    ['http://93.184.215.14/'],
    ['https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/'],
    ['https://münchen.example/'],
    ['https://local.example.com/'],
    ['https://notlocalhost.com/'],
  ])('%s', async (url) => {
    expect(await reasonOf(url)).toBe('allowed');
  });

  it('at the very addresses that were checked', async () => {
    const at = network(PUBLIC, '2606:2800:21f:cb07:6820:80da:af6b:8b2c');
    expect(await checkUrl(new URL('https://example.com/'), rules, at)).toEqual(await at.resolve(''));
  });
});

describe('what is refused unasked', () => {
  const hostile: [string, RefusalReason][] = [
    // Schemes
    ['ftp://example.com/', 'refused_scheme'],
    ['file:///etc/passwd', 'refused_scheme'],
    ['gopher://example.com:80/', 'refused_scheme'],
    ['javascript:alert(1)', 'refused_scheme'],
    ['data:text/html,x', 'refused_scheme'],
    ['ws://example.com/', 'refused_scheme'],
    // Credentials
    ['https://user@example.com/', 'refused_credentials'],
    ['https://user:pass@example.com/', 'refused_credentials'],
    ['https://example.com:443@127.0.0.1/', 'refused_credentials'],
    // Ports
    ['http://example.com:22/', 'refused_port'],
    ['http://example.com:6379/', 'refused_port'],
    ['https://example.com:8443/', 'refused_port'],
    // Names
    ['http://localhost/', 'refused_name'],
    ['http://LOCALHOST./', 'refused_name'],
    ['http://app.localhost/', 'refused_name'],
    ['http://printer.local/', 'refused_name'],
    ['http://metadata.google.internal/', 'refused_name'],
    ['http://router.home.arpa/', 'refused_name'],
    ['http://wiki.corp/', 'refused_name'],
    ['http://intranet/', 'refused_name'],
    ['http://kubernetes.default.svc.cluster.local/', 'refused_name'],
    ['http://hidden.onion/', 'refused_name'],
    // Loopback, in each of its spellings
    ['http://127.0.0.1/', 'refused_address'],
    ['http://127.1/', 'refused_address'],
    ['http://2130706433/', 'refused_address'],
    ['http://0x7f000001/', 'refused_address'],
    ['http://0177.0.0.1/', 'refused_address'],
    ['http://0x7f.1/', 'refused_address'],
    ['http://１２７.０.０.１/', 'refused_address'],
    ['http://127.0.0.1./', 'refused_address'],
    ['http://127.255.255.254/', 'refused_address'],
    ['http://[::1]/', 'refused_address'],
    ['http://[0:0:0:0:0:0:0:1]/', 'refused_address'],
    // Unspecified, broadcast, private, of a carrier
    ['http://0.0.0.0/', 'refused_address'],
    ['http://0/', 'refused_address'],
    ['http://[::]/', 'refused_address'],
    ['http://255.255.255.255/', 'refused_address'],
    ['http://10.0.0.1/', 'refused_address'],
    ['http://172.16.0.1/', 'refused_address'],
    ['http://172.31.255.255/', 'refused_address'],
    ['http://192.168.1.1/', 'refused_address'],
    ['http://100.64.0.1/', 'refused_address'],
    ['http://100.127.255.255/', 'refused_address'],
    ['http://[fc00::1]/', 'refused_address'],
    ['http://[fd12:3456::1]/', 'refused_address'],
    // Link-local, and what clouds tell their machines
    ['http://169.254.169.254/latest/meta-data/', 'refused_address'],
    ['http://169.254.170.2/', 'refused_address'],
    ['http://[fe80::1]/', 'refused_address'],
    ['http://[fd00:ec2::254]/', 'refused_address'],
    ['http://100.100.100.200/', 'refused_address'],
    ['http://192.0.0.192/', 'refused_address'],
    ['http://168.63.129.16/', 'refused_address'],
    // Multicast, reserved, documentation, benchmarks
    ['http://224.0.0.1/', 'refused_address'],
    ['http://239.255.255.250/', 'refused_address'],
    ['http://[ff02::1]/', 'refused_address'],
    ['http://240.0.0.1/', 'refused_address'],
    ['http://192.0.2.1/', 'refused_address'],
    ['http://198.18.0.1/', 'refused_address'],
    ['http://198.51.100.1/', 'refused_address'],
    ['http://203.0.113.1/', 'refused_address'],
    ['http://[2001:db8::1]/', 'refused_address'],
    ['http://[3fff::1]/', 'refused_address'],
    ['http://[100::1]/', 'refused_address'],
    ['http://[fec0::1]/', 'refused_address'],
    ['http://[5f00::1]/', 'refused_address'],
    // Those that wrap another
    ['http://[::ffff:127.0.0.1]/', 'refused_address'],
    ['http://[::ffff:10.0.0.1]/', 'refused_address'],
    ['http://[::ffff:8.8.8.8]/', 'refused_address'],
    ['http://[::127.0.0.1]/', 'refused_address'],
    ['http://[::ffff:0:127.0.0.1]/', 'refused_address'],
    ['http://[64:ff9b::7f00:1]/', 'refused_address'],
    ['http://[64:ff9b:1::7f00:1]/', 'refused_address'],
    ['http://[2002:7f00:1::]/', 'refused_address'],
    ['http://[2001:0:7f00:1::]/', 'refused_address'],
    ['http://192.88.99.1/', 'refused_address'],
  ];

  it.each(hostile)('%s: %s', async (url, reason) => {
    const at = network(PUBLIC);
    expect(await reasonOf(url, at)).toBe(reason);
    expect(at.resolve).not.toHaveBeenCalled();
  });

  it.each([
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['100.64.0.1'],
    ['0.0.0.0'],
    ['::1'],
    ['fe80::1%eth0'],
    ['fd00::1'],
    ['::ffff:192.168.0.1'],
    ['64:ff9b::a00:1'],
    ['2002:a00:1::1'],
    ['not an address'],
  ])('a name that means %s, also beside a public address', async (address) => {
    expect(await reasonOf('https://rebind.example/', network(address))).toBe('refused_address');
    expect(await reasonOf('https://rebind.example/', network(PUBLIC, address))).toBe('refused_address');
  });

  it('a name that means nothing', async () => {
    expect(await reasonOf('https://nothing.example/', network())).toBe('not_found');
    const failing = { ...network(), resolve: () => Promise.reject(new Error('ENOTFOUND')) };
    expect(await reasonOf('https://nothing.example/', failing)).toBe('not_found');
  });

  it('this machine’s own addresses, whatever they are', () => {
    const own = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []);
    expect(own.filter(isPublicAddress)).toEqual([]);
  });
});

describe('the app’s own rule', () => {
  it('refuses before the name is looked up, and cannot allow what is private', async () => {
    const at = network(PUBLIC);
    expect(await reasonOf('https://example.com/', at, { allow: (url) => url.host !== 'example.com' })).toBe(
      'refused_by_app',
    );
    expect(at.resolve).not.toHaveBeenCalled();
    expect(await reasonOf('http://127.0.0.1/', at, { allow: () => true })).toBe('refused_address');
  });

  it('refuses when it throws, and when it changes what it is given', async () => {
    expect(await reasonOf('https://example.com/', undefined, { allow: () => Promise.reject(new Error('x')) })).toBe(
      'refused_by_app',
    );
    const at = network(PUBLIC);
    const allow = (url: URL) => {
      url.hostname = 'elsewhere.example';
      return true;
    };
    expect(await reasonOf('https://example.com/', at, { allow })).toBe('allowed');
    expect(at.resolve).toHaveBeenCalledWith('example.com');
  });

  it('allows other ports by option only', async () => {
    expect(await reasonOf('http://example.com:8080/', undefined, { ports: [8080] })).toBe('allowed');
    expect(await reasonOf('http://example.com/', undefined, { ports: [8080] })).toBe('refused_port');
  });
});
