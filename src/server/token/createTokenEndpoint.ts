import { ChatError, type ChatErrorCode } from '../../protocol/index.ts';
import type { Authenticate, AuthenticatedUser, Logger } from '../types.ts';
import { isId, MAX_TTL_SECONDS, MIN_TTL_SECONDS, sessionIdOf } from './claims.ts';
import { corsHeaders, isCrossSite, preflight, provesScript } from './cross-site.ts';
import { signingKeys, type SigningOptions } from './keys.ts';
import { latchkitMint } from './latchkitMint.ts';
import { consoleLogger, redactingLogger } from './logger.ts';
import type { Mint, MintContext, MintedToken } from './mint/types.ts';
import { OriginPolicy } from './OriginPolicy.ts';
import { problem } from './problem.ts';
import { RateLimiter, type RateLimit } from './RateLimiter.ts';
import { readJsonBody } from './read-json-body.ts';
import type { Revocations } from './Revocations.ts';

/** A session that ends sooner than this counts as ended: a client could not renew so short a token. Seconds. */
const SHORTEST_LEFT_SECONDS = 5;
const RETRY_AFTER_MS = 2_000;

interface EndpointSettings {
  authenticate: Authenticate;
  /** Longest lifetime of a token in seconds, 15–900. Default 300. */
  ttl?: number;
  /** Default `latchkit`. */
  issuer?: string;
  /** Default `latchkit`. */
  audience?: string;
  /** Origins of pages other than the endpoint's own that may ask, exact. */
  allowedOrigins?: readonly string[];
  /** Per person and session. Default 60 in 60 s. */
  rateLimit?: RateLimit;
  /** Called before each token is given out; a rejection is answered 503. For the app's (or the chat server's) own record of the person. */
  onAuthenticated?: (user: AuthenticatedUser) => Promise<void> | void;
  /** Sessions and people whose tokens were taken back: a revoked session gets no new one (401). Default: none were. */
  revocations?: Revocations;
  logger?: Logger;
  /** Wall clock, ms since 1970. */
  now?: () => number;
}

/** Whose tokens are given out: LatchKit's own, signed by `secret` or `keys`, or another service's, made by `mint`. */
type TokenSource = (SigningOptions & { mint?: undefined }) | (Partial<SigningOptions> & { mint: Mint });

export type TokenEndpointOptions = EndpointSettings & TokenSource;

/**
 * The one place that mints: mount it beside the app's own sign-in as `POST /chat/token`. Answers
 * `{ token, token_type, expires_in, expires_at, server_time }` in seconds (since 1970 for the last two), with what else a `mint` wants to
 * say, or a problem document. The request's body is empty or a JSON object of at most 8 KB. Runs wherever `Request` and `Response` do.
 *
 * @throws {ChatError} at once: `secret_missing`, `secret_too_short`, `invalid_options`.
 */
