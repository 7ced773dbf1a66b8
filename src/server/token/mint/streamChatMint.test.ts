import fc from 'fast-check';
import { StreamChat, TokenManager, UserFromToken } from 'stream-chat';
import { describe, expect, test } from 'vitest';
import { streamChatMint } from './streamChatMint.ts';
import type { MintContext } from './types.ts';

const SECRET = 'k2j7d9w4mzq8x5v3b6n1c0t9r8y7u6i5p4o3a2s1d0f9g8h7j6k5l4z3x2c1v0b9';
const NOW = Date.parse('2026-03-01T12:00:00.700Z');

const context = (over: Partial<MintContext> = {}): MintContext => ({
  user: { id: 'ada' },
  ttlSeconds: 300,
  now: NOW,
  body: {},
  signal: new AbortController().signal,
  ...over,
});

describe('streamChatMint against stream-chat', () => {
  test('the same bytes as StreamChat.createToken(userId, exp, iat), whatever the id', async () => {
    const vendor = new StreamChat('api-key', SECRET);
    const mint = streamChatMint({ apiSecret: SECRET });
    const issuedAt = Math.floor(NOW / 1000);
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 }),
        fc.integer({ min: 15, max: 900 }),
        async (id, ttlSeconds) => {
          const { token, expiresInSeconds } = await mint(context({ user: { id }, ttlSeconds }));
          expect(token).toBe(vendor.createToken(id, issuedAt + ttlSeconds, issuedAt - 1));
          expect(expiresInSeconds).toBe(ttlSeconds);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('stream-chat’s own check of a token takes it for its person, and for nobody else', async () => {
    const { token } = await streamChatMint({ apiSecret: SECRET })(context());
    const manager = new TokenManager();
    await manager.setTokenOrProvider(token, { id: 'ada' });
    expect(UserFromToken(token)).toBe('ada');
    await expect(manager.setTokenOrProvider(token, { id: 'grace' })).rejects.toThrow(/not matching/);
  });

  test('iat is a second back, as Stream’s server SDK sets it, and exp is not', async () => {
    const { token } = await streamChatMint({ apiSecret: SECRET })(context());
    const claims = JSON.parse(atob(token.split('.')[1] ?? '')) as Record<string, unknown>;
    expect(claims).toEqual({
      user_id: 'ada',
      exp: Math.floor(NOW / 1000) + 300,
      iat: Math.floor(NOW / 1000) - 1,
    });
  });
});

describe('what is refused', () => {
  test.each([
    ['missing', undefined],
    ['blank', '   '],
    ['the word undefined', 'undefined'],
    ['with a line break at its end', `${SECRET}\n`],
    ['with a blank in it', 'two words'],
    ['a number', 42],
  ])('at creation: a secret that is %s', (_, apiSecret) => {
    expect(() => streamChatMint({ apiSecret: apiSecret as string })).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: expect.stringMatching(/streamChatMint: apiSecret .*dashboard/) as string,
      }),
    );
  });

  test.each([0, -1, NaN, Infinity])('a lifetime of %s s: never a token without an end', async (ttlSeconds) => {
    const minted = streamChatMint({ apiSecret: SECRET })(context({ ttlSeconds }));
    await expect(minted).rejects.toMatchObject({ code: 'token_ttl_too_short' });
  });
});
