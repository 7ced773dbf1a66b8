import { describe, expect, it, test } from 'vitest';
// The schedule itself, which these devtools describe: they must not drift apart.
import { Age, safetyMargin, TokenLifetime } from '../../client/auth/lifetime.ts';
import type { ChatEventEntry } from '../../client/index.ts';
import { FakeClock } from '../../testing/index.ts';
import { clockOffset, tokenLife } from './token-life.ts';
import { span } from './words.ts';

const NOW = Date.UTC(2026, 0, 1);

test.each([6_000, 15_000, 60_000, 300_000, 2_592_000_000])('a life of %i ms is drawn as the manager lives it', (ms) => {
  const drawn = tokenLife({ issuedAt: NOW, expiresAt: NOW + ms }, NOW);
  expect(drawn.usableUntil).toBe(ms - safetyMargin(ms));
  const refreshAt = (chance: number) => {
    const clock = Object.assign(new FakeClock({ now: NOW }), { random: () => chance });
    return new TokenLifetime(clock, new Age(clock), ms).refreshIn();
  };
  expect(drawn.refreshFrom).toBeCloseTo(refreshAt(0));
  expect(drawn.refreshTo).toBeCloseTo(refreshAt(1));
});

describe('the server’s clock', () => {
  const arrived = (at: number): ChatEventEntry[] => [
    { id: 1, at, event: { type: 'token', reason: 'initial', lifetimeMs: 60_000 } },
    { id: 2, at: at + 5, event: { type: 'connection', status: 'connected', error: null } },
  ];
  const token = (iat: number) => ({ issuedAt: NOW + 400, claims: { iat } });

  it.each([0, -600, 600, 86_400, -31_536_000])('is ahead by %i s within what can be known', (ahead) => {
    const mintedAt = NOW + 700 + ahead * 1_000;
    const offset = clockOffset(token(Math.floor(mintedAt / 1_000)), arrived(NOW + 900));
    expect(offset?.min).toBeLessThanOrEqual(ahead * 1_000);
    expect(offset?.max).toBeGreaterThanOrEqual(ahead * 1_000);
    expect((offset?.max ?? 0) - (offset?.min ?? 0)).toBe(1_499); // a second, and the half-second's trip
  });

  it('is not known of an opaque token, nor when its arrival is no longer in the log', () => {
    expect(clockOffset({ issuedAt: NOW, claims: null }, arrived(NOW + 900))).toBeNull();
    expect(clockOffset(token(NOW / 1_000), [])).toBeNull();
    expect(clockOffset(token(NOW / 1_000), arrived(NOW + 100))).toBeNull();
  });
});

test.each([
  [380, '380 ms'],
  [-380, '380 ms'],
  [1_000, '1 s'],
  [252_000, '4 min 12 s'],
  [3_600_000, '1 h'],
  [3_605_000, '1 h'],
  [93_600_000, '1 d 2 h'],
])('%i ms are said as %s', (ms, words) => {
  expect(span(ms)).toBe(words);
});
