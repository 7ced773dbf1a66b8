import type { ChatToken, TokenClaims } from '../../index.ts';
import type { ChatEventEntry } from '../../client/index.ts';

/** The manager renews in this part of the life; where exactly is drawn by lot for each token, so that tabs do not renew together. */
const REFRESH_FROM = 0.7;
const REFRESH_TO = 0.8;

/** One token's life at a moment, in ms since it was asked for. */
export interface TokenLife {
  lifetime: number;
  age: number;
  /** Between these two it is renewed. */
  refreshFrom: number;
  refreshTo: number;
  /** From here on it is no longer used, so that it is still good when it arrives. */
  usableUntil: number;
}

export function tokenLife({ issuedAt, expiresAt }: Pick<ChatToken, 'issuedAt' | 'expiresAt'>, now: number): TokenLife {
  const lifetime = expiresAt - issuedAt;
  const usableUntil = lifetime - Math.max(1_000, Math.min(5_000, 0.1 * lifetime));
  return {
    lifetime,
    age: Math.max(0, now - issuedAt),
    refreshFrom: Math.min(usableUntil, REFRESH_FROM * lifetime),
    refreshTo: Math.min(usableUntil, REFRESH_TO * lifetime),
    usableUntil,
  };
}

/** How far the server's clock is ahead of this device's (negative: behind), ms: somewhere between the two. */
export interface ClockOffset {
  min: number;
  max: number;
}

/**
 * The server wrote `iat`, in whole seconds, at some moment between the request and the arrival of the answer. Null where that is
 * not known: an opaque token, or one whose arrival the log no longer has.
 */
export function clockOffset(
  token: { issuedAt: number; claims: Readonly<TokenClaims> | null },
  entries: readonly ChatEventEntry[],
): ClockOffset | null {
  const iat = token.claims?.iat;
  const arrival = entries.findLast(({ event }) => event.type === 'token' || event.type === 'adopted')?.at;
  if (iat === undefined || arrival === undefined || arrival < token.issuedAt) return null;
  return { min: iat * 1_000 - arrival, max: iat * 1_000 + 999 - token.issuedAt };
}
