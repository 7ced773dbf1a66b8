import { describe, expect, it } from 'vitest';
import { createChatServer } from '../createChatServer.ts';
import type { ChatServerOptions } from '../types.ts';
import { clientAddress } from './clientAddress.ts';
import { DEFAULT_LIMITS, withDefaultLimits } from './limits.ts';
import { People } from './People.ts';

describe('limits', () => {
  it('what is not given has its default', () => {
    expect(withDefaultLimits()).toEqual(DEFAULT_LIMITS);
    expect(withDefaultLimits({ pingMs: 5, frameBurst: undefined })).toEqual({ ...DEFAULT_LIMITS, pingMs: 5 });
  });

  it.each([
    ['limits.frameBurst is -1', { limits: { frameBurst: -1 } }],
    ['limits.frameBurst is 0', { limits: { frameBurst: 0 } }],
    ['limits.pingMs is 1.5', { limits: { pingMs: 1.5 } }],
    ['limits.pingMs is 3000000000', { limits: { pingMs: 3_000_000_000 } }],
    ["limits.bufferedBytes is '1 MB'", { limits: { bufferedBytes: '1 MB' } }],
    ['limits.subscriptions is NaN', { limits: { subscriptions: NaN } }],
    ['limits.conectionsPerUser is none', { limits: { conectionsPerUser: 5 } }],
    ['limits.toString is none', { limits: { toString: 5 } }],
    ['limits must be an object', { limits: 5 }],
    ['trustProxy is true', { trustProxy: true }],
    ['trustProxy is -1', { trustProxy: -1 }],
  ])('%s is told at the start', (message, wrong) => {
    const options = { secret: 'x'.repeat(32), authenticate: () => null, database: ':memory:', ...wrong };
    expect(() => createChatServer(options as unknown as ChatServerOptions)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(message) as string }),
    );
  });
});

describe('G4 the address that counts', () => {
  it.each([
    ['the peer', '203.0.113.7', undefined, 0, '203.0.113.7'],
    ['what a client claims is not read', '203.0.113.7', '198.51.100.1', 0, '203.0.113.7'],
    ['one proxy', '10.0.0.1', '203.0.113.7', 1, '203.0.113.7'],
    ['one proxy, and a client that lies', '10.0.0.1', '198.51.100.1, 203.0.113.7', 1, '203.0.113.7'],
    ['two proxies', '10.0.0.1', '198.51.100.1, 203.0.113.7, 10.0.0.2', 2, '203.0.113.7'],
    ['fewer hops than expected', '10.0.0.1', '203.0.113.7', 3, '203.0.113.7'],
    ['a proxy that wrote nothing', '10.0.0.1', undefined, 1, '10.0.0.1'],
    ['a platform that tells no peer', undefined, '198.51.100.1, 203.0.113.7', 1, '203.0.113.7'],
    ['nobody knows', undefined, undefined, 0, null],
    ['IPv4 in IPv6', '::ffff:203.0.113.7', undefined, 0, '203.0.113.7'],
    ['IPv6: the network', '2001:db8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
    ['IPv6, shortened', '2001:db8::6', undefined, 0, '2001:db8:0:0::/64'],
    ['IPv6, padded', '2001:0db8:0:0:9::6', undefined, 0, '2001:db8:0:0::/64'],
    ['IPv6, local', 'fe80::1%eth0', undefined, 0, 'fe80:0:0:0::/64'],
    ['IPv6, this machine', '::1', undefined, 0, '0:0:0:0::/64'],
  ])('%s', (_, peer, forwardedFor, hops, expected) => {
    expect(clientAddress(peer, forwardedFor, hops)).toBe(expected);
  });
});

describe('G5 people', () => {
  it('who left and may send as much as ever is forgotten; who left an empty bucket is not', () => {
    const people = new People(withDefaultLimits({ userFrameBurst: 2, userFramesPerSecond: 1 }));
    const bucket = people.enter('ada', 0)!;
    expect(bucket.take(0)).toBe(0);
    expect(bucket.take(0)).toBe(0);
    people.leave('ada', 0);
    expect(people.enter('ada', 0)?.take(0)).toBe(1_000);
    people.leave('ada', 2_000);
    expect(people.enter('ada', 2_000)).not.toBe(bucket);
  });

  it('memory stays bounded however many people come and go, and nobody present is forgotten', () => {
    const people = new People(withDefaultLimits());
    const here = people.enter('here', 0)!;
    for (let n = 0; n < 100_000; n++) {
      people.enter(`u${n}`, n * 10)?.take(n * 10);
      people.leave(`u${n}`, n * 10);
    }
    expect(people.size).toBeLessThanOrEqual(10_001);
    expect(people.enter('here', 0)).toBe(here);
  });
});