export function createTokenEndpoint(options: TokenEndpointOptions): (request: Request) => Promise<Response> {
  const { authenticate, onAuthenticated, revocations, ttl = 300, now = Date.now } = options;
  const { rateLimit = { max: 60, windowMs: 60_000 } } = options;
  checkSettings(options, ttl, rateLimit);
  const mint = mintOf(options);
  const origins = new OriginPolicy(options.allowedOrigins);
  const logger = redactingLogger(options.logger ?? consoleLogger);
  const limiter = new RateLimiter(rateLimit);

  async function identify(request: Request): Promise<AuthenticatedUser | ChatErrorCode> {
    let user: Awaited<ReturnType<Authenticate>>;
    try {
      user = await authenticate(request);
    } catch (cause) {
      logger.error('authenticate() threw, so nobody can get a token. The browser is told 503 and tries again.', {
        cause,
      });
      return 'auth_unavailable';
    }
    if (!user) return 'unauthenticated';
    if (user === 'forbidden') return 'forbidden';
    if (!isId(user.id) || (user.sessionId !== undefined && !isId(user.sessionId))) {
      logger.error(
        'authenticate() returned an id or sessionId that cannot be used: 1–128 characters, no white space, none that is invisible.',
      );
      return 'internal';
    }
    return user;
  }

  /**
   * The moment that a new token counts from, whole seconds since 1970: now, or the next second when a revocation of this very
   * second would take it back again. Infinity for a revoked session.
   */
  async function issueTime(user: AuthenticatedUser): Promise<number> {
    const iat = Math.floor(now() / 1000);
    const before = (await revocations?.revokedBefore({ userId: user.id, sessionId: sessionIdOf(user) })) ?? 0;
    if (before === Number.MAX_SAFE_INTEGER) return Infinity;
    return Math.max(iat, Math.ceil(before / 1000));
  }

  async function answer(request: Request, headers: Headers): Promise<Response> {
    const body = await readJsonBody(request);
    if (body === 'too_large') return problem('bad_request', { status: 413, headers });
    if (body === 'malformed') return problem('bad_request', { headers });
    const user = await identify(request);
    if (user === 'auth_unavailable') return unavailable(user, headers);
    if (typeof user === 'string') return problem(user, { headers });

    const waitMs = limiter.take(`${user.id} ${sessionIdOf(user)}`, now());
    if (waitMs > 0) return unavailable('rate_limited', headers, waitMs);

    let iat: number;
    try {
      iat = await issueTime(user);
      await onAuthenticated?.(user);
    } catch (cause) {
      logger.error('Revocations or profiles could not be reached, so no token was given out.', { cause });
      return unavailable('auth_unavailable', headers);
    }
    const ttlSeconds = Math.min(ttl, Math.floor((user.sessionExpiresAt ?? Infinity) / 1000) - iat);
    // Not `ttlSeconds < …`: NaN from a broken sessionExpiresAt must not mint a token without an end.
    if (!(ttlSeconds >= SHORTEST_LEFT_SECONDS)) return problem('unauthenticated', { headers });

    // Some runtimes give a request no signal.
    const signal = (request.signal as AbortSignal | undefined) ?? new AbortController().signal;
    return give({ user, ttlSeconds, now: iat * 1000, body, signal }, headers);
  }

  async function give(context: MintContext, headers: Headers): Promise<Response> {
    let minted: MintedToken;
    try {
      minted = await mint(context);
    } catch (cause) {
      return refuse(cause, headers);
    }
    const { token, expiresInSeconds, fields } = minted;
    // No token outlives the app's own session: the browser asks again by then, whatever the service grants.
    const expiresIn = Math.floor(Math.min(expiresInSeconds, context.ttlSeconds));
    if (typeof token !== 'string' || token === '' || !(expiresIn >= 1)) {
      logger.error('mint() returned no token, or one that does not live for a second; the browser is told 500.');
      return problem('internal', { headers });
    }
    const issuedAt = Math.floor(now() / 1000);
    headers.set('content-type', 'application/json');
    headers.set('cache-control', 'no-store');
    return new Response(
      JSON.stringify({
        ...fields,
        token,
        token_type: 'Bearer',
        expires_in: expiresIn,
        expires_at: issuedAt + expiresIn,
        server_time: issuedAt,
      }),
      { headers },
    );
  }

  /** The browser is told code and status alone; why is for the log. */
  function refuse(cause: unknown, headers: Headers): Response {
    if (!ChatError.is(cause)) {
      logger.error('mint() threw, so nobody gets a token. The browser is told 503 and tries again.', { cause });
      return unavailable('auth_unavailable', headers);
    }
    const { code, status, retryable, retryAfterMs } = cause;
    if (status >= 500) logger.error('mint() could not make a token.', { cause });
    else logger.warn('mint() refused a request.', { cause });
    return retryable ? unavailable(code, headers, retryAfterMs, status) : problem(code, { status, headers });
  }

  return async function tokenEndpoint(request) {
    const headers = corsHeaders(request, origins);
    try {
      if (request.method === 'OPTIONS') return preflight(request, origins, headers);
      if (request.method !== 'POST') {
        headers.set('allow', 'POST, OPTIONS');
        return problem('method_not_allowed', { headers });
      }
      if (isCrossSite(request, origins)) return problem('cross_site_refused', { headers });
      if (!provesScript(request)) return problem('unsupported_media_type', { headers });
      return await answer(request, headers);
    } catch (cause) {
      logger.error('A token could not be minted.', { cause });
      return problem('internal', { headers });
    }
  };
}

function unavailable(code: ChatErrorCode, headers: Headers, waitMs = RETRY_AFTER_MS, status?: number): Response {
  headers.set('retry-after', String(Math.max(1, Math.ceil(waitMs / 1000))));
  return problem(code, { status, headers });
}

function mintOf(options: TokenEndpointOptions): Mint {
  const { mint, issuer = 'latchkit', audience = 'latchkit' } = options;
  if (mint === undefined) return latchkitMint(signingKeys(options), { issuer, audience });
  if (typeof mint === 'function') return mint;
  throw new ChatError('invalid_options', 'mint must be a function, such as streamChatMint({ … }) returns.');
}

function checkSettings({ authenticate }: EndpointSettings, ttl: number, rateLimit: RateLimit): void {
  if (typeof authenticate !== 'function') {
    throw new ChatError(
      'invalid_options',
      'authenticate must be a function that returns the signed-in person or null.',
    );
  }
  if (!Number.isInteger(ttl) || ttl < MIN_TTL_SECONDS || ttl > MAX_TTL_SECONDS) {
    throw new ChatError(
      'invalid_options',
      `ttl is ${ttl}; it must be a whole number of seconds from ${MIN_TTL_SECONDS} to ${MAX_TTL_SECONDS}. A token that lives longer cannot be taken back; a shorter one is renewed all the time.`,
    );
  }
  if (!(rateLimit.max >= 1 && rateLimit.windowMs >= 1)) {
    throw new ChatError('invalid_options', 'rateLimit needs max and windowMs of at least 1.');
  }
}
