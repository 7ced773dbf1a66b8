import type { Clock } from '../clock.ts';
import { ChatToken } from './ChatToken.ts';
import { Age, instant, TokenLifetime } from './lifetime.ts';
import { readTokenResponse } from './token-response.ts';

/** A token in hand, with what is needed to share it. */
export interface HeldToken {
  token: ChatToken;
  life: TokenLifetime;
  lifetimeMs: number;
}

/** A token as another tab tells of it. */
export interface SharedToken {
  token: string;
  lifetimeMs: number;
  /** At most, by this tab's clocks. */
  ageMs: number;
}

/**
 * Judges another tab's token. Null for whatever is not certainly good, this person's, and newer than the last one, whether that is held
 * or was refused. A message never makes a token live longer than its own claims do.
 */
export function acceptShared(
  { token: raw, lifetimeMs: told, ageMs }: SharedToken,
  {
    clock,
    userId,
    last,
    lastLife,
  }: { clock: Clock; userId: string | undefined; last: ChatToken | null; lastLife: TokenLifetime | null },
): HeldToken | null {
  let claims;
  try {
    ({ claims } = readTokenResponse({ token: raw, expires_in: told / 1_000 }));
  } catch {
    return null;
  }
  if (userId !== undefined && (claims?.sub ?? userId) !== userId) return null;
  if (last?.raw() === raw || (claims?.iat ?? Infinity) < (last?.claims?.iat ?? -Infinity)) return null;
  const lifetimeMs = Math.min(told, ((claims?.exp ?? Infinity) - (claims?.iat ?? 0)) * 1_000);
  const now = instant(clock);
  const sentAt = { wall: now.wall - ageMs, mono: now.mono - ageMs };
  const life = new TokenLifetime(clock, new Age(clock, sentAt), lifetimeMs);
  if (life.usableFor() <= 0 || (lastLife && life.age() >= lastLife.age())) return null;
  const token = new ChatToken(raw, { claims, issuedAt: sentAt.wall, expiresAt: sentAt.wall + lifetimeMs });
  return { token, life, lifetimeMs };
}
