import { systemClock, type Clock, type FetchToken, type TokenClaims } from '../client/index.ts';
import type { ChatError, ChatErrorCode } from '../protocol/index.ts';
import { toChatError } from './fake-errors.ts';

export interface FakeTokenOptions {
  /** Becomes `sub`. */
  userId: string;
  /** Lifetime in seconds. Default 300. */
  ttlSeconds?: number;
  /** Time of issue, ms since 1970. Default: now. */
  now?: number;
  /** Added to the claims, or in their place. */
  claims?: TokenClaims;
}

export interface FakeFetchTokenOptions extends Omit<FakeTokenOptions, 'now'> {
  /** Default: the system's. */
  clock?: Clock;
  /** Time before each answer, ms. Default 0. */
  latencyMs?: number;
  /** Goes wrong instead: refused with a code or an error, or never answered (until the caller gives up). */
  fault?: 'never-answers' | ChatErrorCode | ChatError;
}

const DEFAULT_TTL_SECONDS = 300;

/**
 * A token shaped like a real one (a JWT with LatchKit's claims) and signed by nobody: a client can read it, no server
 * accepts it. The same input gives the same token.
 */
export function createFakeToken({
  userId,
  ttlSeconds = DEFAULT_TTL_SECONDS,
  now = Date.now(),
  claims,
}: FakeTokenOptions): string {
  const iat = Math.floor(now / 1000);
  const payload: TokenClaims = {
    iss: 'latchkit',
    aud: 'latchkit',
    sub: userId,
    sid: `session-of-${userId}`,
    jti: `${userId}-${iat}`,
    iat,
    exp: iat + ttlSeconds,
    scope: 'chat',
    ...claims,
  };
  // A signature must be there for the shape; these letters say that it is none.
  return `${encode({ alg: 'none', typ: 'chat+jwt' })}.${encode(payload)}.unsigned`;
}

/** A token endpoint for tests: each call gives a new fake token (`jti` counts up), or goes wrong as `fault` says. */
export function createFakeFetchToken(options: FakeFetchTokenOptions): FetchToken {
  const { clock = systemClock, latencyMs = 0, fault, ttlSeconds = DEFAULT_TTL_SECONDS, userId, claims } = options;
  let minted = 0;
  return async ({ signal }) => {
    await pause(clock, fault === 'never-answers' ? null : latencyMs, signal);
    if (fault !== undefined && fault !== 'never-answers') throw toChatError(fault);
    minted++;
    const token = createFakeToken({
      userId,
      ttlSeconds,
      now: clock.now(),
      claims: { jti: `${userId}-${minted}`, ...claims },
    });
    return { token, expires_in: ttlSeconds };
  };
}

/** Waits `ms`, or for ever where null; rejects as soon as the caller gives up, as `fetch` does. */
function pause(clock: Clock, ms: number | null, signal: AbortSignal): Promise<void> {
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const cancel = ms === null ? undefined : clock.setTimer(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        cancel?.();
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}

function encode(value: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
